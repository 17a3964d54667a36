//! A parameter that is configured away is none, and one that stays is one.
use otel_runtime::traced;

#[traced]
fn sized(#[cfg(any())] gone: Missing, #[cfg(all())] kept: u8, #[cfg(not(any()))] more: u8) -> u8 {
    kept + more
}
#[traced]
async fn later(#[cfg(all())] kept: u8, #[cfg(any())] gone: Missing) -> u8 {
    kept
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{} {}", sized(1, 2), later(3).await);
}
