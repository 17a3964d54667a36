//! How do finished spans get out, without anybody waiting for them?
//!
//! A queue, one thread, one exporter. Nothing here knows which exporter it is.

mod attempt;
mod batch;
mod budget;
mod buffer;
mod intake;
mod processor;
mod queue;
mod report;
mod sink;
mod stats;
mod worker;

use std::sync::atomic::{self, AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use opentelemetry_sdk::Resource;

pub(crate) use batch::Batch;
pub(crate) use processor::Processor;
pub(crate) use sink::{Sink, Tray};
pub use stats::{Dropped, Stats};
pub(crate) use worker::Connect;

use crate::config;
use crate::error::{InitError, InitErrorKind, ShutdownError};
use crate::export::Retries;
use queue::{Queue, Report};
use worker::Worker;

/// What was delivered since the last report.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// How many spans the exporter took, which for OTLP means that the backend did.
    pub exported: u64,
}

/// The export thread, and what it works on.
pub(crate) struct Pipeline {
    queue: Arc<Queue>,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Whether the totals were written.
    told: AtomicBool,
}

impl Pipeline {
    /// Starts the thread, and waits until the exporter is built.
    pub(crate) fn start(
        batch: config::Batch,
        resource: Resource,
        connect: Connect,
    ) -> Result<Self, InitError> {
        let retries = Retries::default();
        let queue = Arc::new(Queue::new(batch, retries.clone()));
        let (ready, began) = sync_channel(1);
        let worker = Worker { queue: Arc::clone(&queue), batch, resource, retries };
        let start =
            |why: String| InitErrorKind::Start { what: "the export thread cannot be started", why };
        let thread = thread::Builder::new()
            .name("otel-export".to_owned())
            .spawn(move || worker.run(connect, &ready))
            .map_err(|error| start(error.to_string()))?;
        match began.recv() {
            Ok(Ok(())) => Ok(Pipeline {
                queue,
                thread: Mutex::new(Some(thread)),
                told: AtomicBool::new(false),
            }),
            Ok(Err(error)) => {
                let _ = thread.join();
                Err(error.into())
            }
            Err(_) => Err(start("the exporter panicked while it was built".to_owned()).into()),
        }
    }

    pub(crate) fn stats(&self) -> Stats {
        self.queue.stats()
    }

    pub(crate) fn flush(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        self.queue.flush(after(time)).into_result()
    }

    pub(crate) fn shutdown(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        let report = self.queue.shutdown(after(time));
        if !report.timed_out {
            // The thread has said that it is finished: this waits for a moment.
            let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
            let _ = thread.map(JoinHandle::join);
        }
        if report.closed && !self.told.swap(true, Ordering::Relaxed) {
            report::totals(&report.now, report.last_error.as_deref());
        }
        report.into_result()
    }
}

/// The moment that is `time` from now, or as far away as a clock goes.
fn after(time: Duration) -> Instant {
    const FAR: Duration = Duration::from_secs(30 * 365 * 24 * 3600);
    let now = Instant::now();
    now.checked_add(time).unwrap_or(now + FAR)
}

impl Report {
    fn into_result(self) -> Result<Delivery, ShutdownError> {
        let exported = self.now.exported - self.since.exported;
        let dropped = self.now.dropped.since(&self.since.dropped);
        let cause = if dropped.total() > 0 {
            self.exporter_error.or(self.last_error)
        } else {
            self.exporter_error
        };
        let exporter_failed = cause.is_some();
        let cause = cause.or(self.pending_error.filter(|_| self.pending > 0));
        if dropped.total() == 0 && self.pending == 0 && !self.timed_out && !exporter_failed {
            return Ok(Delivery { exported });
        }
        Err(ShutdownError {
            exported,
            dropped,
            pending: self.pending,
            timed_out: self.timed_out,
            cause,
        })
    }
}
