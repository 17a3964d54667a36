//! Functions that call themselves and one another, to some depth.
use otel_runtime::traced;

#[traced(attrs(n))]
fn factorial(n: u64) -> u64 {
    if n < 2 { 1 } else { n * factorial(n - 1) }
}
#[traced]
fn even(n: u32) -> bool {
    n == 0 || odd(n - 1)
}
#[traced]
fn odd(n: u32) -> bool {
    n != 0 && even(n - 1)
}
#[traced]
fn depth(text: &str) -> Result<usize, String> {
    match text.strip_prefix('(') {
        Some(rest) => Ok(depth(rest)? + 1),
        None if text.starts_with(')') => Ok(0),
        None => Err(text.to_owned()),
    }
}

pub fn main() {
    println!("{} {} {:?} {:?}", factorial(10), even(301), depth("((()))"), depth("((x"));
}
