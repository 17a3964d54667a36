//! Bounds that are missing, of parameters and of results.
use otel_runtime::traced;

#[traced]
fn shown<T>(value: T) -> String {
    value.to_string()
}
#[traced]
fn opaque() -> impl Iterator<Item = u8> {
    1u8
}
#[traced]
async fn later<T>(value: &T) -> T {
    value.clone()
}
pub fn main() {}
