//! A panic has its message and its place, and ends the program.
use otel_runtime::traced;

#[traced(attrs(id))]
fn find(id: u64) -> u64 {
    assert!(id < 3, "no item {id}");
    id
}

pub fn main() {
    println!("{}", find(2));
    println!("{}", find(4));
}
