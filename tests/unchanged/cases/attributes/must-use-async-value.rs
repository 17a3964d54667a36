//! `#[must_use]` on an async function warns about the awaited value.
use otel_runtime::traced;

#[must_use = "a ticket is to be kept"]
#[traced]
async fn ticket() -> u8 {
    1
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    ticket().await;
    println!("done");
}
