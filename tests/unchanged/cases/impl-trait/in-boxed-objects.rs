//! `impl Trait` as the item of a boxed trait object.
use otel_runtime::traced;
use std::fmt::Display;

#[traced]
fn words() -> Box<dyn Iterator<Item = impl Display>> {
    Box::new(vec!["a", "b"].into_iter())
}

pub fn main() {
    println!("{}", words().map(|word| word.to_string()).collect::<String>());
}
