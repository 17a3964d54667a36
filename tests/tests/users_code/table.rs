//! What of the program's is called for a span, and may it fail the call?
//!
//! All of it panics here, with a payload that panics when it is dropped. Exporters, which are called on
//! the export thread, are in `tests/export/delivery.rs`.

use std::borrow::Cow;
use std::collections::HashMap;
use std::error::Error;
use std::fmt;
use std::panic::panic_any;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{Link, SpanContext, SpanId, SpanKind, TraceContextExt, TraceId};
use opentelemetry::{Context, KeyValue, global};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    IdGenerator, RandomIdGenerator, Sampler, SamplingResult, ShouldSample, Span, SpanData,
    SpanProcessor,
};
use otel_runtime::context::{ExtractCarrier, InjectCarrier, extract, inject};
use otel_runtime::traced;

/// A payload that nobody can drop.
struct Grenade;

impl Drop for Grenade {
    fn drop(&mut self) {
        panic!("dropped");
    }
}

fn fails() -> ! {
    panic_any(Grenade)
}

/// Whatever a program may write itself.
#[derive(Clone, Debug)]
pub(crate) struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("half ")?;
        fails()
    }
}

/// Whatever says itself by `Debug`.
struct PanicsInDebug;

impl fmt::Debug for PanicsInDebug {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        fails()
    }
}

impl fmt::Display for PanicsInDebug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an error")
    }
}

impl Error for PanicsInDebug {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        fails()
    }
}

impl From<Panics> for Cow<'static, str> {
    fn from(_: Panics) -> Self {
        fails()
    }
}

impl Iterator for Panics {
    type Item = SpanContext;

    fn next(&mut self) -> Option<SpanContext> {
        fails()
    }
}

/// About the spans whose names say so.
impl ShouldSample for Panics {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        if name == "sampler" {
            fails();
        }
        Sampler::AlwaysOn.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl SpanProcessor for Panics {
    fn on_start(&self, span: &mut Span, _: &Context) {
        if span.exported_data().is_some_and(|span| span.name == "processor_at_the_start") {
            fails();
        }
    }

    fn on_end(&self, span: SpanData) {
        if span.name == "processor_at_the_end" {
            fails();
        }
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: std::time::Duration) -> OTelSdkResult {
        Ok(())
    }
}

/// Every other id.
impl IdGenerator for Panics {
    fn new_trace_id(&self) -> TraceId {
        RandomIdGenerator::default().new_trace_id()
    }

    fn new_span_id(&self) -> SpanId {
        let id = RandomIdGenerator::default().new_span_id();
        if id.to_bytes()[7] % 2 == 0 { id } else { fails() }
    }
}

impl TextMapPropagator for Panics {
    fn inject_context(&self, _: &Context, _: &mut dyn Injector) {
        fails()
    }

    fn extract_with_context(&self, _: &Context, _: &dyn Extractor) -> Context {
        fails()
    }

    fn fields(&self) -> FieldIter<'_> {
        fails()
    }
}

impl ExtractCarrier for Panics {
    fn with_extractor<R>(&self, _: impl FnOnce(&dyn Extractor) -> R) -> R {
        fails()
    }
}

impl InjectCarrier for Panics {
    fn with_injector<R>(&mut self, _: impl FnOnce(&mut dyn Injector) -> R) -> R {
        fails()
    }

    fn remove(&mut self, _: &str) {
        fails()
    }
}

#[traced]
fn sampler() -> u32 {
    under_the_sampler()
}

#[traced]
fn under_the_sampler() -> u32 {
    7
}

#[traced]
fn processor_at_the_start() -> u32 {
    7
}

#[traced]
fn processor_at_the_end() -> u32 {
    7
}

#[traced(attrs(value = %Panics, another = 1))]
fn display() -> u32 {
    7
}

#[traced(attrs(value = ?PanicsInDebug))]
fn debug() -> u32 {
    7
}

#[traced(name = Panics)]
fn name() -> u32 {
    7
}

#[traced(links(Panics))]
fn links() -> u32 {
    7
}

#[traced(parent(extract = &Panics))]
fn carrier() -> u32 {
    7
}

#[traced(parent(extract = headers))]
fn propagator(headers: &HashMap<String, String>) -> u32 {
    let mut outgoing = headers.clone();
    inject(&mut outgoing);
    inject(&mut Panics);
    assert!(outgoing.is_empty() && !extract(&Panics).has_active_span());
    7
}

#[traced]
fn display_of_an_error() -> Result<(), Panics> {
    Err(Panics)
}

#[traced]
fn source_of_an_error() -> Result<(), PanicsInDebug> {
    Err(PanicsInDebug)
}

#[traced]
fn debug_of_an_erased_error() -> Result<(), Box<dyn Error>> {
    Err(Box::new(PanicsInDebug))
}

#[traced(err = ?)]
fn debug_of_an_error() -> Result<(), PanicsInDebug> {
    Err(PanicsInDebug)
}

#[traced(err = |_| fails())]
fn closure_for_an_error() -> Result<(), u32> {
    Err(7)
}

#[traced(err = |_| Panics)]
fn display_of_what_a_closure_makes() -> Result<(), u32> {
    Err(7)
}

#[traced(error_if = |_| fails())]
fn closure_that_judges() -> u32 {
    7
}

#[traced(ret(part = |_| -> u32 { fails() }))]
fn closure_for_a_part() -> u32 {
    7
}

#[traced(ret = %)]
fn display_of_what_is_returned() -> Panics {
    Panics
}

#[traced(err = %)]
async fn display_of_an_error_later() -> Result<(), Panics> {
    Err(Panics)
}

fn later() -> Result<(), Panics> {
    let future = std::pin::pin!(display_of_an_error_later());
    let mut task = std::task::Context::from_waker(std::task::Waker::noop());
    match future.poll(&mut task) {
        std::task::Poll::Ready(result) => result,
        std::task::Poll::Pending => unreachable!("it does not wait"),
    }
}

/// What is called, and whether the call returned what it should.
type Row = (&'static str, fn() -> bool);

const TABLE: &[Row] = &[
    ("a sampler", || sampler() == 7),
    ("a processor, at the start of a span", || processor_at_the_start() == 7),
    ("a processor, at the end of a span", || processor_at_the_end() == 7),
    ("a generator of ids", || (0..20).all(|_| under_the_sampler() == 7)),
    ("the `Display` of an attribute", || display() == 7),
    ("the `Debug` of an attribute", || debug() == 7),
    ("the conversion of a name", || name() == 7),
    ("an iterator of links", || links() == 7),
    ("a carrier", || carrier() == 7),
    ("a propagator", || propagator(&HashMap::new()) == 7),
    ("the `Display` of an error", || display_of_an_error().is_err()),
    ("the same, of a future's", || later().is_err()),
    ("the source of an error", || source_of_an_error().is_err()),
    ("the `Debug` of an error that is erased", || debug_of_an_erased_error().is_err()),
    ("the `Debug` of an error", || debug_of_an_error().is_err()),
    ("the closure of `err`", || closure_for_an_error().is_err()),
    ("the `Display` of what it makes", || display_of_what_a_closure_makes().is_err()),
    ("the closure of `error_if`", || closure_that_judges() == 7),
    ("the closure of `ret(..)`", || closure_for_a_part() == 7),
    ("the `Display` of what is returned", || matches!(display_of_what_is_returned(), Panics)),
];

/// Calls all of it, and says what failed a call.
pub(crate) fn failed() -> Vec<&'static str> {
    global::set_text_map_propagator(Panics);
    let fails = |call: fn() -> bool| !std::panic::catch_unwind(call).unwrap_or(false);
    TABLE.iter().filter(|(_, call)| fails(*call)).map(|(what, _)| *what).collect()
}
