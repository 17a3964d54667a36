//! Lint attributes on a parameter hold for it.
#![deny(unused, non_snake_case)]
use otel_runtime::traced;

#[traced]
fn allowed(#[allow(unused_variables)] request: u8) {}
#[traced]
fn expected(#[expect(unused_variables)] request: u8) {}
#[traced]
fn named(#[allow(non_snake_case)] Request: u8, (a, b): (u8, u8)) -> u8 {
    Request + a + b
}
#[traced]
async fn later(#[allow(unused_variables)] request: u8, #[allow(unused_mut)] mut other: u8) -> u8 {
    other
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    allowed(1);
    expected(2);
    println!("{} {}", named(3, (4, 5)), later(6, 7).await);
}
