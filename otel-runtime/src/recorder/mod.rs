//! Who makes the spans?
//!
//! Nobody, until a program installs a recorder; then, for the life of the process, that one.

mod global;

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope};

pub(crate) use global::{Provider, Starter};

use crate::callsite::{self, Callsite, Resolved};
use crate::filter::{self, Filter};
use crate::{panics, stderr};

/// Whether a recorder is installed, for a future that does not know its callsite.
static INSTALLED: AtomicBool = AtomicBool::new(false);

static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// The recorder of this process.
pub(crate) struct Recorder {
    provider: Box<dyn Provider>,
    source: Source,
}

/// Who has set the provider behind a recorder up?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Source {
    /// `adopt`: the program, so that nothing is known of it.
    Adopted,
    /// `init`
    #[cfg_attr(not(feature = "sdk"), expect(dead_code, reason = "a library only adopts"))]
    Init(Sampling),
}

/// What is known of the sampler behind a recorder.
#[cfg_attr(not(feature = "sdk"), expect(dead_code, reason = "a library only adopts"))]
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampling {
    /// It has to be asked for every span.
    AlwaysAsk,
    /// A child of a local parent that is not recording is never recorded: there is no need to ask.
    FollowsLocalParent,
}

/// A recorder is installed already, and stays.
#[derive(Debug)]
pub(crate) struct AlreadyInstalled;

/// Makes `provider` the source of all spans, once in the life of the process, for the functions that
/// `filter` lets through; without one, that which holds.
pub(crate) fn install<P>(
    provider: P,
    source: Source,
    filter: Option<Filter>,
) -> Result<(), AlreadyInstalled>
where
    P: TracerProvider + Send + Sync + 'static,
    P::Tracer: Send + Sync + 'static,
    <P::Tracer as Tracer>::Span: Send + Sync + 'static,
{
    let recorder = Recorder { provider: Box::new(global::Adopted(provider)), source };
    RECORDER.set(recorder).map_err(|_| AlreadyInstalled)?;
    panics::install_hook();
    // Before anything has a span.
    if let Some(filter) = filter {
        filter::replace(filter);
    }
    INSTALLED.store(true, Ordering::Release);
    callsite::update_all();
    Ok(())
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
    install(provider, Source::Adopted, None).map_err(|AlreadyInstalled| AdoptError(()))
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

/// Whether any call may have a span.
#[inline]
pub(crate) fn is_installed() -> bool {
    INSTALLED.load(Ordering::Relaxed)
}

/// What makes the spans of `callsite`, if one that is started in `context` could be seen by anybody.
pub(crate) fn wants(callsite: &'static Callsite, context: &Context) -> Option<&'static Resolved> {
    let recorder = RECORDER.get()?;
    recorder.wants(context).then(|| callsite.resolve(recorder))
}

impl Recorder {
    pub(crate) fn tracer(&self, scope: InstrumentationScope) -> Box<dyn Starter> {
        self.provider.tracer(scope)
    }

    /// `function` has a `min_duration`, which is nothing that an adopted provider could heed.
    pub(crate) fn heed_min_duration(&self, function: &str) {
        static WARNED: AtomicBool = AtomicBool::new(false);
        if self.source == Source::Adopted && !WARNED.swap(true, Ordering::Relaxed) {
            stderr::warn(&format!(
                "`min_duration` (on {function}) drops spans that `init` makes, but this program called \
                 `adopt`: all its spans are kept",
            ));
        }
    }

    fn wants(&self, context: &Context) -> bool {
        if context.is_telemetry_suppressed() {
            return false;
        }
        match self.source {
            Source::Adopted | Source::Init(Sampling::AlwaysAsk) => true,
            Source::Init(Sampling::FollowsLocalParent) => {
                let parent = context.span();
                let local = parent.span_context().is_valid() && !parent.span_context().is_remote();
                !local || parent.is_recording()
            }
        }
    }
}
