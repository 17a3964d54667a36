//! Who makes the spans?
//!
//! Nobody, until a program installs a recorder; then, for the life of the process, that one.

use std::fmt;
use std::sync::OnceLock;

use opentelemetry::Context;
#[cfg(feature = "tower")]
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanRef, Tracer, TracerProvider};

pub(crate) use crate::span::adopted::Adopted;
#[cfg(feature = "sdk")]
pub(crate) use crate::span::native::{Ids, Native, new_trace_id};

use crate::context::switch;
use crate::process::panics;
use crate::span::adopted::{self, Provider};
use crate::span::callsite::filter::{self, Filter};
use crate::span::callsite::{self, Callsite};
#[cfg(feature = "sdk")]
use crate::span::native;
use crate::span::nobody;
use crate::span::settings::{Parent, Settings};
use crate::span::value::Value;

static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// The recorder of this process.
pub(crate) enum Recorder {
    /// `adopt`: a provider of which nothing is known, so that it is asked about every span.
    Adopted(Box<dyn Provider>),
    /// `init`
    #[cfg(feature = "sdk")]
    Native(Native),
}

/// A recorder is installed already, and stays.
#[derive(Debug)]
pub(crate) struct AlreadyInstalled;

/// Makes `recorder` the source of all spans, once in the life of the process, for the functions that
/// `filter` lets through; without one, that which holds.
pub(crate) fn install(recorder: Recorder, filter: Option<Filter>) -> Result<(), AlreadyInstalled> {
    RECORDER.set(recorder).map_err(|_| AlreadyInstalled)?;
    panics::install_hook();
    // Before anything has a span.
    if let Some(filter) = filter {
        filter::replace(filter);
    }
    switch::make_spans();
    callsite::update_all();
    Ok(())
}

/// Lets annotated functions pass their caller's trace on, of which they make no spans.
#[cfg(feature = "sdk")]
pub(crate) fn install_nobody() {
    switch::make_contexts();
    callsite::update_all();
}

/// Lets annotated functions make their spans with the `provider` that this program has set up by
/// itself.
///
/// Its sampler is asked for every span, and its processors see every span, as with spans made by
/// hand. The provider stays the caller's: this crate neither flushes it nor shuts it down, and does
/// not touch the global provider or propagator. Panics are recorded with their message, by a hook
/// chained before the one that is there. No span is dropped for its `min_duration`; a line on stderr
/// says so, once.
///
/// ```
/// # use opentelemetry::trace::noop::NoopTracerProvider;
/// # let provider = NoopTracerProvider::new();
/// otel_runtime::adopt(provider)?;
/// # Ok::<(), otel_runtime::AdoptError>(())
/// ```
///
/// # Errors
///
/// When a provider has been adopted or `init` has been called before in this process. The first
/// one stays.
pub fn adopt<P>(provider: P) -> Result<(), AdoptError>
where
    P: TracerProvider + Send + Sync + 'static,
    P::Tracer: Send + Sync + 'static,
    <P::Tracer as Tracer>::Span: Send + Sync + 'static,
{
    install(Recorder::Adopted(Box::new(provider)), None).map_err(|AlreadyInstalled| AdoptError(()))
}

/// A process takes its spans from one provider, and has one already.
#[derive(Debug)]
pub struct AdoptError(());

impl fmt::Display for AdoptError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "tracing is already set up in this process: call `adopt` or `init` once, in `main`",
        )
    }
}

impl std::error::Error for AdoptError {}

/// A span that is about to start.
pub(crate) enum Begun {
    /// In a box: it is large, and stands in the frame of every annotated call.
    Adopted(Box<adopted::Begun>),
    #[cfg(feature = "sdk")]
    Native(native::Begun),
    /// There is to be none: all that starts is the context that it would be in.
    Nobody(nobody::Begun),
}

/// Begins a span, unless nobody could ever see it.
#[inline]
pub(crate) fn begin(callsite: &'static Callsite) -> Option<Begun> {
    match RECORDER.get()? {
        Recorder::Adopted(provider) => {
            adopted::Begun::new(callsite, provider.as_ref()).map(Box::new).map(Begun::Adopted)
        }
        #[cfg(feature = "sdk")]
        Recorder::Native(native) => native.begin(callsite).map(Begun::Native),
    }
}

/// Begins no span, for a call that says by `parent` or `root` where it hangs.
#[cold]
#[inline(never)]
pub(crate) fn begin_nothing() -> Option<Begun> {
    if switch::is_on() { nobody::Begun::new().map(Begun::Nobody) } else { None }
}

/// Ends a span that was begun.
#[inline]
pub(crate) fn end(span: &SpanRef<'_>) {
    match RECORDER.get() {
        #[cfg(feature = "sdk")]
        Some(Recorder::Native(_)) => span.end_with_timestamp(native::NOW),
        Some(Recorder::Adopted(_)) | None => span.end(),
    }
}

impl Begun {
    /// Whether there is a span, which may turn out not to be recorded.
    #[inline]
    pub(crate) fn is_span(&self) -> bool {
        !matches!(self, Begun::Nobody(_))
    }

    #[inline]
    pub(crate) fn set(&mut self, key: &'static str, value: Value<'_>) {
        match self {
            Begun::Adopted(begun) => begun.set(key, value),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.set(key, value),
            Begun::Nobody(_) => {}
        }
    }

    /// An attribute whose key is not known to be static.
    #[cfg(feature = "tower")]
    #[allow(dead_code, reason = "the layers that use it come next")]
    pub(crate) fn add(&mut self, attribute: KeyValue) {
        match self {
            Begun::Adopted(begun) => begun.add(attribute),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.add(&attribute),
            Begun::Nobody(_) => {}
        }
    }

    // The commonest, by themselves.
    #[inline]
    pub(crate) fn set_str(&mut self, key: &'static str, value: &str) {
        match self {
            Begun::Adopted(begun) => begun.set(key, Value::Str(value)),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.set_str(key, value),
            Begun::Nobody(_) => {}
        }
    }

    #[inline]
    pub(crate) fn set_i64(&mut self, key: &'static str, value: i64) {
        match self {
            Begun::Adopted(begun) => begun.set(key, Value::I64(value)),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.set_i64(key, value),
            Begun::Nobody(_) => {}
        }
    }

    /// The span may start where another context is current.
    pub(crate) fn stay(&mut self) {
        match self {
            // They keep the context in any case.
            Begun::Adopted(_) | Begun::Nobody(_) => {}
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.stay(),
        }
    }

    /// Whether a span that hangs there could be seen by anybody.
    pub(crate) fn is_wanted(&self, parent: &Parent) -> bool {
        match (self, parent) {
            (Begun::Adopted(_), _) => true,
            #[cfg(feature = "sdk")]
            (Begun::Native(begun), parent) => begun.is_wanted(parent),
            (Begun::Nobody(_), _) => false,
        }
    }

    /// Starts the span; returns the context that it is in.
    #[inline]
    pub(crate) fn start(
        &mut self,
        callsite: &'static Callsite,
        settings: Option<Box<Settings>>,
    ) -> Context {
        match self {
            Begun::Adopted(begun) => begun.start(callsite, settings),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.start(callsite, settings),
            Begun::Nobody(begun) => begun.start(settings),
        }
    }
}
