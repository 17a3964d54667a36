//! An async function that awaits itself without a box.
use otel_runtime::traced;

#[traced]
async fn sum(n: u32) -> u32 {
    if n == 0 { 0 } else { n + sum(n - 1).await }
}
pub fn main() {}
