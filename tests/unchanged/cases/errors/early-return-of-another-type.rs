//! A `return` of another type is told at its value.
use otel_runtime::traced;

#[traced]
fn number(id: u8) -> u8 {
    if id > 1 {
        return "large";
    }
    id
}
pub fn main() {}
