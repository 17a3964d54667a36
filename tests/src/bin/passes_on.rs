//! A service that makes no spans. What does it pass on of its caller's trace?
//!
//! With the argument `init` it sets tracing up as its environment says, without one it does nothing.

use std::collections::HashMap;
use std::error::Error;
use std::future::Future;

use otel_runtime::context::{carry, inject};
use otel_runtime::traced;

type Headers = HashMap<String, String>;

/// What would go out with a request from here.
fn outgoing() -> String {
    let mut headers = Headers::new();
    inject(&mut headers);
    let of = |name| headers.get(name).map_or("none", String::as_str).to_owned();
    format!("{} {}", of("traceparent"), of("baggage"))
}

#[traced(parent(extract = headers))]
fn sync(headers: &Headers) -> String {
    outgoing()
}

#[traced(parent(extract = headers))]
async fn waits(headers: Headers) -> String {
    tokio::task::yield_now().await;
    outgoing()
}

#[traced(parent(extract = headers))]
fn returns_future(headers: &Headers) -> impl Future<Output = String> + use<> {
    async { outgoing() }
}

#[traced(parent(extract = headers))]
fn starts_thread(headers: &Headers) -> String {
    std::thread::spawn(outgoing).join().expect("no panic")
}

#[traced(parent(extract = headers))]
async fn starts_task(headers: Headers) -> String {
    tokio::spawn(async { outgoing() }).await.expect("no panic")
}

#[traced(parent(extract = headers))]
fn calls(headers: &Headers) -> String {
    inner()
}

#[traced]
fn inner() -> String {
    carry(outgoing)()
}

#[traced(parent(extract = headers))]
fn calls_root(headers: &Headers) -> String {
    root()
}

#[traced(root)]
fn root() -> String {
    outgoing()
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = match std::env::args().nth(1).as_deref() {
        Some("init") => Some(otel_runtime::init()?),
        _ => None,
    };
    let headers = Headers::from([
        (
            "Traceparent".to_owned(),
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
        ),
        ("Baggage".to_owned(), "tenant=blue".to_owned()),
    ]);
    println!("sync {}", sync(&headers));
    println!("async {}", waits(headers.clone()).await);
    println!("returned {}", returns_future(&headers).await);
    println!("thread {}", starts_thread(&headers));
    println!("task {}", starts_task(headers.clone()).await);
    println!("calls {}", calls(&headers));
    println!("root {}", calls_root(&headers));
    println!("afterwards {}", outgoing());
    drop(telemetry);
    Ok(())
}
