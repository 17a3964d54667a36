//! `impl Trait` in results, of iterators, closures, in tuples and in `Result`.
use otel_runtime::traced;
use std::fmt::Display;

#[traced]
fn evens(end: u32) -> impl Iterator<Item = u32> + Clone {
    (0..end).filter(|value| value % 2 == 0)
}
#[traced]
fn pair() -> (impl Display, impl Fn(u8) -> u8) {
    ("pair", |x: u8| x + 1)
}
#[traced]
fn fallible(good: bool) -> Result<impl Iterator<Item = char>, impl Display> {
    if good { Ok("abc".chars().rev()) } else { Err("bad") }
}
#[traced]
async fn later(text: &str) -> impl Iterator<Item = &str> {
    text.split(',')
}
#[traced]
fn optional() -> Option<impl Display + Send + 'static> {
    Some(3)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{:?} {}", evens(7).collect::<Vec<_>>(), evens(4).clone().count());
    let (text, plus) = pair();
    println!("{text} {} {}", plus(1), optional().unwrap());
    for good in [true, false] {
        match fallible(good) {
            Ok(letters) => println!("{}", letters.collect::<String>()),
            Err(error) => println!("{error}"),
        }
    }
    println!("{:?}", later("a,b").await.collect::<Vec<_>>());
}
