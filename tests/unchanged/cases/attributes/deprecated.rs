//! A deprecated function warns its callers, and may use what is deprecated with it.
use otel_runtime::traced;

#[deprecated(note = "call `new`")]
#[traced]
fn old() -> u8 {
    1
}
#[traced]
#[deprecated]
async fn older() -> Old {
    Old
}
#[deprecated]
struct Old;
#[traced]
fn uses(_old: Old) {}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", old());
    uses(older().await);
}
