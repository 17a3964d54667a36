//! Names in the messages of panics and asserts.
//! editions: 2021 2024
use otel_runtime::traced;
use std::panic::catch_unwind;

#[traced]
fn panics(name: &'static str) {
    panic!("no {name:>4}")
}
#[traced]
fn asserts(value: u8, limit: u8) -> Result<(), String> {
    assert!(value < limit, "{value} is not below {limit}");
    Ok(())
}
#[traced]
fn unreachable(kind: u8) -> ! {
    unreachable!("kind {kind}")
}

pub fn main() {
    println!("{}", catch_unwind(|| panics("a")).is_err());
    println!("{}", catch_unwind(|| asserts(3, 2)).is_err());
    println!("{}", catch_unwind(|| unreachable(3)).is_err());
}
