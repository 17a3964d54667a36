//! `#[tokio::main]` above and below the attribute.
use otel_runtime::traced;

#[tokio::main(flavor = "current_thread")]
#[traced]
async fn above(id: u8) -> u8 {
    tokio::task::yield_now().await;
    id + 1
}

#[traced(attrs(id))]
#[tokio::main(flavor = "current_thread")]
async fn below(id: u8) -> u8 {
    tokio::task::yield_now().await;
    id + 2
}

pub fn main() {
    println!("{} {}", above(1), below(1));
}
