//! A value that is used after it was moved, in a function that returns a `Result`.
use otel_runtime::traced;

#[traced]
fn fallible(text: String) -> Result<String, String> {
    drop(text);
    Ok(text)
}
pub fn main() {}
