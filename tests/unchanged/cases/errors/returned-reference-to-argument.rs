//! A reference to an argument that does not live long enough.
use otel_runtime::traced;

#[traced]
fn reference(text: String) -> &'static str {
    &text
}
pub fn main() {}
