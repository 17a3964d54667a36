//! How does an event become a log record of OpenTelemetry, with the right ids?

use std::marker::PhantomData;

use opentelemetry::Context;
use opentelemetry::logs::{Logger, LoggerProvider};
use opentelemetry_appender_tracing::layer::OpenTelemetryTracingBridge;
use tracing::dispatcher::Dispatch;
use tracing::{Event, Subscriber};
use tracing_log::NormalizeEvent;
use tracing_subscriber::layer::{self, Layer};
use tracing_subscriber::registry::LookupSpan;

use super::owner::Whole;
use super::redacted::{Held, RedactingLogger};
use crate::context::current;

/// A layer that makes a log record of each event, through `opentelemetry-appender-tracing`, and hands it to a
/// [`LoggerProvider`] of the program's: it exports them, as by `opentelemetry-otlp`.
///
/// A record has the trace and the span of its event by the same rules as a line: see
/// [`with_trace_context`](super::with_trace_context). The appender alone gives a record the current span also where the
/// event names its parent.
///
/// What the exporters themselves log is not exported, or every batch of records would make the next one: neither what is
/// logged while telemetry is suppressed, nor events and records of `log` whose target begins with a crate that carries
/// them: `h2`, `hyper`, `hyper_util`, `hyper_rustls`, `rustls`, `tonic`, `tower`, `reqwest`, `opentelemetry`,
/// `opentelemetry_sdk`, `opentelemetry_otlp`, `opentelemetry_http`. They work in tasks and on threads of
/// their own, which cannot be told from those of the program. Lines of text still show them.
///
/// Secrets are taken out of a record as they are out of spans: as [`init`](crate::init) was told, and before it as by
/// default. That is done on the thread that logs. Lines of text are the program's own, and are not looked at.
///
/// # Examples
///
/// ```
/// use opentelemetry_sdk::logs::SdkLoggerProvider;
/// use otel_runtime::logs;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// // with an exporter, such as that of `opentelemetry-otlp`
/// let provider = SdkLoggerProvider::builder().build();
/// let subscriber = tracing_subscriber::registry().with(logs::bridge(&provider));
/// # drop(subscriber);
/// ```
pub fn bridge<P, L>(provider: &P) -> Bridge<P, L>
where
    P: LoggerProvider<Logger = L> + Send + Sync + 'static,
    L: Logger + Send + Sync + 'static,
{
    let appender = OpenTelemetryTracingBridge::new(&Held::new(provider.logger("")));
    Bridge { appender, whole: Whole::default(), provider: PhantomData }
}

/// The layer that [`bridge`] makes.
pub struct Bridge<P, L>
where
    P: LoggerProvider<Logger = L> + Send + Sync,
    L: Logger + Send + Sync,
{
    appender: OpenTelemetryTracingBridge<Held<L>, RedactingLogger<L>>,
    whole: Whole,
    provider: PhantomData<fn() -> P>,
}

impl<P, L> std::fmt::Debug for Bridge<P, L>
where
    P: LoggerProvider<Logger = L> + Send + Sync,
    L: Logger + Send + Sync,
{
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Bridge").finish_non_exhaustive()
    }
}

/// The crates that exporters send with.
const TRANSPORTS: [&str; 12] = [
    "h2",
    "hyper",
    "hyper_rustls",
    "hyper_util",
    "opentelemetry",
    "opentelemetry_http",
    "opentelemetry_otlp",
    "opentelemetry_sdk",
    "reqwest",
    "rustls",
    "tonic",
    "tower",
];

/// Whether an event or a span with this target may be about an export.
pub(super) fn is_of_a_transport(target: &str) -> bool {
    // The SDK's own are `opentelemetry-otlp` and the like.
    let first = target.split("::").next().unwrap_or_default();
    TRANSPORTS.contains(&first) || first.starts_with("opentelemetry-")
}

impl<S, P, L> Layer<S> for Bridge<P, L>
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    P: LoggerProvider<Logger = L> + Send + Sync + 'static,
    L: Logger + Send + Sync + 'static,
{
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.whole.register(subscriber);
    }

    fn on_event(&self, event: &Event<'_>, layer: layer::Context<'_, S>) {
        if current::map(Context::is_telemetry_suppressed).unwrap_or(true) {
            return;
        }
        let normalized = event.normalized_metadata();
        if is_of_a_transport(normalized.as_ref().unwrap_or_else(|| event.metadata()).target()) {
            return;
        }
        // The provider asks which context is current.
        let _attached = self.whole.context(event, &layer).and_then(current::attach);
        self.appender.on_event(event, layer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_crates_that_exporters_send_with_are_known_by_the_first_part_of_a_target() {
        for target in ["h2", "hyper::client", "hyper_util::client::legacy", "opentelemetry-otlp"] {
            assert!(is_of_a_transport(target), "{target}");
        }
        for target in ["", "shop", "shop::tower", "towers", "h2o::x", "opentelemetry_of_ours"] {
            assert!(!is_of_a_transport(target), "{target}");
        }
    }
}
