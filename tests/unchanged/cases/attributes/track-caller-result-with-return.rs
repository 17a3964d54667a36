//! `#[track_caller]` on a function that leaves by `?` and `return`.
use otel_runtime::traced;
use std::panic::Location;

#[track_caller]
#[traced(err = ?)]
fn checked(text: &str) -> Result<u32, u32> {
    if text.is_empty() {
        return Err(Location::caller().line());
    }
    let number: u32 = text.parse().map_err(|_| Location::caller().column())?;
    Ok(number + Location::caller().line())
}

struct Shop;
impl Shop {
    #[traced(ret)]
    #[track_caller]
    fn line(&self) -> u32 {
        Location::caller().line()
    }
}

pub fn main() {
    println!("{:?} {:?} {:?}", checked(""), checked("x"), checked("100"));
    println!("{}", Shop.line());
}
