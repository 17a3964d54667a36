//! A semicolon behind the last expression.
use otel_runtime::traced;

#[traced]
fn number(id: u8) -> u8 {
    id + 1;
}
pub fn main() {}
