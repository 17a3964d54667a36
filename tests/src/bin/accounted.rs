//! A program that ends so many spans, or such odd ones, that each has to be accounted for. Its argument
//! says which.

use std::collections::HashMap;
use std::error::Error;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::mpsc::Receiver;
use std::thread;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_runtime::{Stats, Telemetry, builder, traced};
use otel_tests::exporters::{Gated, Kept};

type Result<T> = std::result::Result<T, Box<dyn Error>>;

fn main() -> Result<()> {
    match std::env::args().nth(1).as_deref() {
        Some("threads") => threads(),
        Some("threads-too-many") => threads_too_many(),
        Some("load") => load(),
        Some("nested") => nested(),
        Some("traced-exporter") => traced_exporter(),
        Some("too-large") => too_large(),
        other => Err(format!("no such program: {other:?}").into()),
    }
}

/// The counters, which always add up.
#[track_caller]
fn stats(telemetry: &Telemetry) -> Stats {
    let stats = telemetry.stats();
    let settled = stats.exported + stats.folded + stats.dropped.total();
    assert_eq!(stats.ended, settled + stats.held, "{stats:?}");
    stats
}

fn arrived(batches: &Receiver<Vec<SpanData>>) -> u64 {
    batches.try_iter().map(|batch| batch.len() as u64).sum()
}

#[traced(attrs(n))]
fn leaf(n: u64) {}

const THREADS: u64 = 10_000;

/// As many threads, each of which makes a span and ends; some of them at once.
fn make_threads() {
    for n in 0..THREADS / 8 {
        thread::scope(|scope| {
            for k in 0..8 {
                scope.spawn(move || leaf(8 * n + k));
            }
        });
    }
}

fn threads() -> Result<()> {
    let (exporter, batches) = Kept::new();
    let telemetry = builder().exporter(exporter).max_queue_size(20_000).init()?;
    make_threads();
    telemetry.shutdown()?;
    let stats = stats(&telemetry);
    assert_eq!((stats.ended, stats.exported), (THREADS, THREADS));
    assert_eq!(arrived(&batches), THREADS);
    Ok(())
}

/// The exporter takes nothing until all of them are gone.
fn threads_too_many() -> Result<()> {
    let (exporter, sizes, gate) = Gated::new();
    let telemetry = builder().exporter(exporter).max_queue_size(100).init()?;
    make_threads();
    let full = stats(&telemetry);
    assert_eq!(full.ended, THREADS);
    assert!(full.held <= 200 && full.dropped.queue_full > 0, "{full:?}");
    gate.add_permits(1000);
    let lost = telemetry.flush().expect_err("some were lost").dropped().total();
    let after = stats(&telemetry);
    assert_eq!((after.ended, after.held), (THREADS, 0));
    assert_eq!((after.dropped.queue_full, after.dropped.total()), (lost, lost));
    assert_eq!(sizes.try_iter().sum::<usize>() as u64, after.exported);
    // Nothing that the threads had set aside is gone with them: the queue has all its room.
    (0..100).for_each(leaf);
    telemetry.flush()?;
    assert_eq!(stats(&telemetry).exported, after.exported + 100);
    Ok(())
}

/// Eight threads make spans, others flush and look, and a shutdown comes in the middle.
fn load() -> Result<()> {
    let (exporter, batches) = Kept::new();
    let telemetry = &builder().exporter(exporter).max_queue_size(500).init()?;
    let (over, made) = (&AtomicBool::new(false), &AtomicU64::new(0));
    thread::scope(|scope| {
        let workers: Vec<_> = (0..8)
            .map(|_| {
                scope.spawn(move || {
                    while !over.load(Ordering::Relaxed) {
                        leaf(made.fetch_add(1, Ordering::Relaxed));
                    }
                })
            })
            .collect();
        for _ in 0..2 {
            scope.spawn(move || {
                while !over.load(Ordering::Relaxed) {
                    let _ = telemetry.flush();
                    stats(telemetry);
                }
            });
        }
        let wait_for = |ended: u64| {
            while stats(telemetry).ended < ended {
                thread::yield_now();
            }
        };
        wait_for(20_000);
        let _ = telemetry.shutdown();
        assert_eq!(stats(telemetry).held, 0);
        wait_for(made.load(Ordering::Relaxed) + 1_000);
        over.store(true, Ordering::Relaxed);
        for worker in workers {
            worker.join().expect("no panic");
        }
    });
    let stats = stats(telemetry);
    assert_eq!(stats.ended, made.load(Ordering::Relaxed));
    assert_eq!(stats.held, 0);
    assert!(stats.dropped.after_shutdown >= 1_000, "{stats:?}");
    assert_eq!(arrived(&batches), stats.exported);
    Ok(())
}

/// More spans inside each other than there may be contexts.
fn nested() -> Result<()> {
    const DEPTH: u64 = 70_000;

    #[traced]
    fn nest(depth: u64) {
        if depth > 1 {
            nest(depth - 1);
        }
    }

    let (exporter, batches) = Kept::new();
    let queue = builder().exporter(exporter).max_queue_size(100_000).max_queue_bytes(1 << 30);
    let telemetry = queue.init()?;
    let thread = thread::Builder::new().stack_size(1 << 30).spawn(|| nest(DEPTH))?;
    thread.join().expect("no panic");
    telemetry.shutdown()?;

    assert_eq!(stats(&telemetry).exported, DEPTH);
    let spans: Vec<SpanData> = batches.try_iter().flatten().collect();
    let mut children: HashMap<_, u64> =
        spans.iter().map(|span| (span.span_context.span_id(), 0)).collect();
    assert_eq!(children.len() as u64, DEPTH);
    let mut roots = 0;
    for span in &spans {
        match children.get_mut(&span.parent_span_id) {
            Some(count) => *count += 1,
            None => roots += 1,
        }
    }
    assert_eq!(roots, 1);
    let most = children.values().max().copied().unwrap_or_default();
    let deepest = u64::from(u16::MAX) - 1;
    assert_eq!(most, DEPTH - deepest, "the rest are siblings");
    Ok(())
}

/// The exporter calls what is annotated.
fn traced_exporter() -> Result<()> {
    #[derive(Debug)]
    struct Traced(Kept);

    impl SpanExporter for Traced {
        async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
            leaf(0);
            tokio::task::spawn_blocking(|| leaf(1)).await.expect("no panic");
            self.0.export(batch).await
        }
    }

    let (kept, batches) = Kept::new();
    let telemetry = builder().exporter(Traced(kept)).init()?;
    for n in 0..3 {
        leaf(n);
        telemetry.flush()?;
    }
    telemetry.shutdown()?;
    assert_eq!((stats(&telemetry).ended, arrived(&batches)), (3, 3));
    Ok(())
}

/// A span that is larger than all that may be held.
fn too_large() -> Result<()> {
    #[traced(attrs(text))]
    fn large(text: &str) {}

    let (exporter, batches) = Kept::new();
    let telemetry = builder().exporter(exporter).max_queue_bytes(1 << 20).init()?;
    for _ in 0..3 {
        large(&"x".repeat(1 << 20));
        leaf(0);
    }
    let error = telemetry.shutdown().expect_err("three were lost");
    assert_eq!((error.exported(), error.dropped().queue_full), (3, 3));
    assert_eq!((stats(&telemetry).ended, arrived(&batches)), (6, 3));
    Ok(())
}
