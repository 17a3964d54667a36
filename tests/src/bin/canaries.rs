//! A program that has a value everywhere it should not be, for tests that look for it in all that leaves. Its
//! argument is the value, in a text. What it prints is what a program may print of this crate: nothing of it is to hold
//! the value either.

use std::collections::HashMap;
use std::error::Error;
use std::fmt;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{
    Link, Span, SpanContext, SpanId, Status, TraceContextExt, TraceFlags, TraceId, Tracer,
    TracerProvider,
};
use opentelemetry::{Array, Context, InstrumentationScope, KeyValue, StringValue, Value, global};
use opentelemetry_sdk::trace::SdkTracerProvider;
use otel_runtime::context::{self, BaggagePropagator};
use otel_runtime::privacy::{Redacting, RedactingPropagator, Redactor};
use otel_runtime::{builder, traced};
use otel_tests::exporters::Kept;

fn main() -> Result<(), Box<dyn Error>> {
    // What a program's own hook prints is its own affair.
    std::panic::set_hook(Box::new(|_| ()));
    let planted = std::env::args().nth(1).ok_or("a text with the value")?;
    if std::env::args().nth(2).as_deref() == Some("adopted") {
        return adopted(&planted);
    }
    let telemetry = builder()
        .resource_attribute("deployment.note", planted.clone())
        .resource_attribute(format!("note {planted}"), "key")
        .init()?;
    plant(&planted);
    println!("{:?}", telemetry.flush());
    println!("{telemetry:?}\n{:?}", telemetry.stats());
    println!("{}\n{:?}", otel_runtime::doctor(), otel_runtime::doctor());
    println!("{:?}", telemetry.would_redact());
    drop(telemetry);
    Ok(())
}

/// A program that has set up OpenTelemetry by itself prints the spans that it exports.
fn adopted(planted: &str) -> Result<(), Box<dyn Error>> {
    let mode = std::env::var("OTEL_TRACED_PRIVACY").unwrap_or_default();
    let redactor = Redactor::new(mode.parse().unwrap_or_default());
    let (exporter, batches) = Kept::new();
    let provider = SdkTracerProvider::builder()
        .with_batch_exporter(Redacting::new(exporter, redactor.clone()))
        .build();
    otel_runtime::adopt(provider.clone())?;
    global::set_tracer_provider(provider.clone());
    global::set_text_map_propagator(RedactingPropagator::new(
        BaggagePropagator::default(),
        redactor,
    ));
    plant(planted);
    provider.force_flush()?;
    println!("{:?}\n{}", batches.try_iter().collect::<Vec<_>>(), otel_runtime::doctor());
    Ok(())
}

/// Makes spans of all kinds that have it in all positions.
fn plant(planted: &str) {
    let _ = annotated(planted, &[planted]);
    let _ = std::panic::catch_unwind(|| panics(planted));
    scoped(planted);
    foreign(planted);
    let baggage = [KeyValue::new("note", planted.to_owned()), KeyValue::new("tier", "gold")];
    let mut headers: HashMap<String, String> = HashMap::new();
    let _context = Context::current_with_baggage(baggage).attach();
    context::inject(&mut headers);
    assert!(headers.get("baggage").is_some_and(|it| it.contains("tier=gold")), "{headers:?}");
    println!("{headers:?}");
}

struct Failed<'a>(&'a str);

impl fmt::Display for Failed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "it failed: {}", self.0)
    }
}

impl fmt::Debug for Failed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Failed({:?})", self.0)
    }
}

impl Error for Failed<'_> {}

#[traced(attrs(note = planted, shown = ?Failed(planted), all = %planted), ret = ?)]
fn annotated<'a>(planted: &'a str, _more: &[&str]) -> Result<(), Failed<'a>> {
    Err(Failed(planted))
}

#[traced]
fn panics(planted: &str) {
    panic!("no way: {planted}");
}

#[traced(scoped(scope.note = planted.to_owned()))]
fn scoped(planted: &str) {
    global::tracer("another library").in_span(planted.to_owned(), |context| {
        context
            .span()
            .add_event(planted.to_owned(), vec![KeyValue::new("note", planted.to_owned())]);
    });
}

/// A span of another library.
fn foreign(planted: &str) {
    let digits: String = planted.chars().filter(char::is_ascii_digit).collect();
    let attributes = || {
        let texts: Vec<StringValue> = vec!["clean".into(), planted.to_owned().into()];
        let number: i64 = digits.parse().unwrap_or_default();
        vec![
            KeyValue::new("note", planted.to_owned()),
            KeyValue::new(format!("note {planted}"), "key"),
            KeyValue::new("notes", Value::Array(Array::String(texts))),
            KeyValue::new("card.number", number),
            KeyValue::new("card.numbers", Value::Array(Array::I64(vec![1, number]))),
        ]
    };
    let scope = InstrumentationScope::builder(format!("scope {planted}"))
        .with_version(planted.to_owned())
        .with_attributes(attributes())
        .build();
    let tracer = global::tracer_provider().tracer_with_scope(scope);
    let state = format!("note={}", planted.replace('=', ":"));
    let linked = SpanContext::new(
        TraceId::from(7),
        SpanId::from(9),
        TraceFlags::SAMPLED,
        true,
        state.parse().unwrap_or_default(),
    );
    let parent = Context::new().with_remote_span_context(linked.clone());
    let builder = tracer
        .span_builder(format!("name {planted}"))
        .with_attributes(attributes())
        .with_links(vec![Link::new(linked, attributes(), 0)]);
    let mut span = builder.start_with_context(&tracer, &parent);
    span.add_event(format!("event {planted}"), attributes());
    span.record_error(&Failed(planted));
    span.set_status(Status::error(planted.to_owned()));
    span.end();
}
