//! What do the variables say of OTLP?
//!
//! Specification: [OTLP exporter configuration](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).

use std::path::PathBuf;

use http::{HeaderName, HeaderValue};

use super::values::{self, Remedy};
use super::variables::Variables;
use crate::setup::config::header::header;
use crate::setup::config::list;
use crate::setup::config::settings::{Endpoint, OtlpSettings, TlsSettings};
use crate::setup::config::source::Given;

/// The variables of OTLP for one signal. Each beats the one for all signals.
pub(super) struct OtlpNames {
    endpoint: &'static str,
    protocol: &'static str,
    timeout: &'static str,
    headers: &'static str,
    compression: &'static str,
    certificate: &'static str,
    client_certificate: &'static str,
    client_key: &'static str,
    insecure: &'static str,
}

/// The variables for traces only.
pub(super) const OF_TRACES: OtlpNames = OtlpNames {
    endpoint: "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    protocol: "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    timeout: "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    headers: "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    compression: "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    certificate: "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    client_certificate: "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
    client_key: "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
    insecure: "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
};

/// The variables for metrics only.
pub(super) const OF_METRICS: OtlpNames = OtlpNames {
    endpoint: "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    protocol: "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    timeout: "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
    headers: "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
    compression: "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION",
    certificate: "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
    client_certificate: "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE",
    client_key: "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY",
    insecure: "OTEL_EXPORTER_OTLP_METRICS_INSECURE",
};

impl Variables<'_> {
    pub(super) fn otlp(&mut self, names: &OtlpNames) -> OtlpSettings {
        let path = |text: &str| Ok(PathBuf::from(text));
        OtlpSettings {
            endpoint: Endpoint {
                base: self.text("OTEL_EXPORTER_OTLP_ENDPOINT"),
                own: self.text(names.endpoint),
            },
            protocol: self.first([names.protocol, "OTEL_EXPORTER_OTLP_PROTOCOL"], values::protocol),
            timeout: self
                .first([names.timeout, "OTEL_EXPORTER_OTLP_TIMEOUT"], values::milliseconds),
            headers: self.headers([names.headers, "OTEL_EXPORTER_OTLP_HEADERS"]),
            compression: self
                .first([names.compression, "OTEL_EXPORTER_OTLP_COMPRESSION"], values::compression),
            tls: TlsSettings {
                certificate: self
                    .first([names.certificate, "OTEL_EXPORTER_OTLP_CERTIFICATE"], path),
                client_certificate: self.first(
                    [names.client_certificate, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"],
                    path,
                ),
                client_key: self.first([names.client_key, "OTEL_EXPORTER_OTLP_CLIENT_KEY"], path),
            },
            insecure: self.first([names.insecure, "OTEL_EXPORTER_OTLP_INSECURE"], values::boolean),
        }
    }

    /// Headers hold keys to backends, so messages about them show no value.
    fn headers(&mut self, names: [&'static str; 2]) -> Vec<Given<(HeaderName, HeaderValue)>> {
        let Some(name) = names.into_iter().find(|name| self.is_set(name)) else {
            return Vec::new();
        };
        let Some(Given { value, from }) = self.text(name) else { return Vec::new() };
        let headers = list::pairs(&value)
            .map_err(Remedy::Borrowed)
            .and_then(|pairs| pairs.iter().map(|(name, value)| header(name, value)).collect());
        let headers: Vec<_> = headers.unwrap_or_else(|remedy| {
            self.problems.add(&from, None, remedy);
            Vec::new()
        });
        headers.into_iter().map(|value| Given { value, from: from.clone() }).collect()
    }
}
