//! Who makes the spans?
//!
//! Nobody, until a program installs a recorder; then, for the life of the process, that one.

mod global;

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;
use opentelemetry::trace::{TraceContextExt, Tracer, TracerProvider};

pub(crate) use global::{Provider, Starter};

use crate::callsite::{self, Callsite, Resolved};
use crate::filter::{self, Filter};
use crate::panics;

/// Whether a recorder is installed, for a future that does not know its callsite.
static INSTALLED: AtomicBool = AtomicBool::new(false);

static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// The recorder of this process.
pub(crate) struct Recorder {
    provider: Box<dyn Provider>,
    sampling: Sampling,
}

/// What is known of the sampler behind a recorder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Sampling {
    /// Nothing: it has to be asked for every span.
    AlwaysAsk,
    /// A child of a local parent that is not recording is never recorded: there is no need to ask.
    #[allow(dead_code, reason = "an adopted provider is always asked")]
    FollowsLocalParent,
}

/// A recorder is installed already, and stays.
#[derive(Debug)]
pub(crate) struct AlreadyInstalled;

/// Makes `provider` the source of all spans, once in the life of the process, for the functions that
/// `filter` lets through; without one, that which holds.
pub(crate) fn install<P>(
    provider: P,
    sampling: Sampling,
    filter: Option<Filter>,
) -> Result<(), AlreadyInstalled>
where
    P: TracerProvider + Send + Sync + 'static,
    P::Tracer: Send + Sync + 'static,
    <P::Tracer as Tracer>::Span: Send + Sync + 'static,
{
    let recorder = Recorder { provider: Box::new(global::Adopted(provider)), sampling };
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
/// chained before the one that is there.
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
    install(provider, Sampling::AlwaysAsk, None).map_err(|AlreadyInstalled| AdoptError(()))
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
    recorder.wants(context).then(|| callsite.resolve(recorder.provider.as_ref()))
}

impl Recorder {
    fn wants(&self, context: &Context) -> bool {
        if context.is_telemetry_suppressed() {
            return false;
        }
        match self.sampling {
            Sampling::AlwaysAsk => true,
            Sampling::FollowsLocalParent => {
                let parent = context.span();
                let local = parent.span_context().is_valid() && !parent.span_context().is_remote();
                !local || parent.is_recording()
            }
        }
    }
}
