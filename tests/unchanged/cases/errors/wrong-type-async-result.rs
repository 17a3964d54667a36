//! A last expression that is no `Result`, in an async function.
use otel_runtime::traced;

#[traced]
async fn number(id: u8) -> Result<u8, String> {
    id
}
pub fn main() {}
