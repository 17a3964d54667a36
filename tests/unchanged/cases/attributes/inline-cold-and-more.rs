//! Attributes for the compiler stay on the function.
use otel_runtime::traced;

#[inline(always)]
#[traced]
fn small(value: u8) -> u8 {
    value + 1
}
#[traced]
#[cold]
#[inline(never)]
fn rare(value: u8) -> u8 {
    value + 2
}
#[doc = "Documented."]
#[traced]
#[doc(hidden)]
#[allow(clippy::needless_return)]
async fn documented() -> u8 {
    return 3;
}
#[traced]
#[unsafe(no_mangle)]
extern "C" fn unchanged_by_a_span(value: u8) -> u8 {
    value + 4
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {} {} {}", small(1), rare(1), documented().await, unchanged_by_a_span(1));
}
