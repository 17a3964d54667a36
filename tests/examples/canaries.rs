//! Records what must not leave a process wherever there is room for it.
//!
//! `interop/run` looks for it behind a Collector. Each line of the standard input is a JSON object: the `text` with it,
//! the same as a `number`, and a trace `state`.

use std::error::Error;
use std::fmt;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::global;
use opentelemetry::trace::{
    Link, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId, TraceState,
    Tracer,
};
use opentelemetry::{Array, Context, InstrumentationScope, KeyValue, StringValue, Value};
use otel_runtime::traced;
use serde_json::Value as Json;

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = otel_runtime::init()?;
    for line in std::io::stdin().lines() {
        let canary = Canary::read(&line?)?;
        let caller = canary.caller()?;
        let _ =
            ours(&canary, Context::new().with_remote_span_context(caller.clone()), caller.clone());
        let panicked = std::panic::catch_unwind(|| panics(&canary));
        assert!(panicked.is_err());
        others(&canary, caller);
    }
    telemetry.shutdown()?;
    Ok(())
}

struct Canary {
    name: String,
    text: String,
    number: i64,
    state: String,
}

impl Canary {
    fn read(line: &str) -> Result<Self, Box<dyn Error>> {
        let json: Json = serde_json::from_str(line)?;
        let text = |key| json[key].as_str().unwrap_or_default().to_owned();
        let number = json["number"].as_i64().unwrap_or_default();
        Ok(Self { name: text("name"), text: text("text"), number, state: text("state") })
    }

    fn caller(&self) -> Result<SpanContext, Box<dyn Error>> {
        let state = self.state.parse::<TraceState>()?;
        let (trace, span) = (TraceId::from(1 << 100), SpanId::from(1));
        Ok(SpanContext::new(trace, span, TraceFlags::SAMPLED, true, state))
    }

    /// The text wherever an attribute has room for it.
    fn attributes(&self) -> Vec<KeyValue> {
        let (text, number) = (&self.text, self.number);
        let texts = vec![StringValue::from("first"), text.clone().into()];
        vec![
            KeyValue::new("canary", self.name.clone()),
            KeyValue::new("text", text.clone()),
            KeyValue::new("texts", Value::Array(Array::String(texts))),
            KeyValue::new(format!("key {text}"), "value"),
            KeyValue::new("card.number", number),
            KeyValue::new("card.numbers", Value::Array(vec![1, number].into())),
            KeyValue::new("db.query.text", format!("SELECT * FROM users WHERE note = '{text}'")),
            KeyValue::new("url.full", format!("https://shop.example/orders?note={text}")),
        ]
    }
}

/// As a span of ours.
#[traced(parent = parent, links(caller), name = canary.text.clone(), attrs(card.number = canary.number, text = canary.text.as_str()))]
fn ours(canary: &Canary, parent: Context, caller: SpanContext) -> Result<(), Failed> {
    let current = Context::current();
    let span = current.span();
    for attribute in canary.attributes() {
        span.set_attribute(attribute);
    }
    span.add_event(format!("event {}", canary.text), canary.attributes());
    span.add_link(caller, canary.attributes());
    debug(&canary.text);
    Err(Failed(canary.text.clone()))
}

/// With an argument as it is printed for those who debug.
#[traced(attrs(?text))]
fn debug(text: &str) {}

#[traced]
fn panics(canary: &Canary) {
    std::panic::resume_unwind(Box::new(format!("failed: {}", canary.text)));
}

/// As a span of another library.
fn others(canary: &Canary, caller: SpanContext) {
    let scope = InstrumentationScope::builder(format!("scope {}", canary.text))
        .with_version(canary.text.clone())
        .with_attributes([KeyValue::new("text", canary.text.clone())])
        .build();
    let tracer = global::tracer_with_scope(scope);
    let above = Context::new()
        .with_remote_span_context(caller.clone())
        .with_baggage([KeyValue::new("note", canary.text.clone())]);
    let builder = tracer
        .span_builder(canary.text.clone())
        .with_kind(SpanKind::Client)
        .with_attributes(canary.attributes())
        .with_links(vec![Link::new(caller, canary.attributes(), 0)]);
    let context = above.with_span(tracer.build_with_context(builder, &above));
    let span = context.span();
    span.add_event(format!("event {}", canary.text), canary.attributes());
    span.record_error(&Failed(canary.text.clone()));
    span.set_status(Status::error(format!("failed: {}", canary.text)));
}

#[derive(Debug)]
struct Failed(String);

impl fmt::Display for Failed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "failed: {}", self.0)
    }
}

impl Error for Failed {}
