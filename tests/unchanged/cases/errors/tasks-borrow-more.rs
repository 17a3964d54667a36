//! Work that is started elsewhere and borrows from an argument or a variable, in every kind of body.
use otel_runtime::traced;
use std::future::Future;

#[traced]
async fn threads(text: String) {
    std::thread::spawn(|| println!("{text}"));
}
#[traced]
async fn blocking(text: String) {
    tokio::task::spawn_blocking(|| println!("{text}"));
}
#[traced]
async fn later(text: String) {
    let task = async { println!("{text}") };
    tokio::spawn(task);
}
#[traced]
async fn of_a_variable(text: String) {
    let trimmed = text.trim().to_owned();
    tokio::spawn(async { println!("{trimmed}") });
}
#[traced]
async fn fallible(text: String) -> Result<(), String> {
    tokio::spawn(async { println!("{text}") });
    Ok(())
}
#[traced]
fn sync(text: String) -> Result<(), String> {
    tokio::spawn(async { println!("{text}") });
    std::thread::spawn(|| println!("{text}"));
    Ok(())
}
#[traced]
fn made(text: String) -> impl Future<Output = ()> {
    tokio::spawn(async { println!("{text}") });
    async {}
}
#[traced(carry = false)]
async fn uncarried(text: String) {
    tokio::spawn(async { println!("{text}") });
}
struct Store(String);
impl Store {
    #[traced]
    async fn method(self) {
        tokio::spawn(async { println!("{}", self.0) });
    }
    #[traced]
    async fn referred(&self) {
        tokio::spawn(async { println!("{}", self.0) });
    }
}
pub fn main() {}
