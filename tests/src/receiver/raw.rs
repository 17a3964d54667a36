//! What may come over HTTP/2 from whatever listens there?
//!
//! A backend of gRPC as far as requests go; its replies are written header by header.

use std::convert::Infallible;
use std::net::SocketAddr;

use http_body_util::BodyExt;
use hyper::Response;
use hyper::body::Incoming;
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use prost::Message;

use super::answer::{Answer, Answers, End, Raw, Reply};
use super::{Backend, Request, Serve};

pub(super) async fn serve(serve: Serve, backend: Backend) {
    let answers = Answers::new(backend.answers);
    loop {
        let (stream, peer) = serve.listener.accept().await.expect("a socket");
        let (requests, answers) = (serve.requests.clone(), answers.clone());
        tokio::spawn(async move {
            let answer = service_fn(|request| {
                let (requests, answers) = (requests.clone(), answers.clone());
                async move {
                    let request = received(request, peer).await;
                    // Nobody looks any more: the test is over.
                    let _ = requests.send(request);
                    Ok::<_, Infallible>(response(answers.next()))
                }
            });
            let connection = http2::Builder::new(TokioExecutor::new());
            // A client may hang up at any time.
            let _ = connection.serve_connection(TokioIo::new(stream), answer).await;
        });
    }
}

async fn received(request: hyper::Request<Incoming>, peer: SocketAddr) -> Request {
    let (head, body) = request.into_parts();
    let body = body.collect().await.expect("a whole body").to_bytes();
    Request {
        line: format!("{} {}", head.method, head.uri.path()),
        headers: head.headers,
        peer: Some(peer),
        body: ExportTraceServiceRequest::decode(&body[5..]).expect("OTLP in protobuf"),
    }
}

fn response(answer: Answer) -> Response<Reply> {
    let raw = match answer {
        Answer::Raw(raw) => raw,
        Answer::Taken { .. } => Raw::grpc(b"\0\0\0\0\0", End::trailers([("grpc-status", "0")])),
        other => panic!("not by this backend: {other:?}"),
    };
    raw.response()
}
