//! Futures are `Send`, and awaited, joined, timed out and selected as ever.
use otel_runtime::traced;
use std::{cell::Cell, rc::Rc, time::Duration};

fn sendable<T: Send>(value: T) -> T {
    value
}
#[traced]
async fn sent(text: String) -> usize {
    tokio::task::yield_now().await;
    text.len()
}
#[traced]
async fn local(count: Rc<Cell<u8>>) -> u8 {
    tokio::task::yield_now().await;
    count.set(count.get() + 1);
    count.get()
}
#[traced]
async fn slow() -> u8 {
    std::future::pending().await
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let count = Rc::new(Cell::new(0));
    println!("{:?}", tokio::join!(sendable(sent("abc".into())), local(count.clone()), local(count)));
    println!("{}", tokio::time::timeout(Duration::from_millis(1), slow()).await.is_err());
    tokio::select! {
        biased;
        value = slow() => println!("{value}"),
        length = sent("ab".into()) => println!("{length}"),
    }
}
