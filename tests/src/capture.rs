//! Which spans did this test make?
//!
//! A process has one provider, so all tests of a binary share it. Each runs under a remote parent
//! of its own, and finds its spans by their trace.

use std::io::Write;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::time::Duration;

use opentelemetry::trace::{
    SpanContext, SpanId, Status, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, Value};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{
    IdGenerator, RandomIdGenerator, SdkTracerProvider, Span, SpanData, SpanExporter, SpanProcessor,
};
use otel_runtime::{ScopedAttributes, Telemetry};

static ENDED: Mutex<Vec<SpanData>> = Mutex::new(Vec::new());

fn ended() -> MutexGuard<'static, Vec<SpanData>> {
    if let Some(Recorder::Native(telemetry)) = RECORDER.get() {
        telemetry.flush().expect("no span is lost");
    }
    ENDED.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What makes the spans of this process.
enum Recorder {
    /// A provider that was set up by hand, and adopted.
    Adopted(SdkTracerProvider),
    /// The one of `init`.
    Native(Box<Telemetry>),
    /// Nobody.
    Off,
}

static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// Set in a process whose calls are to be as if nobody traced.
pub const OFF: &str = "OTEL_TESTS_OFF";

/// Says which recorder the tests of `package` have, all of them in one process.
///
/// # Panics
///
/// When somebody else has installed one.
pub fn install(package: &str) {
    RECORDER.get_or_init(|| {
        if std::env::var_os(OFF).is_some() {
            Recorder::Off
        } else if package == "otel-tests-native" {
            let builder = otel_runtime::builder().exporter(Collect).max_queue_size(100_000);
            Recorder::Native(Box::new(builder.init().expect("nobody has come before")))
        } else {
            let provider = SdkTracerProvider::builder()
                .with_span_processor(ScopedAttributes::default())
                .with_span_processor(Collect)
                .build();
            otel_runtime::adopt(provider.clone()).expect("nobody has come before");
            Recorder::Adopted(provider)
        }
    });
}

#[derive(Debug)]
struct Collect;

impl SpanProcessor for Collect {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, span: SpanData) {
        ENDED.lock().unwrap_or_else(PoisonError::into_inner).push(span);
    }

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl SpanExporter for Collect {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut ended = ENDED.lock().unwrap_or_else(PoisonError::into_inner);
        ended.extend(batch);
        // Each thread has its own order.
        ended.sort_by_key(|span| span.end_time);
        Ok(())
    }
}

/// The provider of this process, whose spans are kept as those of annotated functions are.
///
/// # Panics
///
/// Before [`install`].
pub fn provider() -> &'static SdkTracerProvider {
    match RECORDER.get() {
        Some(Recorder::Adopted(provider)) => provider,
        Some(Recorder::Native(telemetry)) => telemetry.tracer_provider(),
        Some(Recorder::Off) | None => panic!("nobody makes spans here"),
    }
}

/// A remote parent that no other test has.
#[must_use]
pub fn remote_parent() -> SpanContext {
    let ids = RandomIdGenerator::default();
    SpanContext::new(
        ids.new_trace_id(),
        ids.new_span_id(),
        TraceFlags::SAMPLED,
        true,
        TraceState::default(),
    )
}

/// The spans of one trace, in the order in which they ended.
#[derive(Debug)]
pub struct Spans {
    /// The remote parent of them all.
    pub parent: SpanContext,
    /// The spans.
    pub all: Vec<SpanData>,
}

/// Runs `work` and returns the spans it made in its own trace. In a process that is [`OFF`] there
/// are none, and that is where it ends.
///
/// # Panics
///
/// When `work` does, or has spans in a process that is [`OFF`].
pub fn capture(work: impl FnOnce()) -> Spans {
    let parent = remote_parent();
    let attached = Context::new().with_remote_span_context(parent.clone()).attach();
    work();
    drop(attached);
    let spans = Spans::of(parent);
    if let Some(Recorder::Off) = RECORDER.get() {
        assert_eq!(spans.names(), Vec::<&str>::new());
        // What follows is about spans.
        let _ = writeln!(std::io::stdout(), "{OFF}");
        std::process::exit(0);
    }
    spans
}

impl Spans {
    /// The spans under `parent` that have ended by now.
    #[must_use]
    pub fn of(parent: SpanContext) -> Spans {
        let all = spans_of(parent.trace_id());
        Spans { parent, all }
    }

    /// The only span with this name.
    ///
    /// # Panics
    ///
    /// When there is none, or more than one.
    #[must_use]
    pub fn one(&self, name: &str) -> &SpanData {
        let mut found = self.all.iter().filter(|span| span.name == name);
        let (Some(span), None) = (found.next(), found.next()) else {
            panic!("not exactly one span `{name}` in {:?}", self.names());
        };
        span
    }

    /// The names, in the order in which the spans ended.
    #[must_use]
    pub fn names(&self) -> Vec<&str> {
        self.all.iter().map(|span| span.name.as_ref()).collect()
    }

    /// The parent's name, or `remote`.
    ///
    /// # Panics
    ///
    /// When the parent is not in the trace.
    #[must_use]
    pub fn parent_of(&self, name: &str) -> &str {
        let parent = self.one(name).parent_span_id;
        if parent == self.parent.span_id() {
            return "remote";
        }
        let found = self.all.iter().find(|span| span.span_context.span_id() == parent);
        &found.unwrap_or_else(|| panic!("`{name}` hangs under {parent}, which never ended")).name
    }
}

/// The ended spans of a trace.
#[must_use]
pub fn spans_of(trace: TraceId) -> Vec<SpanData> {
    let ended = ended();
    ended.iter().filter(|span| span.span_context.trace_id() == trace).cloned().collect()
}

/// The ended spans with a name, whatever their trace.
#[must_use]
pub fn spans_named(name: &str) -> Vec<SpanData> {
    ended().iter().filter(|span| span.name == name).cloned().collect()
}

/// What tests ask a span.
pub trait SpanExt {
    /// The value of an attribute.
    fn attribute(&self, key: &str) -> Option<&Value>;
    /// That value as a text, whatever its type.
    fn text(&self, key: &str) -> Option<String> {
        self.attribute(key).map(ToString::to_string)
    }
    /// The keys of all attributes but `code.*`, in order.
    fn keys(&self) -> Vec<&str>;
    /// The description, if the span is an error.
    fn error(&self) -> Option<&str>;
    /// The attributes of the exception events.
    fn exceptions(&self) -> Vec<Vec<(&str, String)>>;
    /// Whether it has no parent.
    fn is_root(&self) -> bool;
}

impl SpanExt for SpanData {
    fn attribute(&self, key: &str) -> Option<&Value> {
        let mut found = self.attributes.iter().filter(|attribute| attribute.key.as_str() == key);
        let value = found.next().map(|attribute| &attribute.value);
        assert!(found.next().is_none(), "`{key}` twice");
        value
    }

    fn keys(&self) -> Vec<&str> {
        let keys = self.attributes.iter().map(|attribute| attribute.key.as_str());
        keys.filter(|key| !key.starts_with("code.")).collect()
    }

    fn error(&self) -> Option<&str> {
        match &self.status {
            Status::Error { description } => Some(description),
            Status::Unset | Status::Ok => None,
        }
    }

    fn exceptions(&self) -> Vec<Vec<(&str, String)>> {
        let events = self.events.iter().filter(|event| event.name == "exception");
        events
            .map(|event| {
                let attributes = event.attributes.iter();
                attributes.map(|kv| (kv.key.as_str(), kv.value.to_string())).collect()
            })
            .collect()
    }

    fn is_root(&self) -> bool {
        self.parent_span_id == SpanId::INVALID
    }
}
