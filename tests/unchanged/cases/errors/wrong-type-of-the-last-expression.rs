//! A last expression of another type is told at the expression.
use otel_runtime::traced;

#[traced]
fn number() -> u8 {
    "text"
}
pub fn main() {}
