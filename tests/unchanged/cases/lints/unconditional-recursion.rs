//! A function that can only call itself is warned about.
use otel_runtime::traced;

#[traced]
fn forever(n: u64) -> u64 {
    forever(n + 1)
}
#[traced]
fn fallible(n: u64) -> Result<u64, String> {
    Ok(fallible(n)? + 1)
}

#[traced]
fn used() {}

pub fn main() {
    used();
    println!("done");
}
