//! Who makes the spans?
//!
//! Nobody, until a program installs a recorder; then, for the life of the process, that one.

mod global;

use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::trace::{Tracer, TracerProvider};

pub(crate) use global::{Provider, Starter};

/// Whether a recorder is installed: the one load that a call pays while tracing is off.
static ENABLED: AtomicBool = AtomicBool::new(false);

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
    /// A child of a local parent that is not recording is never recorded, so there is no need to ask.
    #[cfg_attr(
        not(feature = "sdk"),
        expect(dead_code, reason = "an adopted provider is always asked")
    )]
    FollowsLocalParent,
}

/// A recorder is installed already, and stays.
#[derive(Debug)]
pub(crate) struct AlreadyInstalled;

/// Makes `provider` the source of all spans, once in the life of the process.
pub(crate) fn install<P>(provider: P, sampling: Sampling) -> Result<(), AlreadyInstalled>
where
    P: TracerProvider + Send + Sync + 'static,
    P::Tracer: Send + Sync + 'static,
    <P::Tracer as Tracer>::Span: Send + Sync + 'static,
{
    let recorder = Recorder { provider: Box::new(global::Adopted(provider)), sampling };
    RECORDER.set(recorder).map_err(|_| AlreadyInstalled)?;
    ENABLED.store(true, Ordering::Release);
    Ok(())
}
