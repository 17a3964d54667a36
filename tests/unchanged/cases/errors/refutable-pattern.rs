//! A parameter whose pattern may fail.
use otel_runtime::traced;

#[traced]
fn some(Some(value): Option<u8>) -> u8 {
    value
}
pub fn main() {}
