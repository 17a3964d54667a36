//! `impl Trait` as the item of a boxed trait object, out of an async function.
use otel_runtime::traced;
use std::fmt::Display;

#[traced]
async fn words() -> Box<dyn Iterator<Item = impl Display>> {
    Box::new(vec!["a", "b"].into_iter())
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", words().await.map(|word| word.to_string()).collect::<String>());
}
