//! An `Ok` of another type is told at its value.
use otel_runtime::traced;

#[traced]
fn number() -> Result<u8, String> {
    Ok("text")
}
pub fn main() {}
