//! Attributes that are parts of what an argument points to.
use otel_runtime::traced;

#[traced(attrs(prefix = %key[..3]))]
fn prefix(key: &str) -> usize {
    key.len()
}
#[traced(attrs(who = %*name))]
fn target(name: Box<str>) -> usize {
    name.len()
}
#[traced(attrs(list = ?items[1..]))]
fn tail(items: &[u8]) -> usize {
    items.len()
}

pub fn main() {
    println!("{} {} {}", prefix("abcd"), target("x".into()), tail(&[1, 2]));
}
