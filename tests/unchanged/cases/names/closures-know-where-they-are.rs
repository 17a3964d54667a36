//! The name of a closure of the body.
use otel_runtime::traced;
use std::any::type_name_of_val;

#[traced]
fn sync() -> &'static str {
    type_name_of_val(&|| 1)
}
#[traced]
fn fallible() -> Result<&'static str, String> {
    Ok(type_name_of_val(&|| 1))
}

pub fn main() {
    println!("{} {:?}", sync(), fallible());
}
