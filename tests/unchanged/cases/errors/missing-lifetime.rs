//! A result with a lifetime that nobody names.
use otel_runtime::traced;

#[traced]
fn which(a: &str, b: &str) -> &str {
    if a.is_empty() { b } else { a }
}
pub fn main() {}
