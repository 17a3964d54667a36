//! How does one exporter begin, flush and end?

use std::iter;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::sync_channel;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

use opentelemetry_sdk::Resource;
use tokio::runtime::Handle;
use tokio::task::AbortHandle;

use super::queue::{Awaited, Outgoing, Queue, Report, Tally};
use super::report;
use super::stages::{Stager, Stages};
use super::undelivered::Undelivered;
use super::worker::{Connect, StartError, Worker};
use crate::export::Retries;
use crate::export::open_traces::OpenTraces;
use crate::export::settings::Batching;

/// How long the exporters that were started already may take to end again, if another one cannot be
/// started.
const TO_STOP: Duration = Duration::from_secs(5);

/// An exporter that is to be started.
pub(crate) struct Exporter {
    pub(crate) batching: Batching,
    pub(crate) connect: Connect,
    /// Where it looks up which traces are still open, if it waits for whole traces.
    pub(crate) open_traces: Option<OpenTraces>,
}

/// One exporter: its queue, and the thread that works on it.
pub(super) struct Destination {
    pub(super) queue: Arc<Queue>,
    /// Where the spans go, as warnings say it.
    pub(super) name: String,
    /// Runs timers on the export thread's runtime.
    reactor: Handle,
    thread: Mutex<Option<JoinHandle<()>>>,
    /// Whether the line with all losses was written to stderr.
    has_told: AtomicBool,
}

impl Destination {
    /// Starts one for each exporter. If one cannot be started, ends those that were.
    pub(super) fn start_all(
        exporters: Vec<Exporter>,
        stages: Stages,
        resource: &Resource,
    ) -> Result<Vec<Destination>, StartError> {
        let of = |it: &Exporter| Outgoing {
            batching: it.batching,
            retries: Retries::default(),
            open_traces: it.open_traces.clone(),
        };
        let queues = Queue::all(exporters.iter().map(of).collect(), stages.holds());
        let fan_out = queues.first().map(|queue| Arc::clone(&queue.fan_out));
        if let Some(fan_out) = &fan_out
            && !stages.is_empty()
        {
            Stager::start(fan_out, stages)?;
        }
        let mut started = Vec::new();
        for (Exporter { connect, .. }, queue) in iter::zip(exporters, queues) {
            match Self::start(queue, resource.clone(), connect) {
                Ok(destination) => started.push(destination),
                Err(error) => {
                    // They have no spans to send yet.
                    let until = Instant::now() + TO_STOP;
                    let begun: Vec<_> = started.iter().map(|it| it.begin_shutdown(until)).collect();
                    for (destination, begun) in iter::zip(&started, begun) {
                        let _ = destination.end_shutdown(begun, until);
                    }
                    if let Some(fan_out) = fan_out {
                        fan_out.give_up();
                    }
                    return Err(error);
                }
            }
        }
        Ok(started)
    }

    /// Starts the thread, and waits until the exporter is built.
    fn start(queue: Arc<Queue>, resource: Resource, connect: Connect) -> Result<Self, StartError> {
        let (ready, began) = sync_channel(1);
        let worker = Worker { queue: Arc::clone(&queue), resource };
        let start = |why| StartError { what: "the export thread cannot be started", why };
        let thread = thread::Builder::new()
            .name("otel-export".to_owned())
            .spawn(move || worker.run(connect, &ready))
            .map_err(|error| start(error.to_string()))?;
        match began.recv() {
            Ok(Ok((name, reactor))) => Ok(Destination {
                queue,
                name,
                reactor,
                thread: Mutex::new(Some(thread)),
                has_told: AtomicBool::new(false),
            }),
            Ok(Err(error)) => {
                let _ = thread.join();
                Err(error)
            }
            Err(_) => Err(start("the exporter panicked while it was built".to_owned())),
        }
    }

    /// Runs this on the export thread.
    #[cfg(feature = "otlp-http")]
    pub(super) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        drop(self.reactor.spawn(future));
    }

    /// Wakes, at `time`, whoever awaits a flush or a shutdown.
    pub(super) fn wake_at(&self, time: Instant) -> AbortHandle {
        let queue = Arc::clone(&self.queue);
        let timer = self.reactor.spawn(async move {
            tokio::time::sleep_until(time.into()).await;
            queue.progressed();
        });
        timer.abort_handle()
    }

    pub(super) fn begin_flush(&self, decides: bool) -> Awaited {
        self.queue.begin_flush(decides)
    }

    pub(super) fn end_flush(
        &self,
        awaited: Awaited,
        deadline: Instant,
    ) -> Result<u64, Box<Undelivered>> {
        self.told(self.queue.end_flush(awaited, deadline))
    }

    pub(super) fn begin_shutdown(&self, deadline: Instant) -> Awaited {
        self.queue.begin_shutdown(deadline)
    }

    pub(super) fn end_shutdown(
        &self,
        awaited: Awaited,
        deadline: Instant,
    ) -> Result<u64, Box<Undelivered>> {
        let report = self.queue.end_shutdown(awaited, deadline);
        if !report.timed_out {
            // The thread has said that it is finished, so this join takes no more than a moment.
            let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
            let _ = thread.map(JoinHandle::join);
        }
        if report.closed && !self.has_told.swap(true, Ordering::Relaxed) {
            report::totals(&self.name, &report.now, report.last_error.as_deref());
        }
        self.told(report)
    }
}

impl Destination {
    /// What a flush or a shutdown returns: how many spans were delivered, or which were not.
    fn told(&self, report: Report) -> Result<u64, Box<Undelivered>> {
        let Report { told, pending, timed_out, pending_error, last_error, .. } = report;
        let Tally { exported, dropped, error, exporter_error } = told;
        let cause = exporter_error.or(error.or(last_error).filter(|_| dropped.total() > 0));
        if dropped.total() == 0 && pending == 0 && !timed_out && cause.is_none() {
            return Ok(exported);
        }
        let cause = cause.or(pending_error.filter(|_| pending > 0));
        let destination = Some(self.name.clone());
        Err(Box::new(Undelivered { destination, exported, dropped, pending, timed_out, cause }))
    }
}
