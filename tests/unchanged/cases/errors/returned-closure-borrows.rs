//! A returned closure that borrows an argument is told at the closure.
use otel_runtime::traced;

#[traced]
fn closure(text: String) -> impl Fn() -> usize {
    || text.len()
}
pub fn main() {}
