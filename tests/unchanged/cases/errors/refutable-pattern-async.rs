//! A parameter whose pattern may fail, of an async function.
use otel_runtime::traced;

#[traced]
async fn later(Some(value): Option<u8>) -> u8 {
    value
}
pub fn main() {}
