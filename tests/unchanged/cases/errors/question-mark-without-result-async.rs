//! `?` in an async function that returns no `Result`.
use otel_runtime::traced;

#[traced]
async fn number(text: &str) -> u8 {
    text.parse::<u8>()?
}
pub fn main() {}
