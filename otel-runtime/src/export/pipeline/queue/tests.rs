//! When is the export thread woken, and what is it told to do?

mod several;

use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanId, SpanKind, TraceFlags, TraceId};

use super::*;
use crate::export::Exported;
use crate::export::pipeline::attempt::Outcome;
use crate::export::pipeline::buffer::Buffer;
use crate::export::pipeline::memory::BLOCK;
use crate::record::{Finished, Origin};

fn queue(max_queue_size: usize, max_export_batch_size: usize) -> Arc<Queue> {
    with_bytes(max_queue_size, max_export_batch_size, 16 << 20)
}

fn with_bytes(max_queue_size: usize, max_export_batch_size: usize, bytes: usize) -> Arc<Queue> {
    let hour = Duration::from_secs(3600);
    let batching = Batching {
        max_queue_size,
        max_queue_bytes: bytes,
        max_export_batch_size,
        schedule_delay: hour,
        export_timeout: hour,
    };
    let outgoing = Outgoing { batching, retries: Retries::default(), open_traces: None };
    Queue::all(vec![outgoing], Holds::Nothing).remove(0)
}

pub(in crate::export::pipeline) fn span() -> Finished {
    Finished {
        trace_id: TraceId::INVALID,
        span_id: SpanId::INVALID,
        trace_flags: TraceFlags::SAMPLED,
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        kind: SpanKind::Internal,
        start: 0,
        end: 0,
        origin: Origin::Library(Arc::new(InstrumentationScope::default())),
        named: true,
        placed: true,
    }
}

/// Begins and ends a flush or a shutdown in one call.
impl Queue {
    fn shutdown(&self, deadline: Instant) -> Report {
        self.end_shutdown(self.begin_shutdown(deadline), deadline)
    }
}

/// A thread that ends spans.
struct Thread<'a> {
    queue: &'a Queue,
    buffer: Arc<Buffer>,
}

impl<'a> Thread<'a> {
    fn of(queue: &'a Queue) -> Self {
        Thread { queue, buffer: queue.fan_out.buffer() }
    }

    fn ends(&self, fields: usize) -> bool {
        self.buffer.push(&self.queue.fan_out.intake, &span(), 0, &vec![0; fields])
    }
}

impl Drop for Thread<'_> {
    fn drop(&mut self) {
        self.buffer.abandon(&self.queue.fan_out.intake);
    }
}

/// The counters of the queue, after a check that they add up.
#[track_caller]
fn stats(queue: &Queue) -> Stats {
    let stats = queue.stats();
    assert_eq!(stats.ended, stats.exported + stats.held + stats.dropped.total(), "{stats:?}");
    stats
}

/// Whether the export thread was woken since the last call.
fn was_woken(queue: &Queue) -> bool {
    // Both are asked, as the export thread does.
    is_ready(queue.fan_out.intake.woken()) | is_ready(queue.woken())
}

fn is_ready(future: impl Future<Output = ()>) -> bool {
    pin!(future).poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
}

/// The size of the batch that is to be exported now.
fn batch(queue: &Queue, due: bool) -> Option<usize> {
    match queue.next(due) {
        Next::Export(id, batch) => {
            let spans = batch.iter().count();
            queue.read(id, batch);
            Some(spans)
        }
        Next::Flush(_) | Next::Wait { .. } | Next::Stop => None,
    }
}

/// Settles the oldest batch that is with the exporter, with this outcome.
fn settle(queue: &Queue, outcome: Outcome) {
    let first = queue.lock().settled_to();
    queue.settle(BatchId::at(first), outcome);
}

#[test]
fn the_first_span_and_a_full_batch_wake_and_nothing_between() {
    let queue = queue(10, 3);
    let thread = Thread::of(&queue);
    let woken: Vec<bool> = (0..4)
        .map(|_| {
            queue.fan_out.intake.look();
            thread.ends(0);
            was_woken(&queue)
        })
        .collect();

    assert_eq!(woken, [true, false, true, true]);
    assert_eq!(batch(&queue, false), Some(3));
    settle(&queue, Outcome::Exported(Exported::default()));
    assert_eq!(batch(&queue, false), None, "the fourth waits");
    assert_eq!(batch(&queue, true), Some(1), "until it is due");
}

#[test]
fn who_is_awake_is_not_woken() {
    let queue = queue(10, 1);
    let thread = Thread::of(&queue);
    thread.ends(0);
    assert!(was_woken(&queue));
    thread.ends(0);

    assert!(!was_woken(&queue), "it has not looked yet");
    assert_eq!(batch(&queue, false), Some(1));
}

#[test]
fn an_urgent_span_wakes_and_takes_along_what_came_before() {
    let queue = queue(10, 5);
    let thread = Thread::of(&queue);
    thread.ends(0);
    assert!(was_woken(&queue));
    assert_eq!(batch(&queue, false), None);
    thread.ends(0);
    queue.hurry();

    assert!(was_woken(&queue));
    assert_eq!(batch(&queue, false), Some(2));
}

#[test]
fn what_is_out_counts_until_it_is_settled() {
    let queue = queue(2, 2);
    let thread = Thread::of(&queue);
    assert!(thread.ends(0));
    assert!(thread.ends(0));
    assert!(!thread.ends(0));
    assert_eq!(batch(&queue, false), Some(2));
    assert!(!thread.ends(0), "the queue holds two");
    assert_eq!((stats(&queue).held, stats(&queue).dropped.queue_full), (2, 2));

    settle(&queue, Outcome::Exported(Exported::default()));
    assert!(thread.ends(0));
    assert_eq!((stats(&queue).ended, stats(&queue).held), (5, 1));
}

#[test]
fn many_threads_fill_one_queue() {
    let queue = queue(1000, 1000);
    let threads: Vec<_> = (0..300).map(|_| Thread::of(&queue)).collect();
    let held = threads.iter().cycle().take_while(|thread| {
        // Room that other threads set aside and did not use is free once their buffers are collected.
        thread.ends(0) || (batch(&queue, false).is_none() && thread.ends(0))
    });

    // The spans reach the size of a batch only then.
    assert_eq!(held.count(), 1000);
    settle(&queue, Outcome::Exported(Exported::default()));
    assert_eq!(queue.fan_out.intake.held(), 0);
    assert!(threads[..200].iter().all(|thread| thread.ends(0)), "none takes too much for itself");
}

#[test]
fn a_thread_that_is_gone_leaves_its_spans_and_counters() {
    let queue = queue(1000, 1000);
    for _ in 0..1000 {
        assert!(Thread::of(&queue).ends(0), "no thread keeps what it has set aside");
    }

    assert_eq!((stats(&queue).ended, stats(&queue).held), (1000, 1000));
    assert_eq!(batch(&queue, false), Some(1000));
    assert_eq!(queue.fan_out.buffers(), 0);
    assert_eq!(stats(&queue).ended, 1000);
}

#[test]
fn a_batch_takes_what_it_may_of_a_block() {
    let queue = queue(100, 7);
    let thread = Thread::of(&queue);
    assert!((0..20).all(|_| thread.ends(10)));

    let sizes: Vec<_> = std::iter::from_fn(|| batch(&queue, true)).collect();
    assert_eq!(sizes, [7, 7, 6]);
}

#[test]
fn no_more_memory_is_held_than_there_may_be() {
    let queue = with_bytes(10_000, 512, 4 * BLOCK);
    let thread = Thread::of(&queue);
    assert!(thread.ends(0));
    assert!(!thread.ends(4 * BLOCK), "too large for all there is");
    assert!(thread.ends(2 * BLOCK));
    assert!(!thread.ends(2 * BLOCK), "no longer");
    assert!(thread.ends(0), "a small one still fits");

    let full = stats(&queue);
    assert_eq!((full.held, full.dropped.queue_full), (3, 2));
    assert_eq!(batch(&queue, true), Some(3));
    settle(&queue, Outcome::Exported(Exported::default()));
    assert!(matches!(queue.next(false), Next::Wait { held: false }));
    for _ in 0..100 {
        assert!(thread.ends(0));
    }
    let mut sent = 0;
    while let Some(spans) = batch(&queue, true) {
        sent += spans;
        settle(&queue, Outcome::Exported(Exported::default()));
    }
    assert_eq!(sent, 100, "in parts");
    assert!(thread.ends(3 * BLOCK), "what is kept for small ones is given up for a large one");
}

#[test]
fn what_ends_after_the_shutdown_is_counted() {
    let queue = queue(10, 5);
    let before = Thread::of(&queue);
    assert!(before.ends(0));
    let report = queue.shutdown(Instant::now());
    let after = Thread::of(&queue);

    assert!(report.closed);
    assert!(!before.ends(0));
    assert!(!after.ends(0));
    let stats = stats(&queue);
    assert_eq!((stats.ended, stats.dropped.shutdown_timeout), (3, 1));
    assert_eq!(stats.dropped.after_shutdown, 2);
}

#[test]
fn the_first_loss_is_told_once() {
    let queue = queue(10, 1);
    let thread = Thread::of(&queue);
    for is_first in [true, false] {
        thread.ends(0);
        assert_eq!(batch(&queue, false), Some(1));
        settle(&queue, Outcome::Failed("why".to_owned()));
        assert_eq!(queue.first_loss().is_some(), is_first);
    }
}

#[test]
fn what_the_backend_refused_of_a_batch_is_no_more_than_the_batch() {
    for (rejected, failed, counted) in [(1, 1, (1, 1, 1)), (9, 9, (0, 3, 0)), (0, 9, (0, 0, 3))] {
        let queue = queue(10, 3);
        let thread = Thread::of(&queue);
        assert!((0..3).all(|_| thread.ends(0)));
        assert_eq!(batch(&queue, false), Some(3));
        let why = Some("why".to_owned());
        settle(&queue, Outcome::Exported(Exported { rejected, failed, why }));

        let Stats { exported, held, dropped, .. } = stats(&queue);
        assert_eq!((exported, dropped.rejected, dropped.export_failed), counted);
        assert_eq!(held, 0);
    }
}

#[test]
fn a_batch_that_is_given_up_between_two_attempts_is_told_with_what_went_wrong() {
    let queue = queue(10, 1);
    Thread::of(&queue).ends(0);
    assert_eq!(batch(&queue, false), Some(1));
    queue.lock().retries.failed("no route".to_owned());
    queue.lock().retries.again();
    assert_eq!(stats(&queue).retried, 1);

    let report = queue.shutdown(Instant::now());
    assert_eq!(report.now.dropped.shutdown_timeout, 1);
    assert_eq!(report.last_error.as_deref(), Some("no route"));
}

#[test]
fn a_shutdown_hurries_an_exporter_that_waits() {
    let queue = queue(10, 1);
    let retries = queue.lock().retries.clone();
    let mut batches = [retries.hurry_for_one(), retries.hurry_for_one()];
    assert!(batches.iter_mut().all(|batch| !is_ready(batch.hurried())));
    queue.shutdown(Instant::now());
    assert!(batches.iter_mut().all(|batch| is_ready(batch.hurried())));
    assert!(batches.iter_mut().all(|batch| !is_ready(batch.hurried())), "once");
}

#[test]
fn spans_that_fill_the_memory_do_not_wait_for_a_full_batch() {
    let queue = with_bytes(1000, 1000, 16 * BLOCK);
    let thread = Thread::of(&queue);
    assert!(thread.ends(BLOCK));
    queue.fan_out.intake.look();

    while thread.ends(BLOCK) {}

    assert!(was_woken(&queue));
    assert!(batch(&queue, false).is_some());
}

#[test]
fn a_batch_of_large_spans_is_a_part_of_the_memory() {
    let queue = with_bytes(1000, 100, 160 * BLOCK);
    let thread = Thread::of(&queue);
    let held = (0..100).take_while(|_| thread.ends(2 * BLOCK)).count();

    let taken = batch(&queue, true).expect("a batch");

    assert!((1..=10).contains(&taken), "{taken} of {held}");
    let rest = std::iter::from_fn(|| batch(&queue, false)).sum::<usize>();
    assert_eq!(taken + rest, held);
}

#[test]
fn spares_are_made_where_there_are_few_and_memory_is_left() {
    let queue = with_bytes(10_000, 10_000, 100 * BLOCK);
    let thread = Thread::of(&queue);
    assert!((0..5).all(|_| thread.ends(0)));
    assert!(is_ready(queue.fan_out.intake.memory.few_spares()), "the second block had to be made");
    queue.fan_out.intake.memory.restock();

    assert!((0..300).all(|_| thread.ends(0)));
    assert!(!is_ready(queue.fan_out.intake.memory.few_spares()), "enough are left");

    while thread.ends(BLOCK / 4) {}
    while is_ready(queue.fan_out.intake.memory.few_spares()) {}
    assert!(!thread.ends(BLOCK / 4));
    assert!(
        !is_ready(queue.fan_out.intake.memory.few_spares()),
        "there is no memory to make them of"
    );
}

#[test]
fn threads_that_are_gone_leave_nothing_but_their_counts() {
    let queue = queue(10, 5);
    let alive = Thread::of(&queue);
    for _ in 0..1000 {
        // No span waits, so the export thread does not look.
        Thread::of(&queue).buffer.leave_out(TraceId::from(1));
    }

    assert_eq!(stats(&queue).left_out, 1000);
    let buffers = queue.fan_out.buffers();
    assert!(buffers < 10, "{buffers} of them are still there");
    assert!(alive.ends(0), "that of a thread that lives on is not lost");
    assert_eq!(stats(&queue).held, 1);
}

/// Up to which span the exporter is to be flushed now, if it is.
fn to_flush(queue: &Queue) -> Option<u64> {
    match queue.next(false) {
        Next::Flush(up_to) => Some(up_to),
        Next::Export(..) | Next::Wait { .. } | Next::Stop => None,
    }
}

/// What a flush reports whose time is over.
fn end_flush(queue: &Queue, awaited: Awaited) -> Report {
    queue.end_flush(awaited, Instant::now())
}

fn exported() -> Outcome {
    Outcome::Exported(Exported::default())
}

#[test]
fn a_flush_ends_when_its_spans_are_out_although_the_queue_is_full_again() {
    let queue = queue(100, 2);
    let thread = Thread::of(&queue);
    assert!((0..2).all(|_| thread.ends(0)));
    let flush = queue.begin_flush(false);
    assert!((0..8).all(|_| thread.ends(0)));

    assert_eq!(batch(&queue, false), Some(2));
    settle(&queue, exported());
    assert_eq!(to_flush(&queue), Some(2), "before the next batch");
    queue.flushed(2, &Ok(()));
    let report = end_flush(&queue, flush);
    assert_eq!((report.told.exported, report.pending, report.timed_out), (2, 0, false));
    assert_eq!(batch(&queue, false), Some(2), "and it goes on");
}

#[test]
fn a_flush_waits_for_the_batches_that_hold_its_spans_in_whatever_order_they_end() {
    let queue = queue(100, 2);
    let thread = Thread::of(&queue);
    assert!((0..2).all(|_| thread.ends(0)));
    assert_eq!(batch(&queue, false), Some(2));
    let flush = queue.begin_flush(false);
    assert!((0..2).all(|_| thread.ends(0)));
    assert_eq!(batch(&queue, false), Some(2));

    queue.settle(BatchId::at(2), exported());
    assert_eq!(to_flush(&queue), None, "the later batch says nothing of the earlier");
    let pending = queue.lock().held_before(2);
    assert_eq!((pending, stats(&queue).held, stats(&queue).exported), (2, 2, 2));
    queue.settle(BatchId::at(0), exported());
    assert_eq!(to_flush(&queue), Some(2));
    queue.flushed(2, &Ok(()));
    assert_eq!(end_flush(&queue, flush).told.exported, 2);
}

#[test]
fn flushes_at_the_same_time_tell_each_of_its_own_spans_and_all_of_the_exporters_error() {
    let queue = queue(100, 10);
    let thread = Thread::of(&queue);
    let flush_after = |spans: usize| {
        assert!((0..spans).all(|_| thread.ends(0)));
        queue.begin_flush(false)
    };
    let [first, second, third] = [flush_after(2), flush_after(3), flush_after(0)];

    assert_eq!(batch(&queue, false), Some(2), "no batch is of two flushes");
    assert_eq!(batch(&queue, false), Some(3));
    queue.settle(BatchId::at(2), exported());
    queue.settle(BatchId::at(0), Outcome::Failed("why".to_owned()));
    assert_eq!(to_flush(&queue), Some(5));
    queue.flushed(5, &Err("no room".to_owned()));

    // In whatever order the three ask.
    let told = [third, second, first].map(|flush| end_flush(&queue, flush).told);
    let numbers = told.each_ref().map(|told| (told.exported, told.dropped.export_failed));
    assert_eq!(numbers, [(0, 0), (3, 0), (0, 2)]);
    assert!(told.iter().all(|told| told.exporter_error.as_deref() == Some("no room")));
    assert_eq!(told[2].error.as_deref(), Some("why"));
}

#[test]
fn what_a_flush_had_no_time_to_tell_is_told_by_the_next_and_only_once() {
    let queue = queue(2, 2);
    let thread = Thread::of(&queue);
    assert!((0..2).all(|_| thread.ends(0)) && !thread.ends(0));
    let late = queue.begin_flush(false);
    assert_eq!(batch(&queue, false), Some(2));
    let report = end_flush(&queue, late);
    assert!(report.timed_out);
    assert_eq!((report.pending, report.told.dropped.queue_full), (2, 1));

    settle(&queue, Outcome::TimedOut(Duration::from_secs(1)));
    let next = queue.begin_flush(false);
    assert_eq!(to_flush(&queue), Some(2));
    queue.flushed(2, &Ok(()));
    let told = end_flush(&queue, next).told;
    assert_eq!((told.dropped.export_timeout, told.dropped.total()), (2, 2));

    let last = queue.shutdown(Instant::now()).told;
    assert_eq!((last.exported, last.dropped.total()), (0, 0));
}

#[test]
fn many_threads_wake_the_export_thread_as_seldom_as_one() {
    let queue = queue(2048, 512);
    let threads: Vec<_> = (0..32).map(|_| Thread::of(&queue)).collect();
    let (mut wakes, mut exports) = (0, 0);
    for thread in threads.iter().cycle().take(50_000) {
        assert!(thread.ends(0));
        if was_woken(&queue) {
            wakes += 1;
            while batch(&queue, false).is_some() {
                settle(&queue, exported());
                exports += 1;
            }
        }
    }
    assert!((90..=98).contains(&exports), "of 512 spans each: {exports}");
    // One wake-up for the first span after each export, and one for each full batch.
    assert!(wakes <= 2 * exports + 2, "{wakes} for {exports} exports");
}

#[test]
fn a_queue_that_is_nearly_full_does_not_wait_for_a_full_batch() {
    let queue = queue(64, 64);
    let threads: Vec<_> = (0..16).map(|_| Thread::of(&queue)).collect();
    let mut threads = threads.iter().cycle();
    let ended = threads.by_ref().take(100).take_while(|thread| {
        queue.fan_out.intake.look();
        thread.ends(0) && !(was_woken(&queue) && batch(&queue, false).is_some())
    });
    assert!((40..64).contains(&ended.count()));
    assert_eq!(stats(&queue).dropped.total(), 0);
}
