//! `break` where there is no loop.
use otel_runtime::traced;

#[traced]
fn leaves() {
    break;
}
pub fn main() {}
