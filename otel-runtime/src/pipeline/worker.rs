//! What does the export thread do?

use std::pin::pin;
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use tokio::runtime::Builder;
use tokio::time::{Instant, timeout, timeout_at};

use super::attempt::{Outcome, attempt, settled};
use super::batch::Batch;
use super::queue::{Next, Queue};
use super::report;
use crate::config;
use crate::error::InitErrorKind;
use crate::export::{Export, Retries};
use crate::unwind::caught;

/// Makes the exporter, on the export thread and inside its runtime, which some exporters need.
pub(crate) type Connect = Box<dyn FnOnce(Retries) -> Result<Box<dyn Export>, String> + Send>;

/// How long nobody is told that nothing gets through: passing trouble is no news.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Worker {
    pub(super) queue: Arc<Queue>,
    pub(super) batch: config::Batch,
    pub(super) resource: Resource,
    pub(super) retries: Retries,
}

impl Worker {
    /// The whole life of the thread. `ready` hears whether it began well, and where spans go.
    pub(super) fn run(self, connect: Connect, ready: &SyncSender<Result<String, InitErrorKind>>) {
        let _finished = Finished(&self.queue);
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let runtime = Builder::new_current_thread()
            .enable_all()
            // Whatever an exporter does on threads of this runtime is not to be traced either.
            .on_thread_start(|| std::mem::forget(Context::enter_telemetry_suppressed_scope()))
            .build();
        let runtime = match runtime {
            Ok(runtime) => runtime,
            Err(error) => {
                let what = "the export thread's reactor cannot be started";
                let _ = ready.send(Err(InitErrorKind::Start { what, why: error.to_string() }));
                return;
            }
        };
        runtime.block_on(async {
            match connect(self.retries.clone()) {
                Ok(mut exporter) => {
                    exporter.set_resource(&self.resource);
                    let _ = ready.send(Ok(exporter.destination()));
                    self.drive(exporter.as_mut()).await;
                }
                Err(why) => {
                    let what = "the exporter cannot be built";
                    let _ = ready.send(Err(InitErrorKind::Start { what, why }));
                }
            }
        });
        // A look-up of a name that hangs is not waited for.
        runtime.shutdown_background();
    }

    async fn drive(&self, exporter: &mut dyn Export) {
        let mut due_at = None;
        let mut told = false;
        loop {
            let due = due_at.is_some_and(|at| at <= Instant::now());
            if due {
                due_at = None;
            }
            match self.queue.next(due) {
                Next::Export(batch) => {
                    due_at = None;
                    self.export(exporter, batch, &mut told).await;
                }
                Next::Flush(up_to) => {
                    let result = settled(|| exporter.flush());
                    self.queue.flushed(up_to, result);
                }
                Next::Wait { held: false } => {
                    due_at = None;
                    match caught(|| exporter.idle()).ok().flatten() {
                        Some(time) => drop(timeout(time, self.queue.intake.woken()).await),
                        None => self.queue.intake.woken().await,
                    }
                }
                Next::Wait { held: true } => {
                    let at =
                        *due_at.get_or_insert_with(|| Instant::now() + self.batch.schedule_delay);
                    // Being woken and being due are the same: look again.
                    let _ = timeout_at(at, self.queue.intake.woken()).await;
                }
                Next::Stop => break,
            }
        }
        self.queue.give_up();
        self.queue.exporter_shut_down(settled(|| exporter.shutdown()));
    }

    /// `told` is whether somebody was told that nothing gets through.
    async fn export(&self, exporter: &mut dyn Export, batch: Batch, told: &mut bool) {
        let limit = exporter.limit(self.batch.export_timeout);
        let destination = exporter.destination();
        let outcome = match caught(|| exporter.export(&batch)) {
            Ok(exporting) => {
                self.queue.read(batch);
                let attempt = attempt(exporting, limit, self.queue.stopped());
                let attempt = self.restocking(attempt);
                self.patiently(attempt, &destination, told).await
            }
            Err(panicked) => {
                self.queue.read(batch);
                Outcome::Panicked(panicked)
            }
        };
        self.queue.settle(outcome);
        if let Some((stats, last_error)) = self.queue.first_loss() {
            report::first_loss(&destination, &stats, last_error.as_deref());
        }
    }

    /// Waits for an attempt, and has memory ready meanwhile: none comes back from spans that are out.
    async fn restocking(&self, attempt: impl Future<Output = Outcome>) -> Outcome {
        let intake = &self.queue.intake;
        let mut attempt = pin!(attempt);
        let mut few = pin!(intake.few_spares());
        std::future::poll_fn(|cx| {
            while few.as_mut().poll(cx).is_ready() {
                intake.restock();
                few.set(intake.few_spares());
            }
            attempt.as_mut().poll(cx)
        })
        .await
    }

    /// Waits for an attempt, and says so when that takes long because nothing gets through.
    async fn patiently(
        &self,
        attempt: impl Future<Output = Outcome>,
        destination: &str,
        told: &mut bool,
    ) -> Outcome {
        let mut attempt = pin!(attempt);
        loop {
            if let Ok(outcome) = timeout(PATIENCE, attempt.as_mut()).await {
                return outcome;
            }
            if let Some(why) = self.retries.last_error().filter(|_| !*told) {
                *told = true;
                report::held(destination, &why);
            }
        }
    }
}

/// Says that the thread is gone, even if it went by a panic.
struct Finished<'a>(&'a Queue);

impl Drop for Finished<'_> {
    fn drop(&mut self) {
        self.0.finish();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc::{Sender, channel};

    use super::*;
    use crate::export::{Exported, Exporting};
    use crate::pipeline::{Pipeline, Sink, Way};

    struct Idler(Sender<()>);

    impl Export for Idler {
        fn destination(&self) -> String {
            "nowhere".to_owned()
        }

        fn export(&mut self, _: &Batch) -> Exporting {
            Box::pin(std::future::ready(Ok(Exported::default())))
        }

        fn idle(&mut self) -> Option<Duration> {
            self.0.send(()).ok().map(|()| Duration::from_millis(1))
        }
    }

    #[test]
    fn an_exporter_that_waits_for_something_is_called_again_without_a_span() {
        let (sender, idle) = channel();
        let connect: Connect = Box::new(|_| Ok(Box::new(Idler(sender))));
        let resource = Resource::builder_empty().build();
        let batch = config::Batch {
            max_queue_size: 1,
            max_queue_bytes: usize::MAX,
            max_export_batch_size: 1,
            schedule_delay: Duration::from_secs(5),
            export_timeout: Duration::from_secs(5),
        };
        let pipeline = Pipeline::start(batch, resource, connect).expect("a thread");
        let sink = Sink::new([Way::new(pipeline)]).expect("a way");

        for _ in 0..3 {
            idle.recv_timeout(Duration::from_secs(10)).expect("called again");
        }
        sink.shutdown(Duration::from_secs(10)).expect("nothing was lost");
    }
}
