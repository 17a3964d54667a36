//! `impl Trait` as the item of a boxed trait object.
use otel_runtime::traced;
use std::fmt::Display;

#[traced]
fn words() -> Box<dyn Iterator<Item = impl Display>> {
    Box::new(vec!["a", "b"].into_iter())
}

#[traced]
fn tried() -> Result<Box<dyn Iterator<Item = impl Display>>, String> {
    Ok(Box::new(vec!["c"].into_iter()))
}

pub fn main() {
    println!("{}", tried().map_or(0, Iterator::count));
    println!("{}", words().map(|word| word.to_string()).collect::<String>());
}
