//! A closure that outlives what it borrows is told at the closure, spawns left alone.
use otel_runtime::traced;

#[traced(carry = false)]
fn spawned(text: String) {
    std::thread::spawn(|| println!("{text}"));
}
pub fn main() {}
