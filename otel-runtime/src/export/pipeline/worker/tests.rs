//! What does the export thread do that waits, and how many spans does a backend in trouble cost?

use std::sync::mpsc::{Sender, channel};

use super::*;
#[cfg(feature = "otlp-http")]
use crate::export::otlp::Reply;
use crate::export::pipeline::fan_out::Holds;
use crate::export::pipeline::queue::Outgoing;
use crate::export::pipeline::{Exporter, PipelineHandle, Stages};
#[cfg(feature = "otlp-http")]
use crate::export::pipeline::{Stats, queue::tests::span};
use crate::export::settings::Batching;
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
    let batching = Batching {
        max_queue_size: 1,
        max_queue_bytes: usize::MAX,
        max_export_batch_size: 1,
        schedule_delay: Duration::from_secs(5),
        export_timeout: Duration::from_secs(5),
    };
    let exporter = Exporter { batching, connect, open_traces: None };
    let pipeline = PipelineHandle::start(vec![exporter], Stages::default(), &resource);
    let pipeline = pipeline.expect("a thread").expect("an exporter");

    for _ in 0..3 {
        idle.recv_timeout(Duration::from_secs(10)).expect("called again");
    }
    pipeline.shutdown(Duration::from_secs(10)).expect("nothing was lost");
}

/// What becomes of `rate` spans a second, for a minute, with the default settings, at a backend that
/// replies as `answers` says.
#[cfg(feature = "otlp-http")]
async fn minute(rate: u32, reply: impl Fn() -> Reply + Send + Sync + 'static) -> Stats {
    const STEP: Duration = Duration::from_millis(10);
    let batching = Batching {
        max_queue_size: 2048,
        max_queue_bytes: 16 << 20,
        max_export_batch_size: 512,
        schedule_delay: Duration::from_secs(5),
        export_timeout: Duration::from_secs(30),
    };
    let retries = Retries::default();
    let outgoing = Outgoing { batching, retries: retries.clone(), open_traces: None };
    let queue = Queue::all(vec![outgoing], Holds::Nothing).remove(0);
    let mut exporter = crate::export::otlp::flaky(retries, reply);
    let resource = Resource::builder_empty().build();
    let worker = Worker { queue: Arc::clone(&queue), resource };
    let spans = async {
        let buffer = queue.fan_out.buffer();
        for step in 0..6000 {
            for _ in step * rate / 100..(step + 1) * rate / 100 {
                buffer.push(&queue.fan_out.intake, &span(), 0, &[]);
            }
            tokio::time::sleep(STEP).await;
            let Stats { held, .. } = queue.stats();
            assert!(held <= 2048, "{held}");
        }
        // Spans that are held at the end of the minute get the time of one attempt, and the same again.
        let end = queue.begin_flush(false);
        tokio::time::sleep(Duration::from_secs(20)).await;
        let _ = queue.end_flush(end, std::time::Instant::now());
        queue.give_up();
        queue.fan_out.intake.wake();
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
