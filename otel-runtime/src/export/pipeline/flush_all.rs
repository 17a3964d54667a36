//! How do all exporters flush and end as one?
//!
//! All are told to begin before any is waited for, so that one that is slow takes no time from the
//! others.

use std::iter;
use std::time::{Duration, Instant};

use super::destination::Destination;
use super::handle::PipelineHandle;
use super::stats::{Dropped, ExporterStats, Stats};
use super::undelivered::{Delivery, ShutdownError, Undelivered};
use crate::process::{fork, refused};

impl PipelineHandle {
    /// The numbers of all exporters together.
    pub(crate) fn stats(&self) -> Stats {
        self.exporters().iter().map(|exporter| exporter.stats).sum()
    }

    /// The numbers of each exporter.
    pub(crate) fn exporters(&self) -> Vec<ExporterStats> {
        let refused = refused::count();
        let of_child = self.of_this_process();
        let of = |it: &Destination| ExporterStats {
            destination: it.name.clone(),
            stats: of_child.map_or_else(Stats::default, |_| it.queue.stats()).with_refused(refused),
            capacity: it.queue.batching.max_queue_size,
        };
        of_child.unwrap_or(self).destinations().iter().map(of).collect()
    }

    /// With `decides`, all that the tail holds is decided, too.
    pub(crate) fn flush(&self, time: Duration, decides: bool) -> Result<Delivery, ShutdownError> {
        let Some(handle) = self.of_this_process() else { return refused() };
        let deadline = after(time);
        let begun: Vec<_> =
            handle.destinations().iter().map(|it| it.begin_flush(decides)).collect();
        let ended = iter::zip(handle.destinations(), begun)
            .map(|(it, begun)| it.end_flush(begun, deadline));
        result(ended.collect()).map(|delivery| handle.with_undecided(delivery))
    }

    /// With how many spans the tail still holds.
    pub(super) fn with_undecided(&self, delivery: Delivery) -> Delivery {
        let queue = self.destinations().first().map(|it| &it.queue);
        Delivery { undecided: queue.map_or(0, |queue| queue.undecided()), ..delivery }
    }

    /// Shuts down; returns at once if an earlier shutdown ran out of time.
    pub(crate) fn end(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        let Some(handle) = self.of_this_process() else { return refused() };
        let is_given_up = handle.destinations().iter().any(|it| it.queue.is_given_up());
        handle.shutdown(if is_given_up { Duration::ZERO } else { time })
    }

    pub(crate) fn shutdown(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        let Some(handle) = self.of_this_process() else { return refused() };
        let deadline = after(time);
        let begun: Vec<_> =
            handle.destinations().iter().map(|it| it.begin_shutdown(deadline)).collect();
        let ended = iter::zip(handle.destinations(), begun)
            .map(|(it, begun)| it.end_shutdown(begun, deadline));
        result(ended.collect())
    }
}

/// What a flush or a shutdown returns in a forked child, where there is no export thread to wait for.
pub(super) fn refused() -> Result<Delivery, ShutdownError> {
    let dropped = Dropped { in_forked_child: refused::count(), ..Dropped::default() };
    if dropped.in_forked_child == 0 {
        return Ok(Delivery::default());
    }
    let failed = Undelivered {
        destination: None,
        exported: 0,
        dropped,
        pending: 0,
        timed_out: false,
        cause: Some(fork::REMEDY.to_owned()),
    };
    Err(ShutdownError { exported: 0, failed: vec![failed] })
}

/// Puts the results of all exporters into one.
pub(super) fn result(ended: Vec<Result<u64, Box<Undelivered>>>) -> Result<Delivery, ShutdownError> {
    let is_one = ended.len() == 1;
    let mut exported = 0;
    let mut failed = Vec::new();
    for ended in ended {
        match ended {
            Ok(spans) => exported += spans,
            Err(undelivered) => {
                exported += undelivered.exported;
                // With one exporter, its destination is not named.
                let destination = undelivered.destination.filter(|_| !is_one);
                failed.push(Undelivered { destination, ..*undelivered });
            }
        }
    }
    if failed.is_empty() {
        return Ok(Delivery { exported, ..Delivery::default() });
    }
    Err(ShutdownError { exported, failed })
}

/// The time that is `time` from now, or the latest that an `Instant` can be.
pub(super) fn after(time: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(time).unwrap_or(now + FAR)
}
