//! `#[track_caller]` on a method of a trait whose result is looked at.
use otel_runtime::traced;
use std::panic::Location;

trait Located {
    fn line(&self) -> Result<u32, u32>;
}
impl Located for u8 {
    #[traced]
    #[track_caller]
    fn line(&self) -> Result<u32, u32> {
        if *self > 1 {
            return Err(Location::caller().line());
        }
        Ok(Location::caller().line())
    }
}

pub fn main() {
    println!("{:?} {:?}", 1u8.line(), 2u8.line());
}
