//! `?` of an error that does not become the async function's.
use otel_runtime::traced;

#[traced]
async fn number(text: &str) -> Result<u8, u8> {
    let number = text.parse::<u8>()?;
    Ok(number)
}
pub fn main() {}
