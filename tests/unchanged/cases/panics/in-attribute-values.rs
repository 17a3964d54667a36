//! A value of the attribute that panics is no panic of the function.
use otel_runtime::traced;

#[traced(attrs(first = items[0]))]
fn first(items: &[u64]) -> usize {
    items.len()
}

pub fn main() {
    println!("{} {}", first(&[1]), first(&[]));
}
