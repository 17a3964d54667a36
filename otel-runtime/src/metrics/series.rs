//! What does a thread know of the calls of one function?

use std::sync::{Arc, Mutex, PoisonError};

use super::exemplar::{Exemplar, Slowest};
use super::histogram::Histogram;

/// The calls of one function on one thread, which alone counts into it.
pub(super) struct Series {
    pub(super) succeeded: Counted,
    /// By `error.type`. Locked while a failed call is counted, and while all are read.
    failed: Mutex<Vec<(Arc<str>, Counted)>>,
}

/// Calls that ended alike.
pub(super) struct Counted {
    pub(super) histogram: Histogram,
    pub(super) slowest: Slowest,
}

impl Series {
    pub(super) fn new() -> Series {
        Series { succeeded: Counted::new(), failed: Mutex::new(Vec::new()) }
    }

    /// Counts a failed call. `admit` says under which `error.type` one is counted that is new here.
    pub(super) fn failed(
        &self,
        error_type: &str,
        nanoseconds: u64,
        sampled: Option<&Exemplar>,
        admit: impl FnOnce() -> Arc<str>,
    ) {
        let mut failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((_, counted)) = failed.iter().find(|(known, _)| **known == *error_type) {
            return counted.count(nanoseconds, sampled);
        }
        let admitted = admit();
        if let Some((_, counted)) = failed.iter().find(|(known, _)| *known == admitted) {
            return counted.count(nanoseconds, sampled);
        }
        let counted = Counted::new();
        counted.count(nanoseconds, sampled);
        failed.push((admitted, counted));
    }

    /// Calls `read` with all that was counted, by `error.type`.
    pub(super) fn read(&self, mut read: impl FnMut(Option<&Arc<str>>, &Counted)) {
        read(None, &self.succeeded);
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.iter().for_each(|(error_type, counted)| read(Some(error_type), counted));
    }
}

impl Counted {
    fn new() -> Counted {
        Counted { histogram: Histogram::new(), slowest: Slowest::new() }
    }

    #[inline]
    pub(super) fn count(&self, nanoseconds: u64, sampled: Option<&Exemplar>) {
        self.histogram.count(nanoseconds);
        if let Some(exemplar) = sampled {
            self.slowest.offer(exemplar);
        }
    }
}
