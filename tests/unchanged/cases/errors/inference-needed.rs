//! Types that cannot be known.
use otel_runtime::traced;

#[traced]
fn collected() -> usize {
    let list = Vec::new();
    list.len()
}
#[traced]
async fn later() {
    let parsed = "1".parse().unwrap();
}
pub fn main() {}
