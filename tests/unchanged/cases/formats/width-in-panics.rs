//! A width that the message of a panic names is used.
//! editions: 2021 2024
use otel_runtime::traced;

#[traced]
fn panics(name: &'static str, width: usize) {
    panic!("no {name:>width$}")
}

pub fn main() {
    panics("a", 4);
}
