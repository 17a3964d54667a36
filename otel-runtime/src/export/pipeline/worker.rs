//! What does the export thread do?

use std::future::pending;
use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::task::Poll;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use tokio::runtime::{Builder, Handle};
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep_until};

use super::attempt::{Outcome, bounded, settled};
use super::queue::{BatchId, Next, Queue};
use super::report;
use crate::export::{Export, Retries};
use crate::process::unwind::caught;
use crate::record::Batch;

/// Makes the exporter, on the export thread and inside its runtime, which some exporters need.
pub(crate) type Connect = Box<dyn FnOnce(Retries) -> Result<Box<dyn Export>, String> + Send>;

/// Why a pipeline cannot be started: the machine has no thread to spare, say.
#[derive(Debug)]
pub(crate) struct StartError {
    pub(crate) what: &'static str,
    pub(crate) why: String,
}

/// How long nothing may get through before a line says so: a short outage is not worth one.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Worker {
    pub(super) queue: Arc<Queue>,
    pub(super) resource: Resource,
}

impl Worker {
    /// The whole life of the thread. `ready` is told whether it began well, where the spans go, and
    /// what runs timers.
    pub(super) fn run(
        self,
        connect: Connect,
        ready: &SyncSender<Result<(String, Handle), StartError>>,
    ) {
        let _finished = Finished(&self.queue);
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let runtime = Builder::new_current_thread()
            .enable_all()
            // Spans that an exporter makes on threads of this runtime are not to be traced either.
            .on_thread_start(|| std::mem::forget(Context::enter_telemetry_suppressed_scope()))
            .build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => {
                let what = "the export thread's reactor cannot be started";
                let _ = ready.send(Err(StartError { what, why: error.to_string() }));
                return;
            }
        };
        runtime.block_on(async {
            match connect(self.queue.retries()) {
                Ok(mut exporter) => {
                    exporter.set_resource(&self.resource);
                    let _ = ready.send(Ok((exporter.destination(), Handle::current())));
                    self.drive(exporter.as_mut()).await;
                }
                Err(why) => {
                    let what = "the exporter cannot be built";
                    let _ = ready.send(Err(StartError { what, why }));
                }
            }
        });
        // A DNS lookup that hangs is not waited for.
        runtime.shutdown_background();
    }

    async fn drive(&self, exporter: &mut dyn Export) {
        let room = exporter.concurrency();
        let mut flights = JoinSet::new();
        let mut due_at = None;
        let mut patience = Patience::new(exporter.destination());
        loop {
            if flights.len() >= room {
                self.wait(&mut flights, &mut patience, false, None).await;
                continue;
            }
            let due = due_at.is_some_and(|at| at <= Instant::now());
            if due {
                due_at = None;
            }
            match self.queue.next(due) {
                Next::Export(id, batch) => {
                    due_at = None;
                    patience.begins(&flights);
                    self.export(exporter, id, batch, &mut flights);
                }
                Next::Flush(up_to) => {
                    let result = self.flush(exporter).await;
                    self.queue.flushed(up_to, &result);
                }
                Next::Wait { held: false } => {
                    due_at = None;
                    let until = match flights.len() {
                        0 => caught(|| exporter.idle()).ok().flatten(),
                        _ => None,
                    };
                    let until = until.map(|time| Instant::now() + time);
                    self.wait(&mut flights, &mut patience, true, until).await;
                }
                Next::Wait { held: true } => {
                    let at = *due_at
                        .get_or_insert_with(|| Instant::now() + self.queue.batching.schedule_delay);
                    // Being woken and being due are the same: look again.
                    self.wait(&mut flights, &mut patience, true, Some(at)).await;
                }
                Next::Stop => break,
            }
        }
        self.queue.give_up();
        let result = match caught(|| exporter.shutdown()) {
            Ok(call) => settled(bounded(call, self.queue.batching.export_timeout, pending()).await),
            Err(panicked) => Err(panicked),
        };
        self.queue.exporter_shut_down(result);
    }

    /// Begins the export of a batch, as a task that says whether it was delivered.
    fn export(
        &self,
        exporter: &mut dyn Export,
        id: BatchId,
        batch: Batch,
        flights: &mut JoinSet<bool>,
    ) {
        let limit = exporter.limit(self.queue.batching.export_timeout);
        let destination = exporter.destination();
        let exporting = caught(|| exporter.export(&batch));
        self.queue.read(id, batch);
        let queue = Arc::clone(&self.queue);
        flights.spawn(async move {
            let outcome = match exporting {
                Ok(call) => bounded(call, limit, queue.stopped()).await.into(),
                Err(panicked) => Outcome::Panicked(panicked),
            };
            let is_delivered = matches!(outcome, Outcome::Exported(_));
            queue.settle(id, outcome);
            if let Some((stats, last_error)) = queue.first_loss() {
                report::first_loss(&destination, &stats, last_error.as_deref());
            }
            is_delivered
        });
    }

    async fn flush(&self, exporter: &mut dyn Export) -> Result<(), String> {
        let call = caught(|| exporter.flush())?;
        settled(bounded(call, self.queue.batching.export_timeout, self.queue.stopped()).await)
    }

    /// Waits until an export has ended, or until the time `until`, or, if it `listens`, until it is
    /// woken. A thread that ends spans wakes one export thread, which then wakes the others.
    ///
    /// While a batch is being exported, it also fills up the spare blocks, since none come back from
    /// that batch yet, and says so if nothing gets through for long.
    async fn wait(
        &self,
        flights: &mut JoinSet<bool>,
        patience: &mut Patience,
        listens: bool,
        until: Option<Instant>,
    ) {
        let intake = &self.queue.fan_out.intake;
        let memory = &intake.memory;
        let mut woken = pin!(self.queue.woken());
        let mut ended = pin!(intake.woken());
        let mut few = pin!(memory.few_spares());
        let mut due = pin!(at(until));
        let mut tired = pin!(at(patience.end(flights)));
        std::future::poll_fn(|cx| {
            if !flights.is_empty() {
                while few.as_mut().poll(cx).is_ready() {
                    memory.restock();
                    few.set(memory.few_spares());
                }
                if let Poll::Ready(Some(ended)) = flights.poll_join_next(cx) {
                    patience.ended(ended.unwrap_or(false));
                    return Poll::Ready(());
                }
            }
            if listens && woken.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            if listens && ended.as_mut().poll(cx).is_ready() {
                self.queue.wake_others();
                return Poll::Ready(());
            }
            if tired.as_mut().poll(cx).is_ready() {
                patience.is_over(&self.queue.retries());
                return Poll::Ready(());
            }
            due.as_mut().poll(cx)
        })
        .await;
    }
}

/// Resolves at `time`; never, if there is none.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

/// Writes one line if nothing gets through for long.
struct Patience {
    destination: String,
    /// Since when no batch has got through, while one is being exported.
    since: Instant,
    told: bool,
}

impl Patience {
    fn new(destination: String) -> Self {
        Patience { destination, since: Instant::now(), told: false }
    }

    fn begins(&mut self, flights: &JoinSet<bool>) {
        if flights.is_empty() {
            self.since = Instant::now();
        }
    }

    fn ended(&mut self, is_delivered: bool) {
        if is_delivered {
            self.since = Instant::now();
        }
    }

    fn end(&self, flights: &JoinSet<bool>) -> Option<Instant> {
        (!self.told && !flights.is_empty()).then(|| self.since + PATIENCE)
    }

    fn is_over(&mut self, retries: &Retries) {
        self.since = Instant::now();
        if let Some(why) = retries.last_error() {
            self.told = true;
            report::held(&self.destination, &why);
        }
    }
}

/// Marks the thread as gone when it is dropped, also by a panic.
struct Finished<'a>(&'a Queue);

impl Drop for Finished<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

#[cfg(test)]
mod tests;
