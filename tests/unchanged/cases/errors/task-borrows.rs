//! A task that borrows from an argument.
use otel_runtime::traced;

#[traced]
async fn spawned(text: String) {
    tokio::spawn(async { println!("{text}") });
}
pub fn main() {}
