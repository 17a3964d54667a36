//! What does the export thread do?

use std::sync::Arc;
use std::sync::mpsc::SyncSender;

use opentelemetry::Context;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use tokio::runtime::Builder;
use tokio::time::{Instant, timeout_at};

use super::attempt::{attempt, settled};
use super::queue::{Next, Queue};
use super::report;
use crate::config::Batch;
use crate::error::InitErrorKind;
use crate::export::Export;

/// Makes the exporter, on the export thread and inside its runtime, which some exporters need.
pub(crate) type Connect = Box<dyn FnOnce() -> Result<Box<dyn Export>, String> + Send>;

pub(super) struct Worker {
    pub(super) queue: Arc<Queue>,
    pub(super) batch: Batch,
    pub(super) resource: Resource,
}

impl Worker {
    /// The whole life of the thread. `ready` hears whether it began well.
    pub(super) fn run(self, connect: Connect, ready: &SyncSender<Result<(), InitErrorKind>>) {
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
            match connect() {
                Ok(mut exporter) => {
                    exporter.set_resource(&self.resource);
                    let _ = ready.send(Ok(()));
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
        loop {
            let due = due_at.is_some_and(|at| at <= Instant::now());
            if due {
                due_at = None;
            }
            match self.queue.next(due) {
                Next::Export(batch) => {
                    due_at = None;
                    self.export(exporter, batch).await;
                }
                Next::Flush(up_to) => {
                    let result = settled(|| exporter.flush());
                    self.queue.flushed(up_to, result);
                }
                Next::Wait { held: false } => {
                    due_at = None;
                    self.queue.woken().await;
                }
                Next::Wait { held: true } => {
                    let at =
                        *due_at.get_or_insert_with(|| Instant::now() + self.batch.schedule_delay);
                    // Being woken and being due are the same: look again.
                    let _ = timeout_at(at, self.queue.woken()).await;
                }
                Next::Stop => break,
            }
        }
        self.queue.close();
        self.queue.exporter_shut_down(settled(|| exporter.shutdown()));
    }

    async fn export(&self, exporter: &mut dyn Export, batch: Vec<SpanData>) {
        let limit = self.batch.export_timeout;
        let outcome = attempt(exporter, batch, limit, self.queue.stopped()).await;
        self.queue.settle(outcome);
        if let Some((stats, last_error)) = self.queue.first_loss() {
            report::first_loss(&exporter.destination(), &stats, last_error.as_deref());
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
