//! Which call is shown as an example for the others?
//!
//! The slowest of the sampled ones since the metrics were read the last time.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};

use opentelemetry::trace::{SpanId, TraceId};

use crate::process::lock::lock;

/// A call whose trace is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Exemplar {
    pub(crate) trace_id: TraceId,
    pub(crate) span_id: SpanId,
    /// When it ended, in nanoseconds since the Unix epoch.
    pub(crate) time: u64,
    pub(crate) nanoseconds: u64,
}

/// The slowest call so far.
pub(super) struct Slowest {
    /// How long it took, so that most calls need only to look here.
    nanoseconds: AtomicU64,
    exemplar: Mutex<Option<Exemplar>>,
}

impl Slowest {
    pub(super) const fn new() -> Slowest {
        Slowest { nanoseconds: AtomicU64::new(0), exemplar: Mutex::new(None) }
    }

    #[inline]
    pub(super) fn offer(&self, exemplar: &Exemplar) {
        if exemplar.nanoseconds > self.nanoseconds.load(Ordering::Relaxed) {
            self.keep(exemplar);
        }
    }

    #[cold]
    fn keep(&self, exemplar: &Exemplar) {
        let Some(mut kept) = lock(&self.exemplar) else { return };
        self.nanoseconds.store(exemplar.nanoseconds, Ordering::Relaxed);
        *kept = Some(*exemplar);
    }

    /// Takes it; the next sampled call is the slowest again.
    pub(super) fn take(&self) -> Option<Exemplar> {
        let mut kept = lock(&self.exemplar)?;
        self.nanoseconds.store(0, Ordering::Relaxed);
        kept.take()
    }
}
