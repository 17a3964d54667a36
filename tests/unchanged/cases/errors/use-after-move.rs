//! A value that is used after it was moved.
use otel_runtime::traced;

#[traced]
fn moved(text: String) -> (String, String) {
    (text, text)
}
#[traced]
fn in_a_loop(text: String) {
    for _ in 0..2 {
        drop(text);
    }
}
pub fn main() {}
