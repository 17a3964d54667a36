//! How do spans leave by OTLP?
//!
//! `opentelemetry-otlp` encodes and retries. It also reads the environment on its own account, after
//! ours was read and checked; so endpoint, protocol and timeout are always handed to it, and the
//! headers are replaced in every request by those that were decided here.

#[cfg(feature = "otlp-grpc")]
mod grpc;
#[cfg(feature = "otlp-http")]
mod http;

use std::time::Duration;

use opentelemetry_otlp::{RetryPolicy, SpanExporter};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::{OTelSdkError, OTelSdkResult};
use opentelemetry_sdk::trace::{SpanData, SpanExporter as _};

use super::{Export, ExportError, Exported, Exporting, Retries};
use crate::config::{Otlp, Protocol};

/// Connects lazily: a backend that is not there yet is no error.
///
/// It has to be called inside the runtime that will drive the exporter.
pub(crate) fn connect(otlp: &Otlp, _retries: Retries) -> Result<Box<dyn Export>, String> {
    let (client, last_error) = match otlp.protocol {
        #[cfg(feature = "otlp-grpc")]
        Protocol::Grpc => (grpc::exporter(otlp)?, LastError::default()),
        #[cfg(feature = "otlp-http")]
        Protocol::HttpProtobuf => http::exporter(otlp)?,
        #[cfg(not(all(feature = "otlp-grpc", feature = "otlp-http")))]
        protocol => return Err(format!("{protocol} is not built in")),
    };
    let endpoint = &otlp.endpoint;
    let destination = format!(
        "{}://{}",
        endpoint.scheme_str().unwrap_or("http"),
        endpoint.authority().map_or("", |authority| authority.as_str()),
    );
    Ok(Box::new(Exporter { client, last_error, destination, timeout: otlp.timeout }))
}

/// What went wrong last on the way, where the exporter itself does not tell.
type LastError = std::sync::Arc<std::sync::Mutex<Option<String>>>;

struct Exporter {
    client: SpanExporter,
    last_error: LastError,
    destination: String,
    timeout: Duration,
}

impl Exporter {
    fn explain(&self, error: OTelSdkError) -> OTelSdkError {
        let last = self.last_error.lock().unwrap_or_else(std::sync::PoisonError::into_inner).take();
        match (error, last) {
            (OTelSdkError::InternalFailure(what), Some(why)) => {
                OTelSdkError::InternalFailure(format!("{what}: {why}"))
            }
            (error, _) => error,
        }
    }
}

impl Export for Exporter {
    fn destination(&self) -> String {
        self.destination.clone()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.client.set_resource(resource);
    }

    fn export(&mut self, batch: Vec<SpanData>) -> Exporting<'_> {
        Box::pin(async {
            // One bound over all attempts; those below are longer, so that a timeout is told as one.
            match tokio::time::timeout(self.timeout, self.client.export(batch)).await {
                Ok(Ok(())) => Ok(Exported::default()),
                Ok(Err(error)) => Err(self.explain(error).into()),
                Err(_) => Err(ExportError::TimedOut(self.timeout)),
            }
        })
    }

    fn shutdown(&mut self) -> OTelSdkResult {
        self.client.shutdown()
    }
}

/// The bound of a single attempt, beyond the bound of them all.
fn attempt_timeout(otlp: &Otlp) -> Duration {
    otlp.timeout + Duration::from_secs(1)
}

/// Four more attempts within about two seconds: enough for a connection that broke, and short
/// enough for a program that ends while its backend is away.
fn retry_policy() -> RetryPolicy {
    RetryPolicy::recommended()
        .with_max_retries(4)
        .with_initial_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_millis(1600))
        .with_max_jitter(Duration::from_millis(100))
}

/// TLS cannot be used: there is nothing to trust.
fn without_roots(error: &(dyn std::error::Error + 'static)) -> String {
    let why = chain(error);
    format!(
        "no certificates to trust ({why}): install the system's, or name a file in SSL_CERT_FILE"
    )
}

/// An error and its causes, in one line.
fn chain(error: &(dyn std::error::Error + 'static)) -> String {
    let causes = std::iter::successors(Some(error), |error| error.source());
    let mut text: Vec<String> = causes.map(ToString::to_string).collect();
    // Some errors repeat what caused them.
    text.dedup();
    text.join(": ")
}
