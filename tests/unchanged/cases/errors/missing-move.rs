//! A closure that outlives what it borrows is told at the closure.
use otel_runtime::traced;

#[traced]
fn spawned(text: String) {
    std::thread::spawn(|| println!("{text}"));
}
pub fn main() {}
