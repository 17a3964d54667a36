//! `impl Trait` within `impl Trait`.
use otel_runtime::traced;

#[traced]
fn rows(height: u8) -> impl Iterator<Item = impl Iterator<Item = u8>> {
    (0..height).map(|row| (0..row).map(move |column| column + row))
}
#[traced]
fn adders() -> impl Iterator<Item = impl Fn(u8) -> u8> {
    (1..3).map(|more| move |value| value + more)
}

pub fn main() {
    println!("{:?}", rows(3).map(Iterator::sum::<u8>).collect::<Vec<_>>());
    println!("{:?}", adders().map(|adder| adder(1)).collect::<Vec<_>>());
}
