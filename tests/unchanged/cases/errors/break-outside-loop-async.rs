//! `break` where there is no loop, in an async function.
use otel_runtime::traced;

#[traced]
async fn later() {
    break;
}
pub fn main() {}
