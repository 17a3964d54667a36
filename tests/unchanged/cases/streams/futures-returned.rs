//! Functions that make their future: statements before it run at the call.
use otel_runtime::traced;
use std::{future::Future, pin::Pin};

#[traced]
fn opaque(id: u8) -> impl Future<Output = u8> + Send {
    println!("called {id}");
    async move {
        tokio::task::yield_now().await;
        println!("polled {id}");
        id
    }
}
#[traced(attrs(text))]
fn boxed<'a>(text: &'a str) -> Pin<Box<dyn Future<Output = Result<&'a str, String>> + Send + 'a>> {
    if text.is_empty() {
        return Box::pin(std::future::ready(Err("empty".to_owned())));
    }
    Box::pin(async move { Ok(&text[1..]) })
}
#[traced]
fn local(list: &[u8]) -> Pin<Box<dyn Future<Output = usize> + '_>> {
    Box::pin(async move { list.len() })
}

#[tokio::main(flavor = "current_thread")]
pub async fn main() {
    let futures = (opaque(1), opaque(2));
    println!("{} {}", futures.1.await, futures.0.await);
    println!("{:?} {:?} {}", boxed("abc").await, boxed("").await, local(&[1]).await);
}
