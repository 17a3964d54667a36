//! Which spans do messages have?

mod batches;
mod ends;
mod received;
mod sent;

use std::collections::HashMap;
use std::io;
use std::sync::{PoisonError, RwLock};

use opentelemetry::Value;
use opentelemetry::trace::{SpanContext, SpanKind};
use otel_runtime::context::inject;
use otel_runtime::messaging::{Destination, Message};
use otel_runtime::testing::{Span, Spans};
use otel_runtime::traced;

type Headers = HashMap<String, String>;

/// Held for writing by the test that sets the filter of the process.
static FILTER: RwLock<()> = RwLock::new(());

/// The spans of `work`, in whatever trace.
fn capture<T>(work: impl FnOnce() -> T) -> (T, Spans) {
    let _filter = FILTER.read().unwrap_or_else(PoisonError::into_inner);
    let (result, spans) = otel_runtime::testing::capture(work);
    (result, spans.with_other_traces())
}

fn orders() -> Destination {
    Destination::nats("orders").server("nats.example", 4222)
}

/// The headers of a message that was sent in a span of its own.
fn sent() -> Headers {
    let mut headers = Headers::new();
    orders().send().run(|| inject(&mut headers));
    headers
}

#[traced]
fn work() {}

/// What an application does with a message.
fn ship(orders: &Destination, headers: &Headers) {
    orders.process().message(Message::from_headers(headers)).run(work);
}

fn text<'a>(span: &Span<'a>, key: &str) -> Option<&'a str> {
    match span.attribute(key) {
        Some(Value::String(text)) => Some(text.as_str()),
        Some(other) => panic!("{key} is {other:?}"),
        None => None,
    }
}

fn int(span: &Span<'_>, key: &str) -> Option<i64> {
    match span.attribute(key) {
        Some(Value::I64(number)) => Some(*number),
        Some(other) => panic!("{key} is {other:?}"),
        None => None,
    }
}

fn linked(span: &Span<'_>) -> Vec<SpanContext> {
    span.links().iter().map(|link| link.span_context.clone()).collect()
}

/// Ids of trace and span: what came in from elsewhere differs from the span itself in being remote.
fn ids(contexts: impl IntoIterator<Item = SpanContext>) -> Vec<String> {
    contexts.into_iter().map(|it| format!("{} {}", it.trace_id(), it.span_id())).collect()
}

fn context(span: &Span<'_>) -> SpanContext {
    span.data().span_context.clone()
}

fn failing() -> io::Result<()> {
    Err(io::Error::other("no such shelf"))
}
