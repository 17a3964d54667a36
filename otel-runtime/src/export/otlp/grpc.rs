//! How do spans leave by gRPC?

use opentelemetry_otlp::{SpanExporter, WithExportConfig, WithTonicConfig};
use tonic::metadata::MetadataMap;
use tonic::transport::{ClientTlsConfig, Endpoint};

use super::{attempt_timeout, chain, retry_policy, without_roots};
use crate::config::Otlp;

pub(super) fn exporter(otlp: &Otlp) -> Result<SpanExporter, String> {
    let timeout = attempt_timeout(otlp);
    let mut endpoint =
        Endpoint::from(otlp.endpoint.clone()).timeout(timeout).connect_timeout(timeout);
    if otlp.endpoint.scheme() == Some(&http::uri::Scheme::HTTPS) {
        // Without this there is no root to trust, and every connection fails.
        let tls = ClientTlsConfig::new().with_enabled_roots();
        endpoint = endpoint.tls_config(tls).map_err(|error| without_roots(&error))?;
    }
    let metadata = MetadataMap::from_headers(otlp.headers.clone());
    SpanExporter::builder()
        .with_tonic()
        .with_endpoint(otlp.endpoint.to_string())
        .with_protocol(opentelemetry_otlp::Protocol::Grpc)
        .with_timeout(timeout)
        .with_channel(endpoint.connect_lazy())
        .with_interceptor(move |mut request: tonic::Request<()>| {
            *request.metadata_mut() = metadata.clone();
            Ok(request)
        })
        .with_retry_policy(retry_policy())
        .build()
        .map_err(|error| chain(&error))
}
