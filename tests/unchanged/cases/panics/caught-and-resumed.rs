//! A panic's payload arrives as it was sent, also from a future.
use otel_runtime::traced;
use std::panic::{catch_unwind, panic_any, resume_unwind};

#[traced]
fn number(value: u64) -> u64 {
    panic_any(value)
}
#[traced]
fn resumed() -> Result<u8, String> {
    match catch_unwind(|| number(7)) {
        Ok(_) => Ok(1),
        Err(payload) => resume_unwind(payload),
    }
}
#[traced]
async fn later(value: u64) -> u64 {
    tokio::task::yield_now().await;
    number(value)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let payload = catch_unwind(resumed).unwrap_err();
    println!("{:?}", payload.downcast_ref::<u64>());
    let ended = tokio::spawn(later(9)).await;
    println!("{:?}", ended.unwrap_err().into_panic().downcast_ref::<u64>());
}
