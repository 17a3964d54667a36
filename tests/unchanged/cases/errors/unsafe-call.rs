//! An unsafe call in a safe function.
use otel_runtime::traced;

#[traced]
unsafe fn read() -> u8 {
    1
}
#[traced]
fn safe() -> u8 {
    read()
}
#[traced]
fn fallible() -> Result<u8, String> {
    Ok(read())
}
pub fn main() {}
