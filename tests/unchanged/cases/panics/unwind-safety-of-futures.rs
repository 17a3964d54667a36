//! A future is as safe to unwind through as it was.
use otel_runtime::traced;
use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};

fn unwind_safe<T: UnwindSafe>(value: T) -> T {
    value
}
fn ref_unwind_safe<T: RefUnwindSafe>(value: T) -> T {
    value
}
#[traced]
async fn later(id: u8) -> u8 {
    id
}
#[traced]
fn made() -> impl Future<Output = u8> + UnwindSafe {
    std::future::ready(1)
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", unwind_safe(later(1)).await, ref_unwind_safe(later(2)).await);
    println!("{}", made().await);
}
