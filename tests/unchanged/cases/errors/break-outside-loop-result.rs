//! `continue` where there is no loop, in a function that returns a `Result`.
use otel_runtime::traced;

#[traced]
fn fails() -> Result<u8, String> {
    continue;
}
pub fn main() {}
