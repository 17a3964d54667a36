//! When are the counts of calls sent?
//!
//! By a thread of their own: every interval, with a flush, and once more when the program ends.
//!
//! Specification: [Periodic exporting metric reader](https://opentelemetry.io/docs/specs/otel/metrics/sdk/#periodic-exporting-metricreader).

use std::future::poll_fn;
use std::pin::pin;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::task::Poll;
use std::time::Duration;
use std::{mem, thread};

use bytes::Bytes;
use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use tokio::runtime::Builder;
use tokio::sync::{mpsc, oneshot};
use tokio::time::{Instant, sleep_until, timeout_at};

use super::otlp::metrics::{MetricsEncoder, Period};
use super::otlp::{self, Sender};
use super::pipeline::StartError;
use super::settings::{Metrics, Temporality};
use super::{Exported, Retries};
use crate::metrics::counts::{Counts, Reading};
use crate::privacy::Redactor;
use crate::process::fork::Process;
use crate::process::lock::lock;
use crate::process::stderr;

/// Sends what was counted, for as long as the process lives.
#[derive(Clone)]
pub(crate) struct MetricReader(Arc<Shared>);

struct Shared {
    counts: Counts,
    settings: Metrics,
    redactor: Redactor,
    /// `None` once it has ended, and in a forked child that has not started its own.
    thread: Mutex<Option<Running>>,
}

struct Running {
    process: Process,
    orders: mpsc::UnboundedSender<Order>,
}

/// To send what was counted now, and to say when that is done.
struct Order {
    until: Instant,
    is_last: bool,
    /// Dropped when it is done.
    _done: (SyncSender<()>, oneshot::Sender<()>),
}

/// What waits until an order is done or its time is over: a thread, or a task.
pub(crate) struct Waiting {
    until: Instant,
    thread: Receiver<()>,
    task: oneshot::Receiver<()>,
}

impl Waiting {
    pub(crate) fn wait(self) {
        let _ = self.thread.recv_timeout(self.until.saturating_duration_since(Instant::now()));
    }

    /// Whoever carries it out keeps to its time.
    pub(crate) async fn done(self) {
        let _ = self.task.await;
    }
}

/// Stands for a time without limit.
const FOREVER: Duration = Duration::from_secs(100 * 365 * 24 * 3600);

impl MetricReader {
    /// Starts the thread.
    pub(crate) fn start(
        counts: Counts,
        settings: Metrics,
        redactor: Redactor,
        resource: &Resource,
    ) -> Result<MetricReader, StartError> {
        let running = Running::start(&counts, &settings, &redactor, resource)?;
        let thread = Mutex::new(Some(running));
        Ok(MetricReader(Arc::new(Shared { counts, settings, redactor, thread })))
    }

    /// In a forked child: starts a thread of the child's, unless it has one.
    pub(crate) fn restart(&self, resource: &Resource) -> Result<(), StartError> {
        let Shared { counts, settings, redactor, thread } = &*self.0;
        let Some(mut thread) = lock(thread) else { return Ok(()) };
        if thread.as_ref().is_some_and(|running| running.process.is_parent()) {
            *thread = Some(Running::start(counts, settings, redactor, resource)?);
        }
        Ok(())
    }

    /// Begins to send what was counted so far. `None` where there is no thread to do it.
    pub(crate) fn flush(&self, time: Duration) -> Option<Waiting> {
        let thread = lock(&self.0.thread)?;
        thread.as_ref()?.order(time, false)
    }

    /// The same, for the last time.
    pub(crate) fn shutdown(&self, time: Duration) -> Option<Waiting> {
        lock(&self.0.thread)?.take()?.order(time, true)
    }
}

impl Running {
    fn start(
        counts: &Counts,
        settings: &Metrics,
        redactor: &Redactor,
        resource: &Resource,
    ) -> Result<Self, StartError> {
        let start =
            |why| StartError { what: "the thread that sends metrics cannot be started", why };
        let (orders, taken) = mpsc::unbounded_channel();
        let (ready, began) = sync_channel(1);
        let (counts, settings) = (counts.clone(), settings.clone());
        let encoder = MetricsEncoder::new(redactor.clone(), resource);
        let run = move || {
            let _quiet = Context::enter_telemetry_suppressed_scope();
            let runtime = match Builder::new_current_thread()
                .enable_all()
                .on_thread_start(|| std::mem::forget(Context::enter_telemetry_suppressed_scope()))
                .build()
            {
                Ok(runtime) => runtime,
                Err(error) => return drop(ready.send(Err(error.to_string()))),
            };
            runtime.block_on(async {
                let retries = Retries::default();
                match otlp::sender(&settings.otlp, retries.clone()) {
                    Ok(sender) => {
                        let _ = ready.send(Ok(()));
                        let worker = Worker {
                            counts,
                            settings,
                            encoder,
                            sender,
                            retries,
                            sent: None,
                            has_told: false,
                        };
                        worker.drive(taken).await;
                    }
                    Err(why) => drop(ready.send(Err(why))),
                }
            });
            runtime.shutdown_background();
        };
        thread::Builder::new()
            .name("otel-metrics".to_owned())
            .spawn(run)
            .map_err(|error| start(error.to_string()))?;
        let began = began.recv().unwrap_or_else(|_| Err("it panicked".to_owned()));
        began.map_err(start)?;
        Ok(Running { process: Process::this(), orders })
    }

    fn order(&self, time: Duration, is_last: bool) -> Option<Waiting> {
        if self.process.is_parent() {
            return None;
        }
        let (to_thread, thread) = sync_channel(0);
        let (to_task, task) = oneshot::channel();
        let (now, time) = (Instant::now(), time.min(FOREVER));
        let until = now + time;
        // A little earlier, so that why it was not done can still be told.
        let order = now + time.mul_f64(0.9);
        self.orders.send(Order { until: order, is_last, _done: (to_thread, to_task) }).ok()?;
        Some(Waiting { until, thread, task })
    }
}

/// What the thread works with.
struct Worker {
    counts: Counts,
    settings: Metrics,
    encoder: MetricsEncoder,
    sender: Sender,
    retries: Retries,
    /// What the backend has, where it is sent only what came since.
    sent: Option<Reading>,
    has_told: bool,
}

impl Worker {
    async fn drive(mut self, mut orders: mpsc::UnboundedReceiver<Order>) {
        let interval = self.settings.interval;
        let mut next = Instant::now() + interval;
        loop {
            let order = {
                let mut turn = pin!(async {
                    sleep_until(next).await;
                    self.send(next + interval).await;
                });
                // An order ends a turn: what it sends is newer.
                poll_fn(|cx| match orders.poll_recv(cx) {
                    Poll::Ready(order) => Poll::Ready(Some(order)),
                    Poll::Pending => turn.as_mut().poll(cx).map(|()| None),
                })
                .await
            };
            match order {
                None => next = Instant::now().max(next) + interval,
                Some(Some(Order { until, is_last, _done })) => {
                    if is_last {
                        self.retries.hurry();
                    }
                    self.send(until).await;
                    if is_last {
                        return;
                    }
                }
                // Nobody is left who could give an order.
                Some(None) => return,
            }
        }
    }

    /// Sends what was counted, if that can be done until then. What could not be sent is part of what is
    /// sent the next time.
    async fn send(&mut self, until: Instant) {
        let Some(reading) = self.counts.read() else { return };
        let Some(body) = self.encoded(&reading) else { return };
        let why = match timeout_at(until, (self.sender)(body)).await {
            Ok(Ok(Exported { rejected: 0, .. })) => {
                (self.sent, self.has_told) = (Some(reading), false);
                return;
            }
            Ok(Ok(Exported { why, .. })) => why.unwrap_or_default(),
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        if !mem::replace(&mut self.has_told, true) {
            let destination = self.settings.otlp.address();
            stderr::warn(&format!("metrics do not arrive at {destination}: {why}"));
        }
    }

    /// The request with what was counted; `None` if that is nothing.
    fn encoded(&self, reading: &Reading) -> Option<Bytes> {
        let Reading { since, until, totals } = reading;
        let (temporality, until) = (self.settings.temporality, *until);
        let before = self.sent.as_ref().filter(|_| temporality == Temporality::Delta);
        let Some(before) = before else {
            let period = Period { since: *since, until, temporality };
            return (!totals.is_empty()).then(|| self.encoder.encode(totals, &period));
        };
        let totals: Vec<_> = totals.iter().filter_map(|it| it.since(&before.totals)).collect();
        let period = Period { since: before.until, until, temporality };
        (!totals.is_empty()).then(|| self.encoder.encode(&totals, &period))
    }
}
