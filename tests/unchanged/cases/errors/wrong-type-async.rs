//! A last expression of another type, in an async function.
use otel_runtime::traced;

#[traced]
async fn number() -> u8 {
    "text"
}
pub fn main() {}
