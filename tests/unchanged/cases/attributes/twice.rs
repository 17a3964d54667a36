//! The attribute twice on a function.
use otel_runtime::traced;

#[traced]
#[traced(level = debug)]
fn load(id: u8) -> u8 {
    id
}

pub fn main() {
    println!("{}", load(1));
}
