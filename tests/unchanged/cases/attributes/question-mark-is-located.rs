//! An error that notes where it was converted notes the line of the `?`.
use otel_runtime::traced;
use std::panic::Location;

#[derive(Debug)]
struct Noted(u32, u32);
impl From<String> for Noted {
    #[track_caller]
    fn from(_: String) -> Self {
        let place = Location::caller();
        Noted(place.line(), place.column())
    }
}

#[traced(err = ?)]
fn noted(text: Result<u8, String>) -> Result<u8, Noted> {
    Ok(text? + 1)
}
#[traced(err = ?)]
async fn noted_later(text: Result<u8, String>) -> Result<u8, Noted> {
    let value = text?;
    Ok(value)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {:?}", noted(Err(String::new())), noted_later(Err(String::new())).await);
}
