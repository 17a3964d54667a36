//! How much room do spans take up that several exporters were handed?
//!
//! A span is in memory once. It takes up room of the intake until the first exporter is done with it.
//! An exporter that is slower counts it against the bound of its own queue, so that a backend that is
//! gone takes no room from the others:
//!
//! ```text
//! handed on    0 ──────────────────────────────────────────→ 900 spans
//! exporter A   done with 850
//! exporter B   done with 100, as its backend is gone; 800 are held, which is its own bound
//!              50 take up room: those that A, which is ahead, still holds
//! ```
//!
//! With one exporter, the spans that take up room are those that it holds.

use std::sync::{Mutex, MutexGuard, PoisonError};

#[derive(Debug)]
pub(super) struct Shares(Mutex<State>);

#[derive(Debug)]
struct State {
    exporters: Box<[Share]>,
    /// The most spans, and the most bytes, that any one exporter is done with.
    freed: Done,
}

#[derive(Clone, Copy, Debug, Default)]
struct Share {
    done: Done,
    /// How many spans wait in the queue of this exporter.
    waiting: usize,
}

/// What one exporter is done with, since the start.
#[derive(Clone, Copy, Debug, Default)]
struct Done {
    spans: u64,
    bytes: u64,
}

/// Room that is free again, for other spans.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Freed {
    pub(super) spans: usize,
    pub(super) bytes: usize,
}

impl Shares {
    pub(super) fn of(exporters: usize) -> Self {
        let exporters = vec![Share::default(); exporters].into();
        Shares(Mutex::new(State { exporters, freed: Done::default() }))
    }

    /// An exporter is done with so many more spans and bytes. Returns how much room becomes free: none
    /// if another exporter was done with them before.
    pub(super) fn done(&self, exporter: usize, spans: usize, bytes: usize) -> Freed {
        let State { exporters, freed } = &mut *self.lock();
        let done = &mut exporters[exporter].done;
        done.spans += spans as u64;
        done.bytes += bytes as u64;
        Freed {
            spans: catch_up(&mut freed.spans, done.spans),
            bytes: catch_up(&mut freed.bytes, done.bytes),
        }
    }

    /// The queue of an exporter has so many waiting spans now. Returns how many wait in the shortest
    /// queue.
    pub(super) fn waits(&self, exporter: usize, spans: usize) -> usize {
        let State { exporters, .. } = &mut *self.lock();
        exporters[exporter].waiting = spans;
        exporters.iter().map(|it| it.waiting).min().unwrap_or(0)
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Raises `behind` to `ahead`, unless it is as high already; returns by how much.
fn catch_up(behind: &mut u64, ahead: u64) -> usize {
    let by = ahead.saturating_sub(*behind);
    *behind += by;
    usize::try_from(by).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn room_is_free_again_when_the_first_exporter_is_done() {
        let shares = Shares::of(2);
        let freed = |spans, bytes| Freed { spans, bytes };
        assert_eq!(shares.done(0, 5, 50), freed(5, 50));
        assert_eq!(shares.done(1, 3, 60), freed(0, 10), "in spans it is behind");
        assert_eq!(shares.done(1, 4, 0), freed(2, 0), "and now ahead");
        assert_eq!(shares.done(0, 2, 0), freed(0, 0), "where the other was");
    }

    #[test]
    fn a_batch_is_awaited_where_the_fewest_wait() {
        let shares = Shares::of(2);
        assert_eq!(shares.waits(0, 900), 0);
        assert_eq!(shares.waits(1, 20), 20);
        assert_eq!(shares.waits(0, 0), 0);
    }
}
