//! What do a flush, a shutdown and the counters say of spans that go through stages?

use std::future::{pending, ready};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Mutex, PoisonError};
use std::task::{Context as Task, Waker};

use opentelemetry_sdk::Resource;

use super::*;
use crate::export::pipeline::queue::tests::span;
use crate::export::pipeline::{Exporter, PipelineHandle, Stats, ThreadBuffer};
use crate::export::settings::Batching;
use crate::export::{Export, Exported, Exporting};
use crate::record::Batch;

const LONG: Duration = Duration::from_secs(60);

/// Does what the test says with each block, when the test lets it.
struct Step<F>(F);

impl<F: FnMut(Block) -> Block + Send> Rewrite for Step<F> {
    fn rewrite(&mut self, block: Block) -> Block {
        self.0(block)
    }
}

/// Remembers the ends of the spans that it is handed; one that is stuck never takes any.
#[derive(Clone, Default)]
struct Backend {
    ends: Arc<Mutex<Vec<u64>>>,
    is_stuck: bool,
}

impl Export for Backend {
    fn destination(&self) -> String {
        "a backend".to_owned()
    }

    fn export(&mut self, batch: &Batch) -> Exporting {
        if self.is_stuck {
            return Box::pin(pending());
        }
        let mut ends = self.ends.lock().unwrap_or_else(PoisonError::into_inner);
        ends.extend(batch.iter().map(|span| span.finished.end));
        Box::pin(ready(Ok(Exported::default())))
    }
}

impl Backend {
    fn exporter(&self) -> Exporter {
        let batching = Batching {
            max_queue_size: 100,
            max_queue_bytes: 1 << 24,
            max_export_batch_size: 100,
            schedule_delay: LONG,
            export_timeout: LONG,
        };
        let backend = self.clone();
        Exporter { batching, connect: Box::new(|_| Ok(Box::new(backend))), open_traces: None }
    }

    fn ends(&self) -> Vec<u64> {
        self.ends.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

fn start(
    backends: &[&Backend],
    step: impl FnMut(Block) -> Block + Send + 'static,
) -> PipelineHandle {
    let exporters = backends.iter().map(|backend| backend.exporter()).collect();
    let stages = Stages { redaction: Some(Box::new(Step(step))), ..Stages::default() };
    let pipeline = PipelineHandle::start(exporters, stages, &Resource::builder_empty().build());
    pipeline.expect("threads").expect("an exporter")
}

/// A step that waits until the test lets it go on, once for each block.
fn waiting() -> (Sender<()>, Receiver<()>, impl FnMut(Block) -> Block + Send) {
    let ((go, may_go), (here, arrived)) = (channel::<()>(), channel());
    let step = move |block| {
        let _ = here.send(());
        let _ = may_go.recv();
        block
    };
    (go, arrived, step)
}

fn ends(buffer: &ThreadBuffer, ends: impl IntoIterator<Item = u64>) {
    ends.into_iter().for_each(|end| buffer.ended(&span(), end, b""));
}

#[track_caller]
fn balanced(pipeline: &PipelineHandle) -> Stats {
    for exporter in pipeline.exporters() {
        let Stats { ended, exported, held, dropped, folded, .. } = exporter.stats;
        assert_eq!(ended, exported + held + folded + dropped.total(), "{:?}", exporter.stats);
    }
    pipeline.stats()
}

/// A copy of a block in which every span ends so much later.
fn later(block: &Block, by: u64) -> Block {
    let spans: Vec<_> = (0..block.len()).filter_map(|at| block.get(at)).collect();
    let mut later = Block::with_capacity(spans.len(), 0);
    for span in spans {
        later.push(span.finished, span.finished.end + by, span.fields);
    }
    later
}

#[test]
fn every_exporter_gets_what_the_step_made_of_each_span_once() {
    let backends = [Backend::default(), Backend::default()];
    let pipeline = start(&[&backends[0], &backends[1]], |block| later(&block, 100));
    let buffer = pipeline.thread_buffer().expect("a buffer");

    ends(&buffer, 0..3);
    assert_eq!(pipeline.flush(LONG, false).expect("nothing is lost").exported, 6);
    ends(&buffer, 3..5);
    pipeline.shutdown(LONG).expect("nothing is lost");

    for backend in backends {
        assert_eq!(backend.ends(), [100, 101, 102, 103, 104]);
    }
    assert_eq!(balanced(&pipeline).exported, 10);
}

#[test]
fn a_flush_waits_for_a_slow_step_within_its_time_and_the_counters_add_up_meanwhile() {
    let backend = Backend::default();
    let (go, arrived, step) = waiting();
    let pipeline = start(&[&backend], step);
    let buffer = pipeline.thread_buffer().expect("a buffer");

    ends(&buffer, 0..3);
    let error = pipeline.flush(Duration::from_millis(1), false).expect_err("the step waits");
    assert!(error.is_timeout() && error.dropped().total() == 0, "{error}");
    arrived.recv_timeout(LONG).expect("the step has them");
    assert_eq!(balanced(&pipeline).held, 3);
    // A thread that ends spans waits for nobody.
    ends(&buffer, 3..5);
    assert_eq!(balanced(&pipeline).held, 5);

    drop(go);
    assert_eq!(pipeline.flush(LONG, false).expect("nothing is lost").exported, 5);
    assert_eq!((balanced(&pipeline).held, backend.ends()), (0, vec![0, 1, 2, 3, 4]));
}

#[test]
fn an_async_flush_begins_at_once_and_sends_what_ended_before() {
    let backend = Backend::default();
    let (go, arrived, step) = waiting();
    let pipeline = start(&[&backend], step);
    let buffer = pipeline.thread_buffer().expect("a buffer");

    ends(&buffer, 0..3);
    let mut flush = std::pin::pin!(pipeline.flush_async(LONG, false));
    arrived.recv_timeout(LONG).expect("the step has them");
    assert!(flush.as_mut().poll(&mut Task::from_waker(Waker::noop())).is_pending());
    drop(go);

    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    assert_eq!(runtime.block_on(flush).expect("nothing is lost").exported, 3);
}

#[test]
fn a_shutdown_without_time_gives_up_what_a_stuck_step_holds_and_counts_it() {
    let backend = Backend::default();
    let (go, arrived, step) = waiting();
    let pipeline = start(&[&backend], step);
    let buffer = pipeline.thread_buffer().expect("a buffer");

    ends(&buffer, 0..3);
    let _ = pipeline.flush(Duration::ZERO, false);
    arrived.recv_timeout(LONG).expect("the step has them");
    ends(&buffer, 3..5);
    let error = pipeline.shutdown(Duration::from_millis(1)).expect_err("the step is stuck");
    assert_eq!(error.dropped().shutdown_timeout, 5, "{error}");
    assert_eq!(balanced(&pipeline).dropped.shutdown_timeout, 5);
    drop(go);

    ends(&buffer, 5..6);
    assert_eq!(balanced(&pipeline).dropped.after_shutdown, 1);
    assert!(backend.ends().is_empty());
}

#[test]
fn an_exporter_that_is_stuck_does_not_keep_the_others_from_what_a_step_passes_on() {
    let (stuck, other) = (Backend { is_stuck: true, ..Backend::default() }, Backend::default());
    let pipeline = start(&[&stuck, &other], |block| block);
    let buffer = pipeline.thread_buffer().expect("a buffer");

    for round in 0..3 {
        ends(&buffer, [round]);
        let _ = pipeline.flush(Duration::from_millis(100), false);
    }
    let _ = pipeline.shutdown(Duration::from_millis(100));

    let numbers = pipeline.exporters();
    assert_eq!(numbers[1].stats.exported, 3);
    balanced(&pipeline);
}

#[test]
fn a_step_that_panics_loses_its_spans_and_no_other() {
    let backend = Backend::default();
    let pipeline = start(&[&backend], |block| {
        let first = block.get(0).map(|span| span.finished.end);
        assert_ne!(first, Some(13), "a bug");
        block
    });
    let buffer = pipeline.thread_buffer().expect("a buffer");

    ends(&buffer, [13]);
    let error = pipeline.flush(LONG, false).expect_err("a span is lost");
    assert_eq!((error.dropped().exporter_panicked, error.dropped().total()), (1, 1), "{error}");
    ends(&buffer, [14]);
    assert_eq!(pipeline.flush(LONG, false).expect("no other is lost").exported, 1);
    assert_eq!((balanced(&pipeline).held, backend.ends()), (0, vec![14]));
}

#[test]
fn spans_of_many_threads_leave_in_one_piece_while_threads_flush() {
    let backend = Backend::default();
    let pipeline = start(&[&backend], |block| block);
    std::thread::scope(|scope| {
        for thread in 0..4 {
            let pipeline = &pipeline;
            scope.spawn(move || {
                let buffer = pipeline.thread_buffer().expect("a buffer");
                for round in 0..50 {
                    ends(&buffer, [thread * 1000 + round]);
                    pipeline.flush(LONG, false).expect("nothing is lost");
                    balanced(pipeline);
                }
            });
        }
    });
    pipeline.shutdown(LONG).expect("nothing is lost");

    let mut ends = backend.ends();
    ends.sort_unstable();
    let all: Vec<u64> =
        (0..4).flat_map(|thread| (0..50).map(move |it| thread * 1000 + it)).collect();
    assert_eq!(ends, all);
}
