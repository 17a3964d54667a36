//! A panic while it panics aborts.
use otel_runtime::traced;

struct Bad;
impl Drop for Bad {
    #[traced]
    fn drop(&mut self) {
        panic!("in drop");
    }
}

#[traced]
fn twice() {
    let _bad = Bad;
    println!("twice");
    panic!("first");
}

pub fn main() {
    twice();
}
