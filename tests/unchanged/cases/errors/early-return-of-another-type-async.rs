//! A `return` of another type is told at its value, in an async function.
use otel_runtime::traced;

#[traced]
async fn number(id: u8) -> Result<u8, String> {
    if id > 1 {
        return Err(3);
    }
    Ok(id)
}
pub fn main() {}
