//! A trait that is called `Stream` and is another one.
use otel_runtime::traced;

mod io {
    pub trait Stream {
        fn read(&mut self) -> u8;
    }
    pub struct File;
    impl Stream for File {
        fn read(&mut self) -> u8 {
            1
        }
    }
}
use io::Stream;

#[traced]
fn open() -> impl Stream {
    io::File
}

pub fn main() {
    println!("{}", open().read());
}
