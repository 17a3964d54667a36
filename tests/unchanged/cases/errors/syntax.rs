//! A body that is no Rust.
use otel_runtime::traced;

#[traced]
fn broken() -> u8 {
    let x = ;
    1
}
pub fn main() {}
