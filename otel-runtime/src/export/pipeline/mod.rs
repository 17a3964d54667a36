//! How do finished spans get out, without anybody waiting for them?
//!
//! A queue, one thread, one exporter; several exporters have a pipeline each, and a span goes into
//! every one. Nothing here knows which exporter it is.

mod attempt;
mod awaiting;
mod budget;
mod buffer;
mod intake;
mod processor;
mod queue;
mod report;
mod sink;
mod stats;
mod together;
mod undelivered;
mod worker;

use std::sync::atomic::{self, AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Instant;

use opentelemetry_sdk::Resource;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

pub(crate) use processor::Processor;
pub(crate) use sink::{Sink, Tray, Way};
pub use stats::{Dropped, ExporterStats, Stats};
pub use undelivered::{Delivery, ShutdownError};
pub(crate) use worker::{Connect, StartError};

use crate::export::Retries;
use crate::export::settings::Batching;
use queue::{Awaited, Queue, Report, Tally};
use together::Outcome;
use worker::Worker;

/// The export thread, and what it works on.
pub(crate) struct Pipeline {
    queue: Arc<Queue>,
    /// Where the spans go, in the words of a warning.
    destination: String,
    /// The export thread's.
    reactor: Handle,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Whether the totals were written.
    told: AtomicBool,
}

impl Pipeline {
    /// Starts the thread, and waits until the exporter is built.
    pub(crate) fn start(
        batch: Batching,
        resource: Resource,
        connect: Connect,
    ) -> Result<Self, StartError> {
        let retries = Retries::default();
        let queue = Arc::new(Queue::new(batch, retries.clone()));
        let (ready, began) = sync_channel(1);
        let worker = Worker { queue: Arc::clone(&queue), batch, resource, retries };
        let start = |why| StartError { what: "the export thread cannot be started", why };
        let thread = thread::Builder::new()
            .name("otel-export".to_owned())
            .spawn(move || worker.run(connect, &ready))
            .map_err(|error| start(error.to_string()))?;
        match began.recv() {
            Ok(Ok((destination, reactor))) => Ok(Pipeline {
                queue,
                destination,
                reactor,
                thread: Mutex::new(Some(thread)),
                told: AtomicBool::new(false),
            }),
            Ok(Err(error)) => {
                let _ = thread.join();
                Err(error)
            }
            Err(_) => Err(start("the exporter panicked while it was built".to_owned())),
        }
    }

    /// Wakes whoever awaits a flush or a shutdown then.
    fn wake_at(&self, time: Instant) -> AbortHandle {
        let queue = Arc::clone(&self.queue);
        let timer = self.reactor.spawn(async move {
            tokio::time::sleep_until(time.into()).await;
            queue.progressed();
        });
        timer.abort_handle()
    }

    fn begin_flush(&self) -> Awaited {
        self.queue.begin_flush()
    }

    fn end_flush(&self, awaited: Awaited, deadline: Instant) -> Outcome {
        self.queue.end_flush(awaited, deadline).into()
    }

    fn begin_shutdown(&self, deadline: Instant) -> Awaited {
        self.queue.begin_shutdown(deadline)
    }

    fn end_shutdown(&self, awaited: Awaited, deadline: Instant) -> Outcome {
        let report = self.queue.end_shutdown(awaited, deadline);
        if !report.timed_out {
            // The thread has said that it is finished: this waits for a moment.
            let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
            let _ = thread.map(JoinHandle::join);
        }
        if report.closed && !self.told.swap(true, Ordering::Relaxed) {
            report::totals(&self.destination, &report.now, report.last_error.as_deref());
        }
        report.into()
    }
}

impl From<Report> for Outcome {
    fn from(report: Report) -> Self {
        let Tally { exported, dropped, error, exporter_error } = report.told;
        let cause = exporter_error.or(error.or(report.last_error).filter(|_| dropped.total() > 0));
        let exporter_failed = cause.is_some();
        let pending = report.pending;
        let cause = cause.or(report.pending_error.filter(|_| pending > 0));
        let timed_out = report.timed_out;
        Outcome {
            is_complete: dropped.total() == 0 && pending == 0 && !timed_out && !exporter_failed,
            exported,
            dropped,
            pending,
            timed_out,
            cause,
        }
    }
}
