//! What a returned `impl Trait` borrows from, as of edition 2024.
//! editions: 2024
use otel_runtime::traced;

#[traced]
fn chars(text: &str) -> impl Iterator<Item = char> {
    text.chars().rev()
}
#[traced]
fn counted<'a, T: Clone>(list: &'a [T], _spare: &u8) -> impl Iterator<Item = T> + use<'a, T> {
    list.iter().cloned()
}
#[traced]
fn count(_list: &[u8]) -> impl Fn(u8) -> u8 + use<> {
    |x| x + 1
}

pub fn main() {
    let counter = {
        let list = vec![1, 2];
        println!("{:?}", counted(&list, &3).collect::<Vec<_>>());
        count(&list)
    };
    println!("{} {}", chars("abc").collect::<String>(), counter(4));
}
