//! How does a recorder become that of the process?

use std::fmt;

use opentelemetry::trace::{Tracer, TracerProvider};

use crate::context::switch;
use crate::process::panics;
use crate::span::filter::directives::{self, Filter};
use crate::span::recorder::{self, AlreadyInstalled, Recorder};
use crate::span::registry;

/// Makes `recorder` the source of all spans, once in the life of the process, for the functions that
/// `filter` lets through; `None` keeps the filter in effect.
pub(crate) fn install(recorder: Recorder, filter: Option<Filter>) -> Result<(), AlreadyInstalled> {
    recorder::set(recorder)?;
    panics::install_hook();
    // Before anything has a span.
    if let Some(filter) = filter {
        directives::replace(filter);
    }
    switch::make_spans();
    registry::update_all();
    Ok(())
}

/// Makes annotated functions pass their caller's trace on without spans of their own.
#[cfg(feature = "sdk")]
pub(crate) fn install_nobody() {
    switch::make_contexts();
    registry::update_all();
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
