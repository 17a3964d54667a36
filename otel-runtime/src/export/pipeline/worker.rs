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
use crate::export::settings::Batching;
use crate::export::{Export, Retries};
use crate::process::unwind::caught;
use crate::record::Batch;

/// Makes the exporter, on the export thread and inside its runtime, which some exporters need.
pub(crate) type Connect = Box<dyn FnOnce(Retries) -> Result<Box<dyn Export>, String> + Send>;

/// Why a pipeline cannot be started: something of the machine's that is needed and not there.
#[derive(Debug)]
pub(crate) struct StartError {
    pub(crate) what: &'static str,
    pub(crate) why: String,
}

/// How long nobody is told that nothing gets through: passing trouble is no news.
const PATIENCE: Duration = Duration::from_secs(5);

pub(super) struct Worker {
    pub(super) queue: Arc<Queue>,
    pub(super) batch: Batching,
    pub(super) resource: Resource,
    pub(super) retries: Retries,
}

impl Worker {
    /// The whole life of the thread. `ready` hears whether it began well, where spans go, and by which reactor.
    pub(super) fn run(
        self,
        connect: Connect,
        ready: &SyncSender<Result<(String, Handle), StartError>>,
    ) {
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
                let _ = ready.send(Err(StartError { what, why: error.to_string() }));
                return;
            }
        };
        runtime.block_on(async {
            match connect(self.retries.clone()) {
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
        // A look-up of a name that hangs is not waited for.
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
                    let at =
                        *due_at.get_or_insert_with(|| Instant::now() + self.batch.schedule_delay);
                    // Being woken and being due are the same: look again.
                    self.wait(&mut flights, &mut patience, true, Some(at)).await;
                }
                Next::Stop => break,
            }
        }
        self.queue.give_up();
        let result = match caught(|| exporter.shutdown()) {
            Ok(call) => settled(bounded(call, self.batch.export_timeout, pending()).await),
            Err(panicked) => Err(panicked),
        };
        self.queue.exporter_shut_down(result);
    }

    /// Begins to take out a batch. The task says whether it was delivered.
    fn export(
        &self,
        exporter: &mut dyn Export,
        id: BatchId,
        batch: Batch,
        flights: &mut JoinSet<bool>,
    ) {
        let limit = exporter.limit(self.batch.export_timeout);
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
        settled(bounded(call, self.batch.export_timeout, self.queue.stopped()).await)
    }

    /// Waits until an export has ended, or `until` then, or if it `listens`, until it is woken. Meanwhile
    /// it has memory ready, since none comes back from spans that are out, and says so when nothing gets
    /// through for long.
    async fn wait(
        &self,
        flights: &mut JoinSet<bool>,
        patience: &mut Patience,
        listens: bool,
        until: Option<Instant>,
    ) {
        let intake = &self.queue.intake;
        let mut woken = pin!(intake.woken());
        let mut few = pin!(intake.few_spares());
        let mut due = pin!(at(until));
        let mut tired = pin!(at(patience.end(flights)));
        std::future::poll_fn(|cx| {
            if !flights.is_empty() {
                while few.as_mut().poll(cx).is_ready() {
                    intake.restock();
                    few.set(intake.few_spares());
                }
                if let Poll::Ready(Some(ended)) = flights.poll_join_next(cx) {
                    patience.ended(ended.unwrap_or(false));
                    return Poll::Ready(());
                }
            }
            if listens && woken.as_mut().poll(cx).is_ready() {
                return Poll::Ready(());
            }
            if tired.as_mut().poll(cx).is_ready() {
                patience.is_over(&self.retries);
                return Poll::Ready(());
            }
            due.as_mut().poll(cx)
        })
        .await;
    }
}

/// Resolves then, or never.
async fn at(time: Option<Instant>) {
    match time {
        Some(time) => sleep_until(time).await,
        None => pending().await,
    }
}

/// Tells once that nothing gets through.
struct Patience {
    destination: String,
    /// Since when nothing has got through, while something is on its way.
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
    #[cfg(feature = "otlp-http")]
    use crate::export::otlp::Reply;
    use crate::export::pipeline::{Pipeline, Sink, Way};
    #[cfg(feature = "otlp-http")]
    use crate::export::pipeline::{Stats, queue::tests::span};
    use crate::export::{Exported, Exporting};

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
        let batch = Batching {
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

    /// What becomes of `rate` spans a second, for a minute, at a backend that replies so, with the
    /// default settings.
    #[cfg(feature = "otlp-http")]
    async fn minute(rate: u32, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Stats {
        const STEP: Duration = Duration::from_millis(10);
        let batch = Batching {
            max_queue_size: 2048,
            max_queue_bytes: 16 << 20,
            max_export_batch_size: 512,
            schedule_delay: Duration::from_secs(5),
            export_timeout: Duration::from_secs(30),
        };
        let retries = Retries::default();
        let queue = Arc::new(Queue::new(batch, retries.clone()));
        let mut exporter = crate::export::otlp::flaky(retries.clone(), reply);
        let resource = Resource::builder_empty().build();
        let worker = Worker { queue: Arc::clone(&queue), batch, resource, retries };
        let spans = async {
            let buffer = queue.buffer();
            for step in 0..6000 {
                for _ in step * rate / 100..(step + 1) * rate / 100 {
                    buffer.push(&queue.intake, &span(), 0, &[]);
                }
                tokio::time::sleep(STEP).await;
                let Stats { held, .. } = queue.stats();
                assert!(held <= 2048, "{held}");
            }
            // What is held at its end has as long as an attempt takes, and the same again.
            let end = queue.begin_flush();
            tokio::time::sleep(Duration::from_secs(20)).await;
            let _ = queue.end_flush(end, std::time::Instant::now());
            queue.give_up();
            queue.intake.wake();
        };
        tokio::join!(worker.drive(exporter.as_mut()), spans);
        queue.stats()
    }

    #[cfg(feature = "otlp-http")]
    #[tokio::test(start_paused = true)]
    async fn a_backend_that_fails_seven_times_of_ten_costs_no_span() {
        for seed in 0..4 {
            let random = std::sync::Mutex::new(fastrand::Rng::with_seed(seed));
            let reply = move || match random.lock().expect("no panic").f32() {
                ..0.7 => Reply::Fails,
                _ => Reply::Takes,
            };
            let stats = minute(2000, reply).await;
            assert_eq!((stats.ended, stats.exported), (120_000, 120_000), "{seed}: {stats:?}");
        }
    }

    #[cfg(feature = "otlp-http")]
    #[tokio::test(start_paused = true)]
    async fn a_backend_that_is_up_a_second_and_down_a_second_costs_no_span() {
        for phase in 0..4 {
            let began = Instant::now() + Duration::from_millis(250 * phase);
            let reply = move || match Instant::now().duration_since(began).as_secs() % 2 {
                0 => Reply::Takes,
                _ => Reply::Fails,
            };
            let stats = minute(200, reply).await;
            assert_eq!((stats.ended, stats.exported), (12_000, 12_000), "{phase}: {stats:?}");
        }
    }

    #[cfg(feature = "otlp-http")]
    #[tokio::test(start_paused = true)]
    async fn a_backend_that_never_answers_one_request_of_five_costs_no_span() {
        let requests = std::sync::atomic::AtomicU32::new(0);
        let reply = move || match requests.fetch_add(1, std::sync::atomic::Ordering::Relaxed) % 5 {
            2 => Reply::None,
            _ => Reply::Takes,
        };
        let stats = minute(200, reply).await;
        assert_eq!((stats.ended, stats.exported), (12_000, 12_000), "{stats:?}");
    }
}
