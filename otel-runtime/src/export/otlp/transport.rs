//! What carries a request to the backend?

use bytes::Bytes;

use super::failure::Failure;
use crate::export::Exported;

/// Carries encoded requests to the backend.
pub(super) trait Transport: Send + Sync + 'static {
    /// Makes one attempt; others may run at the same time. `body` is an `ExportTraceServiceRequest` in
    /// protobuf.
    fn send(&self, body: Bytes) -> impl Future<Output = Result<Exported, Failure>> + Send;
}

/// The `user-agent`, in the form that the specification asks for.
pub(super) const USER_AGENT: &str = concat!(
    "otel-runtime/",
    env!("CARGO_PKG_VERSION"),
    " OTel-OTLP-Exporter-Rust/",
    env!("CARGO_PKG_VERSION"),
);
