//! Which span do log lines and log records say that they belong to?

mod errors;
mod json;
mod listed;
mod owner;
mod records;
mod setup;
mod text;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SpanData;
use otel_runtime::logs::with_trace_context;
use otel_tests::capture::{self, Spans};
use tracing::Subscriber;
use tracing_subscriber::fmt::MakeWriter;
use tracing_subscriber::layer::{Layer, Layered, SubscriberExt};
use tracing_subscriber::registry::Registry;

/// Runs `work` in this subscriber, and returns the spans that it made.
fn capture(subscriber: impl Subscriber + Send + Sync, work: impl FnOnce()) -> Spans {
    install();
    capture::capture(|| tracing::subscriber::with_default(subscriber, work))
}

/// Spans come from `init`.
fn install() {
    capture::install("otel-tests-native");
}

type Boxed = Box<dyn Layer<Registry> + Send + Sync>;

/// A subscriber with these layers.
fn subscriber(layers: impl IntoIterator<Item = Boxed>) -> Layered<Vec<Boxed>, Registry> {
    tracing_subscriber::registry().with(layers.into_iter().collect::<Vec<_>>())
}

/// The layer that makes OpenTelemetry's spans of those of `tracing`.
fn bridged_spans() -> Boxed {
    install();
    tracing_opentelemetry::layer().with_tracer(capture::provider().tracer("tracing")).boxed()
}

/// Lines of text.
fn text(lines: &Lines) -> Boxed {
    tracing_subscriber::fmt::layer()
        .without_time()
        .with_ansi(false)
        .with_writer(lines.clone())
        .map_event_format(with_trace_context)
        .boxed()
}

/// What a layer has written.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Lines {
    fn text(&self) -> String {
        let bytes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        String::from_utf8(bytes.clone()).expect("lines are text")
    }

    fn all(&self) -> Vec<String> {
        self.text().lines().map(str::to_owned).collect()
    }

    /// The only line.
    fn one(&self) -> String {
        let mut all = self.all();
        assert_eq!(all.len(), 1, "{all:?}");
        all.remove(0)
    }

    /// The only line with this text in it.
    fn with(&self, text: &str) -> String {
        let mut found: Vec<String> =
            self.all().into_iter().filter(|line| line.contains(text)).collect();
        assert_eq!(found.len(), 1, "{text}: {:?}", self.all());
        found.remove(0)
    }
}

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Lines {
    type Writer = Lines;

    fn make_writer(&self) -> Lines {
        self.clone()
    }
}

/// The prefix of a line of a span that is sampled.
fn prefix(span: &SpanData) -> String {
    let context = &span.span_context;
    format!("trace_id={} span_id={} trace_flags=01 ", context.trace_id(), context.span_id())
}
