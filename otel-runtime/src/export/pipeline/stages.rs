//! Which steps does every span take once, before the exporters share it, and who takes them there?
//!
//! A thread of its own, which is started only where there is a step: an export thread may be stuck in an
//! exporter of the program's, and whoever flushes waits no longer than it wants to. No lock is held
//! meanwhile.

use std::sync::Arc;
use std::thread;
use std::time::{Duration, Instant};

use opentelemetry::Context;

use super::fan_out::FanOut;
use super::staged::{Passed, Work};
use super::worker::StartError;
use crate::process::unwind::caught;
use crate::record::Block;

/// How long spans wait in the threads' buffers at most.
const INTERVAL: Duration = Duration::from_millis(250);

/// The steps, in the order in which spans take them. By default, there is none.
#[derive(Default)]
pub(crate) struct Stages {
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
    stages: Stages,
}

impl Stages {
    /// Whether there is no step.
    pub(super) fn is_empty(&self) -> bool {
        let Stages { redaction } = self;
        redaction.is_none()
    }
}

impl Stager {
    /// Starts the thread.
    pub(super) fn start(fan_out: &Arc<FanOut>, stages: Stages) -> Result<(), StartError> {
        let this = Stager { fan_out: Arc::clone(fan_out), stages };
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

    fn run(mut self) {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _gone = Gone(Arc::clone(&self.fan_out));
        let mut due_at: Option<Instant> = None;
        loop {
            let now = Instant::now();
            let is_due = due_at.is_some_and(|at| at <= now);
            if is_due || self.fan_out.is_to_collect() {
                due_at = None;
                if !self.pass() {
                    return;
                }
                continue;
            }
            if self.fan_out.is_collecting() {
                let at = *due_at.get_or_insert(now + INTERVAL);
                thread::park_timeout(at - now);
            } else {
                due_at = None;
                thread::park();
            }
        }
    }

    /// Takes all that has ended through the stages; false if there will be nothing more.
    fn pass(&mut self) -> bool {
        let Work { blocks, marks, is_over } = self.fan_out.take_work();
        if is_over {
            return false;
        }
        let mut passed = Passed { marks, ..Passed::default() };
        for block in blocks {
            let (spans, bytes) = (block.len(), block.capacity());
            if let Ok(block) = self.stages.rewrite(block) {
                self.fan_out.intake.memory.resized(bytes, block.capacity());
                passed.blocks.push(block);
            } else {
                passed.lost.exporter_panicked += spans as u64;
                self.fan_out.intake.discarded(spans, bytes);
            }
        }
        self.fan_out.pass_on(passed);
        true
    }
}

impl Stages {
    fn rewrite(&mut self, block: Block) -> Result<Block, String> {
        match &mut self.redaction {
            Some(redaction) if block.len() > 0 => caught(|| redaction.rewrite(block)),
            _ => Ok(block),
        }
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
