//! How does an OpenTelemetry tracer provider serve as the recorder?

use std::borrow::Cow;
use std::cell::Cell;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{SpanBuilder, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope, KeyValue};

use super::monotonic::{Monotonic, guarded};
use crate::context;
use crate::context::scope::with_scope;
use crate::context::scoped::Scoped;
use crate::context::values::Values;
use crate::process::stderr;
use crate::span::callsite::{Description, Identity};
use crate::span::keys::ERROR_TYPE;
use crate::span::settings::{Parent, Settings, has_invalid_span, without_span};
use crate::span::value::Value;

/// A [`TracerProvider`] of any type. Its sampler, processors and id generator are the program's; a panic
/// in one of them is caught here.
pub(crate) trait Provider: Send + Sync {
    fn tracer(&self, scope: InstrumentationScope) -> Option<Box<dyn Starter>>;
}

/// A span that is to be started, and whether the program has set its `error.type`.
pub(crate) struct ToStart {
    builder: SpanBuilder,
    has_error_type: bool,
}

/// A [`Tracer`] of any type. It keeps the concrete span type to itself, so that a span is boxed
/// once, by the context, where `global::tracer` boxes it twice.
pub(crate) trait Starter: Send + Sync {
    /// Starts a span that is a child of the span in `parent`, and puts it into `base`. If the provider
    /// cannot make the span, later spans in the returned context become children of the span in `parent`.
    fn start(&self, to_start: ToStart, parent: &Context, base: &Context) -> Context;
}

impl<P> Provider for P
where
    P: TracerProvider + Send + Sync,
    P::Tracer: Send + Sync + 'static,
    <P::Tracer as Tracer>::Span: Send + Sync + 'static,
{
    fn tracer(&self, scope: InstrumentationScope) -> Option<Box<dyn Starter>> {
        let tracer = guarded(|| self.tracer_with_scope(scope))?;
        Some(Box::new(OfScope(tracer)))
    }
}

struct OfScope<T>(T);

impl<T> Starter for OfScope<T>
where
    T: Tracer + Send + Sync,
    T::Span: Send + Sync + 'static,
{
    fn start(&self, to_start: ToStart, parent: &Context, base: &Context) -> Context {
        let ToStart { builder, has_error_type } = to_start;
        let span = guarded(|| {
            Monotonic::new(has_error_type, |start| {
                self.0.build_with_context(builder.with_start_time(start), parent)
            })
        });
        match span {
            Some(span) => base.with_span(span),
            None => base.with_remote_span_context(parent.span().span_context().clone()),
        }
    }
}

thread_local! {
    /// Whether an annotated function starts a span: it has the attributes of its scope then.
    static OURS: Cell<bool> = const { Cell::new(false) };
}

/// While it is there, an annotated function starts a span on this thread.
struct Ours(());

impl Ours {
    fn begin() -> Ours {
        OURS.set(true);
        Ours(())
    }
}

impl Drop for Ours {
    fn drop(&mut self) {
        OURS.set(false);
    }
}

/// Whether the span that starts on this thread is that of an annotated function.
#[cfg(feature = "sdk")]
pub(crate) fn is_ours() -> bool {
    OURS.get()
}

/// What a function needs of the provider.
pub(crate) struct Adopted {
    identity: Identity,
    /// `None` where the provider could not make a tracer for the function.
    starter: Option<Box<dyn Starter>>,
}

impl Adopted {
    fn new(description: &Description, provider: &dyn Provider) -> Self {
        let identity = description.identity();
        if description.min_duration > 0 {
            keep_all("min_duration", "drops spans", identity.function);
        } else if description.fold.is_some_and(|first| first > 0) {
            keep_all("fold", "folds spans", identity.function);
        }
        if description.share < 1.0 {
            keep_all_traces(identity.function);
        }
        let starter = provider.tracer(identity.scope.clone());
        Adopted { identity, starter }
    }

    /// The attributes that every span of the function has, with room for those of one call.
    fn attributes(&self, description: &Description) -> Vec<KeyValue> {
        let Identity { function, place, .. } = self.identity;
        let mut attributes = Vec::with_capacity(description.attribute_count());
        if let Some((file, line)) = place {
            attributes.push(KeyValue::new("code.function.name", function));
            attributes.push(KeyValue::new("code.file.path", file));
            attributes.push(KeyValue::new("code.line.number", i64::from(line)));
        }
        attributes
    }
}

/// Says that an argument of `function` has no effect: an adopted provider sends every span.
fn keep_all(argument: &str, does: &str, function: &str) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    if !WARNED.swap(true, Ordering::Relaxed) {
        stderr::warn(&format!(
            "`{argument}` (on {function}) {does} that `init` makes, but this program called \
             `adopt`: all its spans are kept",
        ));
    }
}

/// Says that the `sample` of `function` has no effect: the sampler of an adopted provider decides alone.
fn keep_all_traces(function: &str) {
    static WARNED: AtomicBool = AtomicBool::new(false);
    if !WARNED.swap(true, Ordering::Relaxed) {
        stderr::warn(&format!(
            "`sample` (on {function}) is about traces that `init` records, but this program called \
             `adopt`: its provider's sampler decides alone",
        ));
    }
}

/// A span that is about to start.
pub(crate) struct AdoptedStart {
    adopted: &'static Adopted,
    starter: &'static dyn Starter,
    current: Context,
    attributes: Vec<KeyValue>,
}

impl AdoptedStart {
    /// `None` where telemetry is suppressed.
    pub(super) fn new(
        description: &'static Description,
        prepared: &'static OnceLock<Box<Adopted>>,
        provider: &'static dyn Provider,
    ) -> Option<AdoptedStart> {
        // A clone, since a sampler may attach another context, and would panic if this one were borrowed.
        let current = context::current::get()?;
        if current.is_telemetry_suppressed() {
            return None;
        }
        let adopted = prepared.get_or_init(|| Box::new(Adopted::new(description, provider)));
        let starter = adopted.starter.as_deref()?;
        Some(AdoptedStart {
            adopted,
            starter,
            current,
            attributes: adopted.attributes(description),
        })
    }

    pub(crate) fn set(&mut self, key: &'static str, value: Value<'_>) {
        // The most common types are written directly into the vector. A move just after the write is
        // slower than it looks: the processor waits for the small stores before a large load.
        match value {
            Value::I64(value) => self.attributes.push(KeyValue::new(key, value)),
            Value::Str(value) => self.attributes.push(KeyValue::new(key, value.to_owned())),
            value => {
                let value = value.record().map(|value| KeyValue::new(key, value));
                self.attributes.extend(value);
            }
        }
    }

    #[cfg(any(feature = "messaging", feature = "tower"))]
    pub(crate) fn add(&mut self, attribute: KeyValue) {
        self.attributes.push(attribute);
    }

    /// Starts the span; returns the context that it is in.
    pub(crate) fn start(
        &mut self,
        description: &'static Description,
        settings: Option<Box<Settings>>,
    ) -> Context {
        let Settings { name, parent, links, scoped } =
            settings.map_or_else(Settings::default, |it| *it);
        let AdoptedStart { adopted, starter, current, attributes } = self;
        let given = match &parent {
            Parent::Context(context) => context,
            Parent::Current | Parent::Span(_) | Parent::Root => &*current,
        };
        let opened = (!scoped.is_empty()).then(|| with_scope(given, scoped));
        let in_scope = opened.as_ref().unwrap_or(given);
        let mut attributes = std::mem::take(attributes);
        let has_error_type = attributes.iter().any(|it| it.key.as_str() == ERROR_TYPE);
        let _ours = Values::scoped(in_scope).map(|scoped| {
            inherit(&mut attributes, scoped, description);
            Ours::begin()
        });
        let builder = SpanBuilder {
            name: name.unwrap_or(Cow::Borrowed(adopted.identity.name)),
            span_kind: Some(description.kind.clone()),
            attributes: Some(attributes),
            links: (!links.is_empty()).then_some(links),
            ..SpanBuilder::default()
        };
        let to_start = ToStart { builder, has_error_type };
        match &parent {
            Parent::Span(span) if span.is_valid() => {
                let parent = in_scope.with_remote_span_context(span.clone());
                starter.start(to_start, &parent, &parent)
            }
            Parent::Span(_) | Parent::Root => {
                starter.start(to_start, &without_span(in_scope), in_scope)
            }
            Parent::Current | Parent::Context(_) if has_invalid_span(in_scope) => {
                starter.start(to_start, &without_span(in_scope), in_scope)
            }
            Parent::Current | Parent::Context(_) => starter.start(to_start, in_scope, in_scope),
        }
    }
}

/// Adds the attributes of the scope that the span starts in, except those that it has.
#[cold]
fn inherit(attributes: &mut Vec<KeyValue>, scoped: &Scoped, description: &Description) {
    let own = attributes.len();
    for attribute in scoped.attributes() {
        let is_own = attributes[..own].iter().any(|it| it.key == attribute.key);
        if !is_own && description.takes(attribute.key.as_str()) {
            attributes.push(attribute.clone());
        }
    }
}
