//! `?` in a function that returns no `Result`.
use otel_runtime::traced;

#[traced]
fn number(text: &str) -> u8 {
    text.parse::<u8>()?
}
pub fn main() {}
