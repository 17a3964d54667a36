//! What is called `Result` and is another type, and what is one under another name.
use otel_runtime::traced;
use std::{fmt, io};

mod own {
    #[derive(Debug)]
    pub enum Result<T> {
        Good(T),
        Bad,
    }
}
type Fallible<T> = std::result::Result<T, String>;

#[traced]
fn own_result(good: bool) -> own::Result<u8> {
    if good { own::Result::Good(1) } else { own::Result::Bad }
}
#[traced]
fn alias(good: bool) -> Fallible<u8> {
    good.then_some(1).ok_or_else(|| "bad".into())
}
#[traced]
fn formatted() -> fmt::Result {
    Err(fmt::Error)
}
#[traced]
fn read() -> io::Result<Vec<u8>> {
    let missing = io::Error::from(io::ErrorKind::NotFound);
    Err(missing)?;
    Ok(vec![])
}
#[traced]
fn nested() -> Result<Result<u8, String>, Box<dyn std::error::Error>> {
    Ok(Err("inner".to_owned()))
}

pub fn main() {
    println!("{:?} {:?} {:?} {:?}", own_result(true), own_result(false), alias(true), alias(false));
    println!("{:?} {:?} {:?}", formatted(), read().map_err(|error| error.kind()), nested());
}
