//! A service that makes no spans. What does it pass on of its caller's trace?
//!
//! With the argument `init` it sets tracing up as its environment says, without one it does nothing.

use std::collections::HashMap;
use std::convert::Infallible;
use std::error::Error;
use std::future::Future;

use otel_runtime::context::{carry, carry_future_in, extract, inject};
use otel_runtime::tonic::{ClientLayer, ServerLayer};
use otel_runtime::traced;
use tonic::body::Body;
use tower::{ServiceExt, service_fn};
use tower_layer::Layer;

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

/// What goes out of a method of a gRPC server.
async fn grpc_server(headers: &Headers) -> String {
    let method = |_: http::Request<Body>| async {
        Ok::<_, Infallible>(
            http::Response::builder().header("sent", outgoing()).body(Body::empty()),
        )
    };
    let method = service_fn(method).map_response(|response| response.expect("a response"));
    let mut request = http::Request::post("/shop.v1.Stock/Count");
    for (name, value) in headers {
        request = request.header(name, value);
    }
    let request = request.header("content-type", "application/grpc").body(Body::empty());
    let server = ServerLayer::new().layer(method);
    let Ok(response) = server.oneshot(request.expect("a request")).await;
    response.headers()["sent"].to_str().expect("ASCII").to_owned()
}

/// What a gRPC client sends that works for a caller.
async fn grpc_client(headers: &Headers) -> String {
    let connection = |request: http::Request<Body>| async move {
        let of =
            |name| request.headers().get(name).map_or("none", |it| it.to_str().expect("ASCII"));
        let sent = format!("{} {}", of("traceparent"), of("baggage"));
        Ok::<_, Infallible>(http::Response::builder().header("sent", sent).body(Body::empty()))
    };
    let connection = service_fn(connection).map_response(|response| response.expect("a response"));
    // A host of our own: baggage goes nowhere else.
    let uri = http::Uri::from_static("http://10.1.2.3:50051");
    let channel = ClientLayer::new(&uri).layer(connection);
    let request = http::Request::post("/shop.v1.Stock/Count").body(Body::empty());
    let call = channel.oneshot(request.expect("a request"));
    let response = carry_future_in(extract(headers), call).await.expect("a reply");
    response.headers()["sent"].to_str().expect("ASCII").to_owned()
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
    println!("grpc_server {}", grpc_server(&headers).await);
    println!("grpc_client {}", grpc_client(&headers).await);
    println!("afterwards {}", outgoing());
    drop(telemetry);
    Ok(())
}
