//! What does a backend receive of the metrics?

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::routing::post;
use opentelemetry_proto::tonic::collector::metrics::v1::metrics_service_server::{
    MetricsService, MetricsServiceServer,
};
use opentelemetry_proto::tonic::collector::metrics::v1::{
    ExportMetricsServiceRequest, ExportMetricsServiceResponse,
};
use prost::Message;
use tokio::net::TcpListener;
use tokio_stream::wrappers::TcpListenerStream;
use tonic::{Response, Status};

type Requests = Arc<Mutex<Vec<ExportMetricsServiceRequest>>>;

/// A backend that speaks a protocol, until the test ends.
pub(crate) struct Backend {
    pub(crate) address: SocketAddr,
    requests: Requests,
}

struct Grpc(Requests);

#[tonic::async_trait]
impl MetricsService for Grpc {
    async fn export(
        &self,
        request: tonic::Request<ExportMetricsServiceRequest>,
    ) -> Result<Response<ExportMetricsServiceResponse>, Status> {
        keep(&self.0, request.into_inner());
        Ok(Response::new(ExportMetricsServiceResponse::default()))
    }
}

fn keep(requests: &Requests, request: ExportMetricsServiceRequest) {
    requests.lock().unwrap_or_else(PoisonError::into_inner).push(request);
}

async fn by_http(State(requests): State<Requests>, headers: HeaderMap, body: Bytes) {
    let request = match headers["content-type"].to_str().expect("text") {
        "application/json" => serde_json::from_slice(&body).expect("JSON"),
        "application/x-protobuf" => ExportMetricsServiceRequest::decode(body).expect("protobuf"),
        other => panic!("{other}"),
    };
    keep(&requests, request);
}

impl Backend {
    pub(crate) fn grpc() -> Backend {
        Backend::start(|listener, requests| async move {
            tonic::transport::Server::builder()
                .add_service(MetricsServiceServer::new(Grpc(requests)))
                .serve_with_incoming(TcpListenerStream::new(listener))
                .await
                .expect("a server");
        })
    }

    pub(crate) fn http() -> Backend {
        Backend::start(|listener, requests| async move {
            let router = Router::new().route("/v1/metrics", post(by_http)).with_state(requests);
            axum::serve(listener, router).await.expect("a server");
        })
    }

    fn start<F: Future<Output = ()>>(
        serve: impl FnOnce(TcpListener, Requests) -> F + Send + 'static,
    ) -> Backend {
        let requests = Requests::default();
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let address = listener.local_addr().expect("an address");
        listener.set_nonblocking(true).expect("a socket");
        let of_server = Arc::clone(&requests);
        thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.expect("a runtime").block_on(async {
                serve(TcpListener::from_std(listener).expect("a listener"), of_server).await;
            });
        });
        Backend { address, requests }
    }

    /// All requests so far.
    pub(crate) fn requests(&self) -> Vec<ExportMetricsServiceRequest> {
        self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
