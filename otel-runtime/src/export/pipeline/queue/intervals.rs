//! Which spans does each flush report?
//!
//! Those between the flush before it and itself, whichever of the two waits longer:
//!
//! ```text
//! spans in the order in which they were collected   0 ───── 3 ────────── 7 ─────→
//!                                                     flush A    flush B   the next
//! ```
//!
//! If a flush runs out of time, the next one reports the spans that it could not.

use std::collections::VecDeque;
use std::ops::Range;

use crate::export::pipeline::stats::Dropped;

/// The intervals of all flushes.
pub(super) struct Intervals {
    /// In order; the last one has no end yet.
    all: VecDeque<Interval>,
    /// How many intervals there ever were.
    count: u64,
}

/// The spans that one flush reports.
#[derive(Default)]
struct Interval {
    id: u64,
    /// The place of the first span that is not in it.
    end: u64,
    /// Somebody still waits for this flush, and will ask for its tally.
    is_awaited: bool,
    /// The exporter is to be flushed when all spans of the interval are out.
    to_flush: bool,
    tally: Tally,
}

/// What became of the spans of an interval.
#[derive(Debug, Default)]
pub(in crate::export::pipeline) struct Tally {
    pub(in crate::export::pipeline) exported: u64,
    pub(in crate::export::pipeline) dropped: Dropped,
    /// Why the last of the lost spans were lost.
    pub(in crate::export::pipeline) error: Option<String>,
    /// The error of the exporter when it was flushed, or shut down.
    pub(in crate::export::pipeline) exporter_error: Option<String>,
}

/// Names an interval: the flush that waits for it holds this.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Id(u64);

impl From<Id> for u64 {
    fn from(Id(id): Id) -> u64 {
        id
    }
}

impl From<u64> for Id {
    fn from(id: u64) -> Id {
        Id(id)
    }
}

impl Default for Intervals {
    fn default() -> Self {
        Intervals { all: [Interval { end: u64::MAX, ..Interval::default() }].into(), count: 1 }
    }
}

impl Intervals {
    /// Ends the open interval before the span at `end`, and opens the next. `lost` are spans of the
    /// ended one that were lost before they had a place. Without an `end`, it is [ended](Self::ends_at)
    /// later, and gets spans until then.
    pub(super) fn begin(&mut self, end: Option<u64>, lost: Dropped, to_flush: bool) -> Id {
        let id = self.count;
        self.count += 1;
        let interval = self.last();
        interval.end = end.unwrap_or(u64::MAX);
        interval.is_awaited = true;
        interval.to_flush = to_flush;
        interval.tally.dropped = [interval.tally.dropped, lost].into_iter().sum();
        let name = Id(interval.id);
        self.all.push_back(Interval { id, end: u64::MAX, ..Interval::default() });
        name
    }

    /// Ends an interval that began without an end. `lost` is as at its beginning.
    pub(super) fn ends_at(&mut self, id: Id, end: u64, lost: Dropped) {
        if let Some(it) = self.all.iter_mut().find(|it| it.id == id.0) {
            it.end = end;
            it.tally.dropped = [it.tally.dropped, lost].into_iter().sum();
        }
    }

    /// Spans of this interval were lost that had no place.
    pub(super) fn lost_of(&mut self, id: Id, lost: Dropped) {
        if let Some(it) = self.all.iter_mut().find(|it| it.id == id.0) {
            it.tally.dropped = [it.tally.dropped, lost].into_iter().sum();
        }
    }

    /// Where the interval ends that has the span at `place`.
    pub(super) fn end_of(&self, place: u64) -> u64 {
        self.all.iter().map(|it| it.end).find(|end| place < *end).unwrap_or(u64::MAX)
    }

    /// The place of the first span that `id` does not wait for; 0 if there is no such interval.
    pub(super) fn end(&self, id: Id) -> u64 {
        self.get(id).map_or(0, |it| it.end)
    }

    /// Notes what became of a batch, whose spans are all in one interval; `place` is that of the first.
    pub(super) fn tell(&mut self, place: u64, tell: impl FnOnce(&mut Tally)) {
        if let Some(it) = self.all.iter_mut().find(|it| place < it.end) {
            tell(&mut it.tally);
        }
    }

    /// Spans at `places` were lost: calls `lose` for each interval that has some of them, with how
    /// many.
    pub(super) fn lost(&mut self, places: Range<u64>, mut lose: impl FnMut(&mut Tally, u64)) {
        let mut from = places.start;
        for it in &mut self.all {
            let to = it.end.min(places.end);
            if from < to {
                lose(&mut it.tally, to - from);
                from = to;
            }
        }
    }

    /// Up to which place the exporter should be flushed, now that all spans before `settled` are out.
    pub(super) fn to_flush(&self, settled: u64) -> Option<u64> {
        let due = self.all.iter().filter(|it| it.to_flush && it.end <= settled);
        due.map(|it| it.end).next_back()
    }

    /// The exporter was flushed up to this place.
    pub(super) fn flushed(&mut self, up_to: u64, result: &Result<(), String>) {
        for it in self.all.iter_mut().filter(|it| it.to_flush && it.end <= up_to) {
            it.to_flush = false;
            it.tally.exporter_error = result.as_ref().err().cloned();
        }
    }

    /// The error of the exporter's shutdown goes to all who wait, or, if nobody does, to the next who
    /// asks.
    pub(super) fn shut_down(&mut self, result: Result<(), String>) {
        let Err(error) = result else { return };
        let mut is_told = false;
        for it in self.all.iter_mut().filter(|it| it.is_awaited) {
            it.tally.exporter_error = Some(error.clone());
            is_told = true;
        }
        if !is_told {
            self.last().tally.exporter_error = Some(error);
        }
    }

    /// Whether the exporter still has to be flushed for `id`.
    pub(super) fn is_to_flush(&self, id: Id) -> bool {
        self.get(id).is_some_and(|it| it.to_flush)
    }

    /// What became of the spans of `id`, and of earlier intervals for which nobody will ask. Spans that
    /// are not `settled` yet are left to the next report.
    pub(super) fn report(&mut self, id: Id, settled: u64) -> Tally {
        let mut told = Tally::default();
        for it in self.all.iter_mut().take_while(|it| it.id <= id.0) {
            it.is_awaited &= it.id != id.0;
            if !it.is_awaited {
                told.add(std::mem::take(&mut it.tally));
            }
        }
        // Intervals after `id` are reported by later flushes.
        self.all.retain(|it| it.id > id.0 || it.is_awaited || it.to_flush || it.end > settled);
        told
    }

    /// Nobody will ask for `id` any more.
    pub(super) fn forget(&mut self, id: Id) {
        if let Some(it) = self.all.iter_mut().find(|it| it.id == id.0) {
            it.is_awaited = false;
        }
    }

    fn get(&self, id: Id) -> Option<&Interval> {
        self.all.iter().find(|it| it.id == id.0)
    }

    fn last(&mut self) -> &mut Interval {
        self.all.back_mut().expect("the last one stays, as it has no end")
    }
}

impl Tally {
    fn add(&mut self, later: Tally) {
        let Tally { exported, dropped, error, exporter_error } = later;
        self.exported += exported;
        self.dropped = [self.dropped, dropped].into_iter().sum();
        self.error = error.or(self.error.take());
        self.exporter_error = exporter_error.or(self.exporter_error.take());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_flush_that_nobody_awaits_any_more_lost_is_told_by_the_next() {
        let mut intervals = Intervals::default();
        let first = intervals.begin(Some(5), Dropped::default(), true);
        let given_up = intervals.begin(Some(9), Dropped::default(), true);
        intervals.tell(6, |tally| tally.dropped.export_failed += 1);
        intervals.flushed(9, &Ok(()));
        intervals.forget(given_up);

        assert_eq!(intervals.report(first, 9).dropped.total(), 0);
        let next = intervals.begin(Some(9), Dropped::default(), true);
        assert_eq!(intervals.report(next, 9).dropped.export_failed, 1);
    }
}
