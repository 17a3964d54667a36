//! `?` converts errors, and types are inferred through it.
use otel_runtime::traced;
use std::error::Error;

#[derive(Debug)]
enum Fault {
    Number(std::num::ParseIntError),
    Text(String),
}
impl From<std::num::ParseIntError> for Fault {
    fn from(error: std::num::ParseIntError) -> Self {
        Fault::Number(error)
    }
}
impl From<&str> for Fault {
    fn from(text: &str) -> Self {
        Fault::Text(text.to_owned())
    }
}

#[traced(err = ?)]
fn checked(text: &str) -> Result<u8, Fault> {
    let number: u8 = text.parse()?;
    if number > 9 {
        Err("large")?
    }
    Ok(number)
}

#[traced]
async fn boxed(text: &str) -> Result<u8, Box<dyn Error + Send + Sync>> {
    let number = text.parse::<u8>()?;
    (number < 9).then(|| number).ok_or("large".into())
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {:?} {:?}", checked("3"), checked("12"), checked("x"));
    println!("{:?} {:?}", boxed("3").await, boxed("12").await.map_err(|error| error.to_string()));
}
