//! A reference to a local that does not live long enough.
use otel_runtime::traced;

#[traced]
fn reference<'a>() -> Result<&'a str, String> {
    let text = String::new();
    Ok(&text)
}
pub fn main() {}
