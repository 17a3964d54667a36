//! How does a request go by HTTP?

mod answer;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, PROXY_AUTHORIZATION, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::Full;

use super::connection::Connection;
use super::failure::{self, Failure, Verdict};
use super::transport::{self, Transport};
use super::version::Version;
use super::warnings::Warnings;
use super::{compress, json};
use crate::export::Exported;
use crate::export::settings::{Compression, Otlp, Protocol, Signal};

pub(super) struct Client {
    connection: Connection,
    warnings: Warnings,
    endpoint: Uri,
    headers: HeaderMap,
    signal: Signal,
    protocol: Protocol,
    compression: Compression,
}

impl Client {
    pub(super) fn new(otlp: &Otlp) -> Result<Self, String> {
        let mut headers = otlp.headers.clone();
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(transport::USER_AGENT));
        let content_type = match otlp.protocol {
            Protocol::HttpJson => "application/json",
            _ => "application/x-protobuf",
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Some(encoding) = compress::content_encoding(otlp.compression) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        let connection = Connection::new(otlp, Version::Http1)?;
        if let Some(authorization) = connection.proxy_authorization() {
            headers.insert(PROXY_AUTHORIZATION, authorization.clone());
        }
        Ok(Client {
            warnings: Warnings::new(otlp.address()),
            connection,
            endpoint: otlp.endpoint.clone(),
            headers,
            signal: otlp.signal,
            protocol: otlp.protocol,
            compression: otlp.compression,
        })
    }

    /// The body as it goes over the wire.
    fn encoded(&self, body: Bytes) -> Result<Bytes, Failure> {
        let failed = |error: &(dyn std::error::Error + 'static)| {
            Failure::new(Verdict::Final, failure::chain(error))
        };
        let body = match self.protocol {
            Protocol::HttpJson => {
                json::encode(body, self.signal).map_err(|error| failed(error.as_ref()))?
            }
            _ => body,
        };
        compress::compress(body, self.compression).map_err(|error| failed(&error))
    }
}

impl Transport for Client {
    async fn send(&self, body: Bytes) -> Result<Exported, Failure> {
        let body = self.encoded(body)?;
        let mut request = Request::new(Full::new(body));
        *request.method_mut() = Method::POST;
        *request.uri_mut() = self.endpoint.clone();
        *request.headers_mut() = self.headers.clone();

        let (head, body) = self.connection.send(request).await?.text().await;
        Ok(answer::answered(&head, &body, self.endpoint.path())?.settle(&self.warnings))
    }
}
