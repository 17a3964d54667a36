//! The names of types and closures of the body.
use otel_runtime::traced;
use std::any::type_name_of_val;

struct Local;

#[traced]
fn named<T>(value: T) -> &'static str {
    let _ = Local;
    type_name_of_val(&value)
}
#[traced]
fn item() -> &'static str {
    struct Inner;
    type_name_of_val(&Inner)
}

pub fn main() {
    println!("{} {}", named(Local), item());
}
