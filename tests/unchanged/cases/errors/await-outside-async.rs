//! `.await` in a function that is not async.
use otel_runtime::traced;

#[traced]
fn waits() -> u8 {
    std::future::ready(1).await
}
#[traced]
fn fails() -> Result<u8, String> {
    std::future::ready(Ok(1)).await
}
pub fn main() {}
