//! How does a request go by gRPC?
//!
//! One message each way, and then a status. We read the reply ourselves instead of using a gRPC client,
//! since a reply may be anything: nothing in it may cause a panic, and if the backend says that it took
//! the request, nothing odd in the rest of the reply may turn that into a failure.
//!
//! Specification: [gRPC over HTTP/2](https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).

mod answer;
mod message;
mod status;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, TE, USER_AGENT};
use http::uri::PathAndQuery;
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Uri, Version};
use http_body_util::Full;
use tokio::time::timeout_at;

pub(super) use self::status::Code;

use self::answer::Answer;
use self::message::Incoming;
use super::compress;
use super::connection::{Connection, Reply};
use super::failure::{self, Failure, Verdict};
use super::transport::{self, Transport};
use super::version;
use super::warnings::Warnings;
use crate::export::Exported;
use crate::export::settings::{Compression, Otlp, Signal};

fn method(signal: Signal) -> PathAndQuery {
    PathAndQuery::from_static(match signal {
        Signal::Traces => "/opentelemetry.proto.collector.trace.v1.TraceService/Export",
        Signal::Metrics => "/opentelemetry.proto.collector.metrics.v1.MetricsService/Export",
    })
}

pub(super) struct Client {
    connection: Connection,
    warnings: Warnings,
    method: Uri,
    headers: HeaderMap,
    compression: Compression,
}

impl Client {
    pub(super) fn new(otlp: &Otlp) -> Result<Self, String> {
        let mut method = otlp.endpoint.clone().into_parts();
        method.path_and_query = Some(self::method(otlp.signal));

        let mut headers = otlp.headers.clone();
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(transport::USER_AGENT));
        headers.insert(TE, HeaderValue::from_static("trailers"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/grpc"));
        if let Some(encoding) = compress::content_encoding(otlp.compression) {
            let name = HeaderName::from_static("grpc-encoding");
            headers.insert(name, HeaderValue::from_static(encoding));
        }
        Ok(Client {
            warnings: Warnings::new(otlp.address()),
            connection: Connection::new(otlp, version::Version::Http2)?,
            method: Uri::from_parts(method).map_err(|error| failure::chain(&error))?,
            headers,
            compression: otlp.compression,
        })
    }
}

impl Transport for Client {
    async fn send(&self, body: Bytes) -> Result<Exported, Failure> {
        let body = message::outgoing(body, self.compression)
            .map_err(|error| Failure::new(Verdict::Final, failure::chain(&error)))?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.version_mut() = Version::HTTP_2;
        *request.uri_mut() = self.method.clone();
        *request.headers_mut() = self.headers.clone();

        let reply = self.connection.send(request).await?;
        if answer::is_of_grpc(&reply.head) {
            Ok(read(reply).await?.meaning()?.settle(&self.warnings))
        } else {
            let (head, text) = reply.text().await;
            Err(answer::foreign(&head, &text))
        }
    }
}

/// Reads the reply. When it has begun with a message, the backend has taken the request, and the rest
/// is not waited for long.
async fn read(mut reply: Reply<'_>) -> Result<Answer, Failure> {
    let head = std::mem::take(&mut reply.head.headers);
    let mut message = Incoming::default();
    let mut trailers = None;
    // With a status in the head, the reply is complete.
    let mut end = status::Status::of(&head).map(|_| reply.is_answer());
    loop {
        let frame = match end {
            None => reply.frame().await,
            Some(end) => timeout_at(end, reply.frame()).await.unwrap_or(None),
        };
        let frame = match frame {
            None => break,
            Some(Err(_)) if end.is_some() => break,
            Some(frame) => frame?,
        };
        match frame.into_data() {
            Ok(data) => {
                message.extend(&data);
                if message.is_too_long() {
                    break;
                }
                if message.has_begun() {
                    end.get_or_insert_with(|| reply.is_answer());
                }
            }
            Err(frame) => trailers = trailers.or(frame.into_trailers().ok()),
        }
    }
    reply.is_answer();
    Ok(Answer { head, message, trailers })
}
