//! A parameter that is shadowed before anybody reads it is unused.
use otel_runtime::traced;

#[traced]
fn shadowed(x: u8) -> u8 {
    let x = 3;
    x
}
#[traced]
async fn shadowed_later(x: u8) -> u8 {
    let x = 3;
    x
}
#[traced]
fn by_a_closure(x: u8) -> u8 {
    (|x: u8| x)(3)
}

pub fn main() {
    println!("{} {}", shadowed(1), by_a_closure(2));
}
