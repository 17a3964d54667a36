//! What does the thread of the stages get from where spans come together, and give back?

use std::sync::atomic::Ordering;
use std::sync::{Arc, Weak};

use super::fan_out::{FanOut, due};
use super::outbox::Room;
use super::outlet::Outlet;
use super::staged::{Mark, Passed, Swept, Work};

impl FanOut {
    /// Whether to collect at once: a flush asks, or there is little room left.
    pub(super) fn is_to_collect(&self) -> bool {
        let is_woken = self.intake.look();
        self.is_asked.swap(false, Ordering::AcqRel) || is_woken && self.intake.is_pressing()
    }

    /// Whether there is something to collect, sooner or later.
    pub(super) fn is_collecting(&self) -> bool {
        self.intake.ahead() > 0 || self.intake.is_folding()
    }

    /// Collects, and takes all that was collected before.
    pub(super) fn take_work(&self) -> Work {
        let mut work = Work::default();
        self.take_more_work(&mut work);
        work
    }

    /// Collects again, and adds it to `work`.
    pub(super) fn take_more_work(&self, work: &mut Work) {
        let mut state = self.lock();
        self.collect_from(&mut state, None, due());
        state.staged.take(work);
        let Swept { starts, missed, .. } = &mut work.swept;
        for buffer in state.buffers.iter().chain(&state.left) {
            buffer.take_starts(starts, missed);
        }
        state.left.clear();
    }

    /// Hands on what came out of the stages.
    pub(super) fn pass_on(&self, passed: Passed) {
        let mut state = self.lock();
        if !state.staged.passed(&passed) {
            return;
        }
        let Passed { blocks, marks, dropped_roots, .. } = passed;
        self.hand_on(blocks, None);
        for outlet in self.alive().filter(|outlet| outlet.follows_traces()) {
            for trace in &dropped_roots {
                outlet.root_dropped(*trace);
            }
        }
        let totals = state.totals(true);
        for Mark { outlet, interval, decides: _ } in marks {
            if let Some(outlet) = self.outlets().get(outlet).and_then(Weak::upgrade) {
                outlet.reached(interval, &totals);
            }
        }
        drop(state);
        if self.intake.is_short() {
            self.alive().for_each(|outlet| outlet.wake());
        }
    }

    /// How much the exporters may be handed: as much as the one with the most room. One that is behind loses
    /// what it has no room for, as always.
    pub(super) fn room(&self) -> Room {
        self.alive().map(|outlet| outlet.room()).max().unwrap_or_default()
    }

    /// Whether anything more is to be told of, once there is room.
    pub(super) fn wants_room(&self, wants: bool) {
        self.wants_room.store(wants, Ordering::Release);
    }

    /// Whether an exporter wants to know of local roots that it is not handed.
    pub(super) fn follows_traces(&self) -> bool {
        self.alive().any(|outlet| outlet.follows_traces())
    }

    fn alive(&self) -> impl Iterator<Item = Arc<dyn Outlet>> {
        self.outlets().iter().filter_map(Weak::upgrade)
    }

    /// Takes nothing more through the stages: what they hold is lost.
    pub(super) fn give_up(&self) {
        self.lock().staged.give_up();
        self.ask();
    }
}
