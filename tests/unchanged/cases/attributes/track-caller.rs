//! `#[track_caller]` tells the line of the caller, above and below the attribute.
use otel_runtime::traced;
use std::panic::Location;

#[track_caller]
#[traced]
fn above() -> u32 {
    Location::caller().line()
}
#[traced(attrs(id))]
#[track_caller]
fn below(id: u8) -> (u8, u32) {
    (id, Location::caller().line())
}
#[traced]
fn without() -> u32 {
    above()
}

pub fn main() {
    println!("{}", above());
    println!("{:?}", below(1));
    println!("{}", without());
}
