//! `?` of an error that does not become the function's.
use otel_runtime::traced;

#[traced]
fn number(text: &str) -> Result<u8, u8> {
    Ok(text.parse::<u8>()?)
}
pub fn main() {}
