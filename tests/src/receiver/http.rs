//! How does a backend take HTTP?

use std::collections::VecDeque;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError, mpsc};

use http_body_util::{BodyExt, Full};
use hyper::body::{Bytes, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Response, StatusCode};
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTraceServiceRequest, ExportTraceServiceResponse,
};
use prost::Message;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Certificate, Request, Serve};

pub(super) async fn serve(serve: Serve, first: Vec<u16>, certificate: Option<Certificate>) {
    let service = Service { requests: serve.requests, first: Arc::new(Mutex::new(first.into())) };
    let tls = certificate.map(|certificate| certificate.acceptor());
    loop {
        let (stream, peer) = serve.listener.accept().await.expect("a socket");
        let (service, tls) = (service.clone(), tls.clone());
        tokio::spawn(async move {
            match tls {
                None => service.connection(stream, peer).await,
                // A client that does not trust us hangs up.
                Some(tls) => {
                    if let Ok(stream) = tls.accept(stream).await {
                        service.connection(stream, peer).await;
                    }
                }
            }
        });
    }
}

#[derive(Clone)]
struct Service {
    requests: mpsc::Sender<Request>,
    /// The answers to the next requests; then, it is all right.
    first: Arc<Mutex<VecDeque<u16>>>,
}

impl Service {
    async fn connection<S>(self, stream: S, peer: SocketAddr)
    where
        S: AsyncRead + AsyncWrite + Unpin,
    {
        let answer = service_fn(|request| self.answer(request, peer));
        // A client may hang up at any time.
        let _ = http1::Builder::new().serve_connection(TokioIo::new(stream), answer).await;
    }

    async fn answer(
        &self,
        request: hyper::Request<Incoming>,
        peer: SocketAddr,
    ) -> Result<Response<Full<Bytes>>, Infallible> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        let _ = self.requests.send(Request {
            line: format!("{} {}", head.method, head.uri),
            headers: head.headers,
            peer: Some(peer),
            body: ExportTraceServiceRequest::decode(body).expect("OTLP in protobuf"),
        });
        let status = self.first.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        let status = StatusCode::from_u16(status.unwrap_or(200)).expect("a status");
        let body = ExportTraceServiceResponse { partial_success: None }.encode_to_vec();
        let mut response = Response::new(Full::from(body));
        if status.is_redirection() {
            let location = http::HeaderValue::from_static("/elsewhere");
            response.headers_mut().insert(http::header::LOCATION, location);
        }
        *response.status_mut() = status;
        Ok(response)
    }
}
