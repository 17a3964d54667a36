//! What arrives? A receiver of OTLP over HTTP and gRPC that keeps all, in a process of its own.
//!
//! Prints its port; then, for every line it reads, the spans that have arrived so far.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Request, Response};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;

/// What stands before a gRPC message: a flag and its length.
const PREFIX: usize = 5;

/// The requests that have not been looked at. They are decoded when the count is asked for, so that
/// nobody waits for it while being measured.
type Received = Arc<Mutex<Vec<Bytes>>>;

fn main() -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    println!("{}", listener.local_addr()?.port());
    let received = Received::default();
    let receiving = Arc::clone(&received);
    thread::spawn(move || serve(listener, &receiving));
    let mut spans = 0;
    for _ in io::stdin().lines() {
        let requests =
            std::mem::take(&mut *received.lock().unwrap_or_else(PoisonError::into_inner));
        spans += requests.into_iter().map(count).sum::<usize>();
        println!("{spans}");
    }
    Ok(())
}

fn serve(listener: TcpListener, received: &Received) -> io::Result<Infallible> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(async {
        listener.set_nonblocking(true)?;
        let listener = tokio::net::TcpListener::from_std(listener)?;
        loop {
            let (stream, _) = listener.accept().await?;
            stream.set_nodelay(true)?;
            let received = Arc::clone(received);
            tokio::spawn(async move {
                let service = service_fn(move |request| answer(request, Arc::clone(&received)));
                let server = auto::Builder::new(TokioExecutor::new());
                // Connections end when the sender does.
                let _ = server.serve_connection(TokioIo::new(stream), service).await;
            });
        }
    })
}

/// Takes a request in, and says yes.
async fn answer(
    request: Request<Incoming>,
    received: Received,
) -> hyper::Result<Response<impl Body<Data = Bytes, Error = Infallible>>> {
    let kind = request.headers().get(CONTENT_TYPE).cloned();
    let grpc = kind.as_ref().is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    let mut body = request.into_body().collect().await?.to_bytes();
    if grpc {
        body = body.slice(PREFIX..);
    }
    received.lock().unwrap_or_else(PoisonError::into_inner).push(body);
    // An empty message in each: it says that nothing was refused.
    let (message, trailers) = if grpc {
        let trailers = HeaderMap::from_iter([(
            http::HeaderName::from_static("grpc-status"),
            HeaderValue::from_static("0"),
        )]);
        (Bytes::from_static(&[0; PREFIX]), Some(Ok(trailers)))
    } else {
        (Bytes::new(), None)
    };
    let mut response = Response::new(Full::new(message).with_trailers(async { trailers }));
    response.headers_mut().extend(kind.map(|kind| (CONTENT_TYPE, kind)));
    Ok(response)
}

fn count(request: Bytes) -> usize {
    let request = ExportTraceServiceRequest::decode(request).expect("a request for traces");
    let scopes = request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
    scopes.map(|scope| scope.spans.len()).sum()
}
