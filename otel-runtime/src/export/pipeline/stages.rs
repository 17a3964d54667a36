//! Which steps does every span take once, before the exporters share it, and who takes them there?
//!
//! A thread of its own, which is started only where there is a step: an export thread may be stuck in an
//! exporter of the program's, and whoever flushes waits no longer than it wants to. No lock is held
//! meanwhile.

use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::Context;

use super::fan_out::{FanOut, Holds};
use super::flight::{Flight, Why};
use super::staged::{Passed, Swept, Work};
use super::stats::Dropped;
use super::tail::{Tail, Withheld};
use super::worker::StartError;
use crate::export::settings::Tail as Settings;
use crate::process::unwind::caught;
use crate::record::Block;

/// How long spans wait in the threads' buffers at most.
const INTERVAL: Duration = Duration::from_millis(250);

/// The steps, in the order in which spans take them. By default, there is none.
#[derive(Default)]
pub(crate) struct Stages {
    /// Which traces are kept once they are over.
    pub(crate) tail: Option<Settings>,
    /// How many bytes of spans that were not sampled are kept.
    pub(crate) flight: Option<NonZeroUsize>,
    /// Takes out of spans what must not leave the process.
    pub(crate) redaction: Option<Box<dyn Rewrite>>,
}

/// A step that changes spans, and holds none back.
pub(crate) trait Rewrite: Send {
    /// The same spans, in the same order. If it panics, all of them are lost.
    fn rewrite(&mut self, block: Block) -> Block;
}

/// The thread that takes spans through the stages.
pub(super) struct Stager {
    fan_out: Arc<FanOut>,
    tail: Option<Tail>,
    flight: Option<Flight>,
    redaction: Option<Box<dyn Rewrite>>,
}

impl Stages {
    /// What the steps hold back.
    pub(super) fn holds(&self) -> Holds {
        match self {
            Stages { tail: Some(_), .. } => Holds::Traces,
            Stages { flight: Some(_), .. } => Holds::Unsampled,
            _ => Holds::Nothing,
        }
    }

    /// Whether there is no step.
    pub(super) fn is_empty(&self) -> bool {
        let Stages { tail, flight, redaction } = self;
        tail.is_none() && flight.is_none() && redaction.is_none()
    }
}

impl Stager {
    /// Starts the thread.
    pub(super) fn start(fan_out: &Arc<FanOut>, stages: Stages) -> Result<(), StartError> {
        let this = Stager::new(fan_out, stages, Instant::now());
        let started = thread::Builder::new()
            .name("otel-stages".to_owned())
            .spawn(move || this.run())
            .map_err(|error| StartError {
                what: "the thread of the stages cannot be started",
                why: error.to_string(),
            })?;
        fan_out.is_staged_by(started.thread().clone());
        Ok(())
    }

    pub(super) fn new(fan_out: &Arc<FanOut>, stages: Stages, now: Instant) -> Self {
        let Stages { tail, flight, redaction } = stages;
        let tells_roots = fan_out.follows_traces();
        let mut tail = tail.map(|settings| Tail::new(settings, tells_roots, now));
        let flight = flight.map(|max_bytes| {
            if let Some(tail) = &mut tail {
                tail.dropped = Some(Flight::ring_of_tail(max_bytes.get()));
            }
            Flight::new(max_bytes.get(), tells_roots)
        });
        Stager { fan_out: Arc::clone(fan_out), tail, flight, redaction }
    }

    fn run(mut self) {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _gone = Gone(Arc::clone(&self.fan_out));
        let mut due_at: Option<Instant> = None;
        loop {
            let now = Instant::now();
            let is_due = due_at.is_some_and(|at| at <= now);
            if is_due || self.fan_out.is_to_collect() {
                due_at = None;
                if !self.pass(now) {
                    return;
                }
                continue;
            }
            if self.fan_out.is_collecting() || self.is_holding() {
                let at = *due_at.get_or_insert(now + INTERVAL);
                thread::park_timeout(at - now);
            } else {
                due_at = None;
                thread::park();
            }
        }
    }

    /// Takes all that has ended through the stages; false if there will be nothing more.
    pub(super) fn pass(&mut self, now: Instant) -> bool {
        let mut work = self.fan_out.take_work();
        let dump = self.fan_out.dump.take();
        if dump.is_some() {
            // What has ended before somebody asked may have ended after all was collected.
            self.fan_out.take_more_work(&mut work);
        }
        let Work { blocks, swept, marks, is_over } = work;
        if is_over {
            return false;
        }
        let collected = Passed { blocks, marks, ..Passed::default() };
        let decided = self.decide(collected, swept, now);
        let recorded = self.record(decided, dump, now);
        let passed = self.redact(recorded);
        self.fan_out.wants_room(self.wants_room());
        self.fan_out.pass_on(passed);
        true
    }

    fn decide(&mut self, collected: Passed, swept: Swept, now: Instant) -> Passed {
        let Some(tail) = &mut self.tail else { return collected };
        let intake = &self.fan_out.intake;
        tail.take_in(&collected.blocks, swept, now);
        for block in collected.blocks {
            intake.copied(block.len(), block);
        }
        for mark in collected.marks {
            tail.mark(mark, now);
        }
        let (blocks, marks) = tail.release(self.fan_out.room(), now);
        for block in &blocks {
            intake.added(block.len(), block.capacity());
        }
        let Withheld { lost, dropped_roots } = tail.withheld();
        let lost = Dropped { queue_full: lost, ..Dropped::default() };
        let tail = Some(tail.counts());
        Passed { blocks, marks, lost, dropped_roots, tail, flight: None }
    }

    /// Keeps what is not sampled, or was dropped by the tail, and adds what is to leave of it.
    fn record(&mut self, mut passed: Passed, dump: Option<Why>, now: Instant) -> Passed {
        let Stager { fan_out, tail, flight, .. } = self;
        let Some(flight) = flight else { return passed };
        match tail.as_mut().and_then(|tail| tail.dropped.as_mut()) {
            Some(dropped) => flight.keep_dropped(dropped),
            None => passed.blocks = flight.keep_unsampled(passed.blocks, &fan_out.intake),
        }
        if let Some(why) = dump {
            flight.dump(why, now);
        }
        passed.marks.drain(..).for_each(|mark| flight.mark(mark));
        let (blocks, marks) = flight.release(fan_out.room().less(&passed.blocks));
        for block in &blocks {
            fan_out.intake.added(block.len(), block.capacity());
        }
        passed.blocks.extend(blocks);
        passed.marks = marks;
        passed.dropped_roots.extend(flight.roots());
        passed.flight = Some(flight.counts());
        passed
    }

    fn wants_room(&self) -> bool {
        self.tail.as_ref().is_some_and(Tail::wants_room)
            || self.flight.as_ref().is_some_and(Flight::wants_room)
    }

    /// Whether there may be something to do though nothing new has ended.
    fn is_holding(&self) -> bool {
        self.tail.as_ref().is_some_and(Tail::is_holding) || self.wants_room()
    }

    fn redact(&mut self, mut passed: Passed) -> Passed {
        let Some(redaction) = &mut self.redaction else { return passed };
        let intake = &self.fan_out.intake;
        for block in std::mem::take(&mut passed.blocks) {
            let (spans, bytes) = (block.len(), block.capacity());
            if spans == 0 {
                passed.blocks.push(block);
            } else if let Ok(block) = caught(|| redaction.rewrite(block)) {
                intake.memory.resized(bytes, block.capacity());
                passed.blocks.push(block);
            } else {
                passed.lost.exporter_panicked += spans as u64;
                intake.discarded(spans, bytes);
            }
        }
        passed
    }
}

/// If the thread ends before its time, nobody waits for it, and what it held is counted as lost.
struct Gone(Arc<FanOut>);

impl Drop for Gone {
    fn drop(&mut self) {
        self.0.give_up();
    }
}

#[cfg(test)]
mod tests;
