//! A reference that may not be returned is told at the parameter or at the value.
use otel_runtime::traced;

#[traced]
fn pick<'a>(x: &'a str, y: &str) -> &'a str {
    if x.is_empty() { y } else { x }
}
pub fn main() {}
