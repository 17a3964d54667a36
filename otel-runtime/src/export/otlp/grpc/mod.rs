//! How does a request go by gRPC?

mod codec;

use bytes::Bytes;
use http::uri::{PathAndQuery, Scheme};
use tonic::client::Grpc;
use tonic::codec::CompressionEncoding;
use tonic::metadata::MetadataMap;
use tonic::transport::{Certificate, Channel, ClientTlsConfig, Endpoint, Identity};
use tonic::{Code, Status};
use tonic_types::StatusExt;

use self::codec::Encoded;
use super::failure::{self, Failure, Verdict};
use super::{MAX_REPLY, Transport, USER_AGENT, reply, without_roots};
use crate::config::{Compression, Otlp, Tls};
use crate::export::Exported;

const METHOD: &str = "/opentelemetry.proto.collector.trace.v1.TraceService/Export";

pub(super) struct Client {
    grpc: Grpc<Channel>,
    metadata: MetadataMap,
}

impl Client {
    pub(super) fn new(otlp: &Otlp) -> Result<Self, String> {
        let mut endpoint = Endpoint::from(otlp.endpoint.clone())
            // A connection that does not come about outlives the attempt that asked for it.
            .connect_timeout(otlp.timeout)
            .user_agent(USER_AGENT)
            .map_err(|error| failure::chain(&error))?;
        if otlp.endpoint.scheme() == Some(&Scheme::HTTPS) {
            endpoint =
                endpoint.tls_config(tls(&otlp.tls)).map_err(|error| without_roots(&error))?;
        }
        let mut grpc = Grpc::new(endpoint.connect_lazy()).max_decoding_message_size(MAX_REPLY);
        if let Some(encoding) = encoding(otlp.compression) {
            grpc = grpc.send_compressed(encoding);
        }
        Ok(Client { grpc, metadata: MetadataMap::from_headers(otlp.headers.clone()) })
    }
}

impl Transport for Client {
    async fn send(&self, body: Bytes) -> Result<Exported, Failure> {
        let mut grpc = self.grpc.clone();
        grpc.ready().await.map_err(|error| Failure::connection(&error))?;
        let mut request = tonic::Request::new(body);
        *request.metadata_mut() = self.metadata.clone();
        match grpc.unary(request, PathAndQuery::from_static(METHOD), Encoded).await {
            Ok(response) => Ok(reply::taken(response.get_ref())),
            Err(status) => Err(failed(&status)),
        }
    }
}

fn tls(Tls { roots, identity }: &Tls) -> ClientTlsConfig {
    let tls = match roots {
        Some(pem) => ClientTlsConfig::new().ca_certificate(Certificate::from_pem(pem)),
        // Without this there is no root to trust, and every connection fails.
        None => ClientTlsConfig::new().with_enabled_roots(),
    };
    match identity {
        Some(it) => tls.identity(Identity::from_pem(&it.certificate, &it.key)),
        None => tls,
    }
}

fn encoding(compression: Compression) -> Option<CompressionEncoding> {
    match compression {
        Compression::None => None,
        Compression::Gzip => Some(CompressionEncoding::Gzip),
        #[cfg(feature = "zstd")]
        Compression::Zstd => Some(CompressionEncoding::Zstd),
        #[cfg(not(feature = "zstd"))]
        // Refused where settings are checked.
        Compression::Zstd => None,
    }
}

fn failed(status: &Status) -> Failure {
    // Only what came about on this side has a cause.
    if let Some(error) = std::error::Error::source(status) {
        return Failure::connection(error);
    }
    let retry_info = status.get_details_retry_info().and_then(|info| info.retry_delay);
    let verdict = if is_too_large(status) {
        Verdict::TooLarge
    } else {
        failure::of_code(status.code(), retry_info)
    };
    let what = format!("the backend answered {:?}", status.code());
    Failure::new(verdict, reply::with_text(&what, status.message()))
}

/// No code of gRPC says so; these are the words of grpc-go, which the Collector uses, and of tonic.
fn is_too_large(status: &Status) -> bool {
    match status.code() {
        Code::ResourceExhausted => status.message().contains("larger than max"),
        Code::OutOfRange => status.message().contains("message length too large"),
        _ => false,
    }
}
