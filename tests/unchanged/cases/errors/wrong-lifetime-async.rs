//! A reference that may not be returned, in an async function.
use otel_runtime::traced;

#[traced]
async fn pick<'a>(x: &'a str, y: &str) -> &'a str {
    if x.is_empty() { y } else { x }
}
pub fn main() {}
