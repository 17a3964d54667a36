//! How does a backend take HTTP?

use std::convert::Infallible;
use std::io::Read;
use std::net::SocketAddr;
use std::sync::mpsc;

use flate2::read::GzDecoder;
use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Incoming;
use hyper::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;
use serde_json::json;
use tokio::io::{AsyncRead, AsyncWrite};

use super::answer::{self, Answer, Answers, Reply};
use super::{Backend, Demand, Request, Serve};

pub(super) async fn serve(serve: Serve, backend: Backend) {
    let answers = Answers::new(backend.answers);
    let service =
        Service { requests: serve.requests, answers, demand: backend.demand, most: backend.most };
    let tls = backend.certificate.map(|certificate| certificate.acceptor(backend.client.as_ref()));
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

fn decompressed(body: &[u8], encoding: Option<&HeaderValue>) -> Vec<u8> {
    match encoding.map(HeaderValue::as_bytes) {
        None => body.to_vec(),
        Some(b"gzip") => {
            let mut whole = Vec::new();
            GzDecoder::new(body).read_to_end(&mut whole).expect("gzip");
            whole
        }
        Some(b"zstd") => zstd::decode_all(body).expect("zstd"),
        other => panic!("{other:?}"),
    }
}

#[derive(Clone)]
struct Service {
    requests: mpsc::Sender<Request>,
    answers: Answers,
    demand: Demand,
    most: usize,
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
    ) -> Result<Response<Reply>, Infallible> {
        let (head, body) = request.into_parts();
        let body = body.collect().await.expect("a whole body").to_bytes();
        if !self.demand.is_met(&head.headers) {
            let refused = Response::builder().status(401).body(Reply::whole(Vec::new()));
            return Ok(refused.expect("a status"));
        }
        if body.len() > self.most {
            let refused = Response::builder().status(413).body(Reply::whole(Vec::new()));
            return Ok(refused.expect("a status"));
        }
        let body = decompressed(&body, head.headers.get(CONTENT_ENCODING));
        let is_json = head.headers.get(CONTENT_TYPE).is_some_and(|it| it == "application/json");
        let _ = self.requests.send(Request {
            line: format!("{} {}", head.method, head.uri),
            headers: head.headers,
            peer: Some(peer),
            body: if is_json {
                serde_json::from_slice(&body).expect("OTLP in JSON")
            } else {
                ExportTraceServiceRequest::decode(body.as_slice()).expect("OTLP in protobuf")
            },
        });
        let (status, headers, body) = match self.answers.next() {
            Answer::Taken { rejected, why } if is_json => {
                // 64 bits are text.
                let partial = json!({"rejectedSpans": rejected.to_string(), "errorMessage": why});
                let body = json!({"partialSuccess": partial}).to_string().into_bytes();
                let headers = vec![("content-type", "application/json".to_owned())];
                (200, headers, Reply::whole(body))
            }
            Answer::Taken { rejected, why } => {
                (200, Vec::new(), Reply::whole(answer::response(rejected, why).encode_to_vec()))
            }
            Answer::Http(status, headers, body) => (status, headers, Reply::whole(body)),
            Answer::Huge(status, mebibytes) => (status, Vec::new(), Reply::huge(mebibytes)),
            Answer::Raw(raw) => return Ok(raw.response()),
            Answer::Dripping => (200, Vec::new(), Reply::dripping()),
            answer @ Answer::Grpc(_) => panic!("not by HTTP: {answer:?}"),
        };
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(name, value);
        }
        Ok(response.body(body).expect("a status and headers"))
    }
}
