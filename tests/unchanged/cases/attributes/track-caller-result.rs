//! `#[track_caller]` on a function whose result is looked at.
use otel_runtime::traced;
use std::panic::Location;

#[traced]
#[track_caller]
fn failed() -> Result<u8, u32> {
    Err(Location::caller().line())
}

pub fn main() {
    println!("{:?}", failed());
}
