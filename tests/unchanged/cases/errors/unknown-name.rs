//! A name that nobody knows.
use otel_runtime::traced;

#[traced(attrs(id))]
fn number(id: u8) -> u8 {
    idd
}
#[traced]
async fn later() -> u8 {
    missing().await
}
pub fn main() {}
