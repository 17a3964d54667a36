//! What a lint denies is an error at the same place.
#![deny(unused_variables, unused_mut, unreachable_code)]
use otel_runtime::traced;

#[traced]
fn unused(id: u8) {}
#[traced]
async fn later(id: u8) -> u8 {
    let mut x = 1;
    return x;
    2
}
pub fn main() {}
