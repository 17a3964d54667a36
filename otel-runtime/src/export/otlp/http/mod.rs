//! How does a request go by HTTP?

mod answer;
mod compress;
mod retry_after;
mod tls;

use bytes::Bytes;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::{HeaderMap, HeaderValue, Method, Request, Uri};
use http_body_util::{BodyExt, Full, LengthLimitError, Limited};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::failure::{self, Failure, Verdict};
use super::{MAX_REPLY, Transport, json};
use crate::config::{Compression, Otlp, Protocol};
use crate::export::Exported;

/// Follows no redirect: what is sent is not for whoever a server names.
pub(super) struct Client {
    http: legacy::Client<HttpsConnector<HttpConnector>, Full<Bytes>>,
    endpoint: Uri,
    headers: HeaderMap,
    protocol: Protocol,
    compression: Compression,
}

impl Client {
    pub(super) fn new(otlp: &Otlp) -> Result<Self, String> {
        let mut tcp = HttpConnector::new();
        tcp.set_connect_timeout(Some(otlp.timeout));
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let connector = HttpsConnectorBuilder::new()
            .with_tls_config(tls::config(otlp)?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);

        let mut headers = otlp.headers.clone();
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(super::USER_AGENT));
        let content_type = match otlp.protocol {
            Protocol::HttpJson => "application/json",
            _ => "application/x-protobuf",
        };
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Some(encoding) = compress::content_encoding(otlp.compression) {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        Ok(Client {
            http: legacy::Client::builder(TokioExecutor::new()).build(connector),
            endpoint: otlp.endpoint.clone(),
            headers,
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
            Protocol::HttpJson => json::encode(body).map_err(|error| failed(error.as_ref()))?,
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

        let reply = self.http.request(request);
        let (head, body) = reply.await.map_err(|error| Failure::connection(&error))?.into_parts();
        let body = match Limited::new(body, MAX_REPLY).collect().await {
            Ok(body) => body.to_bytes(),
            // The head says enough.
            Err(error) if error.is::<LengthLimitError>() => Bytes::new(),
            Err(error) => return Err(Failure::connection(error.as_ref())),
        };
        answer::answered(&head, &body)
    }
}
