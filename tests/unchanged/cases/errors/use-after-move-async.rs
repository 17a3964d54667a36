//! A value that is used after it was moved, in an async function.
use otel_runtime::traced;

#[traced]
async fn later(text: String) -> usize {
    drop(text);
    text.len()
}
pub fn main() {}
