//! A module of the program's own that is called `tokio`.
use otel_runtime::traced;

mod tokio {
    pub fn spawn<F: FnOnce() -> u8>(f: F) -> u8 {
        f()
    }
}

#[traced]
fn spawned() -> u8 {
    tokio::spawn(|| 3)
}

pub fn main() {
    println!("{}", spawned());
}
