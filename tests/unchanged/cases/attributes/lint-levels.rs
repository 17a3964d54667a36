//! Lint attributes above, below and inside the function hold in it.
#![deny(unused, non_snake_case)]
use otel_runtime::traced;

#[allow(unused_variables)]
#[traced]
fn above(value: u8) {}
#[traced]
#[allow(unused_variables, unused_mut)]
async fn below(mut value: u8) {}
#[traced]
fn inside(value: u8) -> u8 {
    #![allow(unused_variables)]
    let spare = value;
    1
}
#[traced]
#[expect(unused_variables)]
fn expected(value: u8) {}
#[traced]
#[warn(unused_variables)]
fn warned(value: u8) {}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    above(1);
    below(2).await;
    expected(3);
    warned(4);
    println!("{}", inside(5));
}
