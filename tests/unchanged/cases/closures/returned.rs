//! A closure that is returned has its types from the signature.
use otel_runtime::traced;

#[traced]
fn adder(n: u64) -> impl Fn(u64) -> u64 {
    move |x| x + n
}
#[traced]
fn length() -> impl Fn(&str) -> usize {
    |text| text.len()
}

pub fn main() {
    println!("{} {}", adder(1)(2), length()("abc"));
}
