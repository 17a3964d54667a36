//! A closure that an async function returns has its types from the signature.
use otel_runtime::traced;

#[traced]
async fn length() -> impl Fn(&str) -> usize {
    |text| text.len()
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    println!("{}", length().await("abc"));
}
