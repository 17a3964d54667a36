//! The last expression of a body may be a block, a `match`, an `if`, a closure's call, a macro, a cast.
use otel_runtime::traced;

#[traced]
fn matched(value: u8) -> &'static str {
    match value {
        0 => "none",
        1..=9 => "few",
        _ => "many",
    }
}
#[traced]
fn chosen(value: bool) -> u8 {
    if value { 1 } else { 2 }
}
#[traced]
fn called(value: u8) -> u8 {
    (|x: u8| x + 1)(value)
}
#[traced]
fn made() -> Vec<u8> {
    vec![1, 2]
}
#[traced]
fn cast(value: u32) -> u8 {
    value as u8
}
#[traced]
fn ranged(end: usize) -> std::ops::Range<usize> {
    1..end
}
#[traced]
fn unit() {
    println!("unit")
}
#[traced]
fn empty() {}
#[traced]
fn structure(id: u8) -> Wrapped {
    Wrapped { id }
}
#[derive(Debug)]
struct Wrapped {
    id: u8,
}

pub fn main() {
    println!("{} {} {} {:?} {}", matched(4), chosen(false), called(1), made(), cast(257));
    println!("{:?} {:?} {:?} {:?}", ranged(3), unit(), empty(), structure(1).id);
}
