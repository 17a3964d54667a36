//! Too few, too many, and wrong arguments for an annotated function.
use otel_runtime::traced;

#[traced]
fn sum(a: u8, b: u8) -> u8 {
    a + b
}
#[traced]
async fn later((a, b): (u8, u8), c: &str) -> u8 {
    a + b + c.len() as u8
}
pub fn main() {
    sum(1);
    sum(1, 2, 3);
    sum("a", 2);
    later((1, 2));
    later((1, "x"), 3);
}
