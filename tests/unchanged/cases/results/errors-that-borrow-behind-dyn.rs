//! An error behind `dyn` may borrow from the arguments.
use std::error::Error;
use std::fmt;
use std::future::Future;

use otel_runtime::traced;

#[derive(Debug)]
struct Odd<'a>(&'a str);
impl fmt::Display for Odd<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} is odd", self.0)
    }
}
impl Error for Odd<'_> {}

#[traced]
fn boxed<'a>(text: &'a str) -> Result<u8, Box<dyn Error + 'a>> {
    Err(Box::new(Odd(text)))
}

#[traced]
fn sent(text: &str) -> Result<u8, Box<dyn Error + Send + Sync + '_>> {
    Err(Box::new(Odd(text)))
}

#[traced(err = %)]
fn behind_a_reference<'a>(odd: &'a Odd<'a>) -> Result<u8, &'a dyn Error> {
    Err(odd)
}

#[traced(err = |error| error.to_string().len())]
async fn later<'a>(text: &'a str) -> Result<u8, Box<dyn Error + 'a>> {
    Err(Box::new(Odd(text)))
}

#[traced]
fn forever(text: &'static str) -> Result<u8, Box<dyn Error + 'static>> {
    Err(Box::new(Odd(text)))
}

pub fn main() {
    let text = String::from("one");
    println!("{:?} {:?}", boxed(&text), sent(&text));
    println!("{:?} {:?}", behind_a_reference(&Odd(&text)), forever("two"));
    let later = std::pin::pin!(later(&text));
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    println!("{:?}", later.poll(&mut task));
}
