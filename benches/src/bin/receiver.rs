//! What arrives? A receiver of OTLP over HTTP and gRPC that keeps all, in a process of its own.
//!
//! Prints its port; then, for every line it reads, the spans that it has taken so far. A line with the
//! index of a `Backend` makes it behave so.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::pin::pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use http::header::{CONTENT_TYPE, HeaderValue};
use http::{HeaderMap, Request, Response, StatusCode};
use http_body_util::{BodyExt, Full};
use hyper::body::{Body, Bytes, Incoming};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use hyper_util::server::conn::auto;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use otel_benches::Backend;
use prost::Message;
use tokio::net::{TcpListener, TcpSocket};
use tokio::runtime::{Builder, Runtime};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};

/// What stands before a gRPC message: a flag and its length.
const PREFIX: usize = 5;

/// What came. Requests are decoded when the count is asked for, so that nobody waits for it while
/// being measured.
#[derive(Default)]
struct Received {
    /// Those that were taken and have not been looked at.
    taken: Mutex<Vec<Bytes>>,
    /// All.
    requests: AtomicUsize,
    /// How often the connections that there were went dead.
    dead: watch::Sender<usize>,
}

/// What stands at the port.
enum Door {
    Open(JoinHandle<io::Result<Infallible>>),
    /// Nobody else gets the port meanwhile.
    Closed(TcpSocket),
}

fn main() -> io::Result<()> {
    let runtime = Builder::new_multi_thread().worker_threads(1).enable_all().build()?;
    let socket = bind(0)?;
    let port = socket.local_addr()?.port();
    let received = Arc::<Received>::default();
    let mut door = open(&runtime, socket, &received, Backend::Healthy)?;
    println!("{port}");
    let mut spans = 0;
    for line in io::stdin().lines() {
        match line?.parse().map(|index: usize| Backend::ALL[index]) {
            Ok(Backend::HalfOpen) => received.dead.send_modify(|times| *times += 1),
            Ok(backend) => {
                close(&runtime, door);
                door = open(&runtime, bind(port)?, &received, backend)?;
            }
            Err(_) => {}
        }
        let taken =
            std::mem::take(&mut *received.taken.lock().unwrap_or_else(PoisonError::into_inner));
        spans += taken.into_iter().map(count).sum::<usize>();
        println!("{spans}");
    }
    Ok(())
}

fn bind(port: u16) -> io::Result<TcpSocket> {
    let socket = TcpSocket::new_v4()?;
    socket.set_reuseaddr(true)?;
    socket.bind(SocketAddr::from((Ipv4Addr::LOCALHOST, port)))?;
    Ok(socket)
}

fn open(
    runtime: &Runtime,
    socket: TcpSocket,
    received: &Arc<Received>,
    backend: Backend,
) -> io::Result<Door> {
    if backend == Backend::Refusing {
        return Ok(Door::Closed(socket));
    }
    let _entered = runtime.enter();
    let listener = socket.listen(1024)?;
    Ok(Door::Open(runtime.spawn(serve(listener, Arc::clone(received), backend))))
}

/// Ends all connections.
fn close(runtime: &Runtime, door: Door) {
    match door {
        Door::Open(serving) => {
            serving.abort();
            // The port is free when it is gone, and that it was ended is no news.
            let _ = runtime.block_on(serving);
        }
        Door::Closed(socket) => drop(socket),
    }
}

async fn serve(
    listener: TcpListener,
    received: Arc<Received>,
    backend: Backend,
) -> io::Result<Infallible> {
    // They end with this future.
    let mut connections = JoinSet::new();
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let received = Arc::clone(&received);
        let mut dead = received.dead.subscribe();
        connections.spawn(async move {
            let service =
                service_fn(move |request| answer(request, Arc::clone(&received), backend));
            let server = auto::Builder::new(TokioExecutor::new());
            let mut connection = pin!(server.serve_connection(TokioIo::new(stream), service));
            tokio::select! {
                // Connections end when the sender does.
                _ = connection.as_mut() => {}
                // The socket stays open, and nobody looks at it.
                _ = dead.changed() => std::future::pending().await,
            }
        });
    }
}

/// Takes a request in, and says yes, unless something else is asked of it.
async fn answer(
    request: Request<Incoming>,
    received: Arc<Received>,
    backend: Backend,
) -> hyper::Result<Response<impl Body<Data = Bytes, Error = Infallible>>> {
    let kind = request.headers().get(CONTENT_TYPE).cloned();
    let grpc = kind.as_ref().is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc"));
    let mut body = request.into_body().collect().await?.to_bytes();
    if backend == Backend::Silent {
        std::future::pending::<()>().await;
    }
    let failed = backend.fails(received.requests.fetch_add(1, Ordering::Relaxed));
    if grpc {
        body = body.slice(PREFIX..);
    }
    if !failed {
        received.taken.lock().unwrap_or_else(PoisonError::into_inner).push(body);
    }
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
    if failed {
        *response.status_mut() = StatusCode::SERVICE_UNAVAILABLE;
    }
    Ok(response)
}

fn count(request: Bytes) -> usize {
    let request = ExportTraceServiceRequest::decode(request).expect("a request for traces");
    let scopes = request.resource_spans.iter().flat_map(|resource| &resource.scope_spans);
    scopes.map(|scope| scope.spans.len()).sum()
}
