//! How is what must not leave taken out of spans that another SDK exports?

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use opentelemetry::trace::{Event, Link, SpanContext, Status, TraceState};
use opentelemetry::{Key, KeyValue};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::redactor::{EXCEPTION, Place, Redacted, Redactor};
use crate::process::panics;
use crate::process::unwind::caught;

/// An exporter behind which nothing arrives that must not leave the process: it looks at every span, and at the
/// resource, and hands on what is left of them.
///
/// For a program that has set up OpenTelemetry by itself, and [adopted](crate::adopt) its provider. What
/// [`init`](crate::init) sets up does the same for all exporters.
///
/// ```
/// # use opentelemetry_sdk::error::OTelSdkResult;
/// # use opentelemetry_sdk::trace::{SpanData, SpanExporter};
/// use opentelemetry_sdk::trace::SdkTracerProvider;
/// use otel_runtime::privacy::{Mode, Redacting, Redactor};
///
/// # #[derive(Debug)]
/// # struct Own;
/// # impl SpanExporter for Own {
/// #     async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult { Ok(()) }
/// # }
/// # let exporter = Own;
/// let exporter = Redacting::new(exporter, Redactor::new(Mode::Secrets));
/// let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).build();
/// otel_runtime::adopt(provider)?;
/// # Ok::<(), otel_runtime::AdoptError>(())
/// ```
///
/// It works on the thread that exports: put it behind a batch processor, not a simple one. What does not go through
/// an exporter of spans is not looked at: baggage that is sent to other services, metrics, logs. Spans were cut to the
/// SDK's limits before.
pub struct Redacting<E> {
    exporter: E,
    redactor: Redactor,
}

impl<E> Redacting<E> {
    /// Hands what `redactor` leaves of spans on to `exporter`.
    pub fn new(exporter: E, redactor: Redactor) -> Redacting<E> {
        Redacting { exporter, redactor }
    }

    fn redacted(&self, batch: Vec<SpanData>) -> Vec<SpanData> {
        if self.redactor.is_off() {
            return batch;
        }
        // A span that cannot be looked at does not leave.
        let left = |span| panics::quietly(|| caught(|| self.redactor.span(span))).ok();
        batch.into_iter().filter_map(left).collect()
    }
}

impl Redactor {
    /// What leaves of a span of the SDK.
    pub(crate) fn span(&self, span: SpanData) -> SpanData {
        let SpanData {
            span_context,
            name,
            attributes,
            mut events,
            mut links,
            status,
            instrumentation_scope,
            ..
        } = span;
        let renamed = self.text(Place::Name { of: "span.name", is_static: false }, &name);
        events.events = events.events.into_iter().map(|it| self.event(it)).collect();
        links.links = links.links.into_iter().map(|it| self.link(it)).collect();
        SpanData {
            span_context: self.span_context(span_context),
            name: renamed.or_placeholder().map_or(name, Into::into),
            attributes: self.unique(attributes),
            events,
            links,
            status: self.status(status),
            instrumentation_scope: self
                .scope(&instrumentation_scope)
                .unwrap_or(instrumentation_scope),
            ..span
        }
    }

    fn event(&self, mut event: Event) -> Event {
        let is_static = event.name == EXCEPTION;
        let renamed = self.text(Place::Name { of: "event.name", is_static }, &event.name);
        if let Some(name) = renamed.or_placeholder() {
            event.name = name.into();
        }
        event.attributes = self.unique(event.attributes);
        event
    }

    fn link(&self, mut link: Link) -> Link {
        link.span_context = self.span_context(link.span_context);
        link.attributes = self.unique(link.attributes);
        link
    }

    fn status(&self, status: Status) -> Status {
        let Status::Error { description } = &status else { return status };
        match self.text(Place::Status, description) {
            Redacted::Kept => status,
            Redacted::Replaced(text) => Status::error(text),
            Redacted::Dropped => Status::error(""),
        }
    }

    fn span_context(&self, context: SpanContext) -> SpanContext {
        let state = match self.trace_state(&context.trace_state().header()) {
            Redacted::Kept => return context,
            Redacted::Replaced(header) => header.parse().unwrap_or_default(),
            Redacted::Dropped => TraceState::NONE,
        };
        let (trace, span) = (context.trace_id(), context.span_id());
        SpanContext::new(trace, span, context.trace_flags(), context.is_remote(), state)
    }

    /// What leaves of attributes; of those whose keys became the same, the last.
    fn unique(&self, attributes: Vec<KeyValue>) -> Vec<KeyValue> {
        let keys: Vec<Key> = attributes.iter().map(|it| it.key.clone()).collect();
        let mut left = self.attributes(attributes);
        if left.iter().any(|it| !keys.contains(&it.key)) {
            let mut seen = HashSet::new();
            left.reverse();
            left.retain(|it| seen.insert(it.key.clone()));
            left.reverse();
        }
        left
    }
}

impl<E: SpanExporter> SpanExporter for Redacting<E> {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        self.exporter.export(self.redacted(batch)).await
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn shutdown(&self) -> OTelSdkResult {
        self.exporter.shutdown()
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(&self.redactor.resource(resource));
    }
}

/// Shows no span.
impl<E: fmt::Debug> fmt::Debug for Redacting<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Redacting")
            .field("exporter", &self.exporter)
            .field("redactor", &self.redactor)
            .finish()
    }
}
