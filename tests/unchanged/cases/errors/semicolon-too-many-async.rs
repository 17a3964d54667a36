//! A semicolon behind the last expression of an async function.
use otel_runtime::traced;

#[traced]
async fn number(id: u8) -> u8 {
    id + 1;
}
pub fn main() {}
