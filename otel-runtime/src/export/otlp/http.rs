//! How do spans leave by HTTP?

use std::fmt;

use async_trait::async_trait;
use http::header::{CONTENT_ENCODING, CONTENT_TYPE, USER_AGENT};
use http::uri::Scheme;
use http::{HeaderMap, HeaderValue, Request, Response};
use hyper_rustls::HttpsConnectorBuilder;
use hyper_util::client::legacy::connect::HttpConnector;
use opentelemetry_http::hyper::HyperClient;
use opentelemetry_http::{Bytes, HttpClient, HttpError};
use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithHttpConfig};

use super::{LastError, attempt_timeout, chain, retry_policy, without_roots};
use crate::config::Otlp;

pub(super) fn exporter(otlp: &Otlp) -> Result<(SpanExporter, LastError), String> {
    let last_error = LastError::default();
    let client = Client {
        transport: transport(otlp)?,
        headers: otlp.headers.clone(),
        last_error: last_error.clone(),
    };
    let exporter = SpanExporter::builder()
        .with_http()
        .with_endpoint(otlp.endpoint.to_string())
        .with_protocol(opentelemetry_otlp::Protocol::HttpBinary)
        .with_timeout(attempt_timeout(otlp))
        // Never the default one, which any crate in the build can change by turning on a feature.
        .with_http_client(client)
        .with_retry_policy(retry_policy())
        .build()
        .map_err(|error| chain(&error))?;
    Ok((exporter, last_error))
}

/// HTTP/1.1, with TLS by ring over the system's roots, and without following redirects.
fn transport(otlp: &Otlp) -> Result<Box<dyn HttpClient>, String> {
    let timeout = attempt_timeout(otlp);
    let mut tcp = HttpConnector::new();
    tcp.set_connect_timeout(Some(timeout));
    tcp.set_nodelay(true);
    if otlp.endpoint.scheme() != Some(&Scheme::HTTPS) {
        return Ok(Box::new(HyperClient::new(tcp, timeout, None)));
    }
    tcp.enforce_http(false);
    let tls = HttpsConnectorBuilder::new()
        .with_provider_and_native_roots(rustls::crypto::ring::default_provider())
        .map_err(|error| without_roots(&error))?
        .https_only()
        .enable_http1()
        .wrap_connector(tcp);
    Ok(Box::new(HyperClient::new(tls, timeout, None)))
}

struct Client {
    transport: Box<dyn HttpClient>,
    headers: HeaderMap,
    last_error: LastError,
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, mut request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let mut headers = self.headers.clone();
        for name in [USER_AGENT, CONTENT_ENCODING] {
            if let Some(value) = request.headers_mut().remove(&name) {
                headers.entry(name).or_insert(value);
            }
        }
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/x-protobuf"));
        *request.headers_mut() = headers;

        let result = self.transport.send_bytes(request).await;
        let error = result.as_ref().err().map(|error| chain(error.as_ref()));
        *self.last_error.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = error;
        result
    }
}

/// Shows no header.
impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").finish_non_exhaustive()
    }
}
