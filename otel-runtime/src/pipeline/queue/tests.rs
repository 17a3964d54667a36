//! When is the export thread woken, and what is it told to do?

use std::borrow::Cow;
use std::pin::pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, SystemTime};

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::{SpanContext, SpanId, SpanKind, Status};
use opentelemetry_sdk::trace::{SpanEvents, SpanLinks};

use super::*;
use crate::export::Exported;
use crate::pipeline::attempt::Outcome;

fn queue(max_queue_size: usize, max_export_batch_size: usize) -> Queue {
    let hour = Duration::from_secs(3600);
    let batch = Batch {
        max_queue_size,
        max_queue_bytes: usize::MAX,
        max_export_batch_size,
        schedule_delay: hour,
        export_timeout: hour,
    };
    Queue::new(batch, Retries::default())
}

fn span() -> SpanData {
    SpanData {
        span_context: SpanContext::empty_context(),
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: Cow::Borrowed("span"),
        start_time: SystemTime::UNIX_EPOCH,
        end_time: SystemTime::UNIX_EPOCH,
        attributes: Vec::new(),
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Unset,
        instrumentation_scope: InstrumentationScope::default(),
    }
}

/// Whether the export thread was woken since this was asked last.
fn was_woken(queue: &Queue) -> bool {
    is_ready(queue.woken())
}

fn is_ready(future: impl Future<Output = ()>) -> bool {
    pin!(future).poll(&mut Context::from_waker(Waker::noop())) == Poll::Ready(())
}

/// The size of the batch that is to be exported now.
fn batch(queue: &Queue, due: bool) -> Option<usize> {
    match queue.next(due) {
        Next::Export(batch) => Some(batch.len()),
        Next::Flush(_) | Next::Wait { .. } | Next::Stop => None,
    }
}

#[test]
fn the_first_span_and_a_full_batch_wake_and_nothing_between() {
    let queue = queue(10, 3);
    let woken: Vec<bool> = (0..4)
        .map(|_| {
            queue.push(span(), false);
            was_woken(&queue)
        })
        .collect();

    assert_eq!(woken, [true, false, true, false]);
    assert_eq!(batch(&queue, false), Some(3));
    queue.settle(Outcome::Exported(Exported::default()));
    assert_eq!(batch(&queue, false), None, "the fourth waits");
    assert_eq!(batch(&queue, true), Some(1), "until it is due");
}

#[test]
fn an_urgent_span_wakes_and_takes_along_what_came_before() {
    let queue = queue(10, 5);
    queue.push(span(), false);
    assert!(was_woken(&queue));
    assert_eq!(batch(&queue, false), None);
    queue.push(span(), true);

    assert!(was_woken(&queue));
    assert_eq!(batch(&queue, false), Some(2));
}

#[test]
fn what_is_in_flight_does_not_fill_the_queue() {
    let queue = queue(2, 2);
    assert!(queue.push(span(), false));
    assert!(queue.push(span(), false));
    assert!(!queue.push(span(), false));
    assert_eq!(batch(&queue, false), Some(2));
    assert!(queue.push(span(), false));

    let stats = queue.stats();
    assert_eq!((stats.ended, stats.held, stats.dropped.queue_full), (4, 3, 1));
}

#[test]
fn the_first_loss_is_told_once() {
    let queue = queue(10, 1);
    for is_first in [true, false] {
        queue.push(span(), false);
        assert_eq!(batch(&queue, false), Some(1));
        queue.settle(Outcome::Failed("why".to_owned()));
        assert_eq!(queue.first_loss().is_some(), is_first);
    }
}

#[test]
fn what_the_backend_refused_of_a_batch_is_no_more_than_the_batch() {
    for (rejected, failed, counted) in [(1, 1, (1, 1, 1)), (9, 9, (0, 3, 0)), (0, 9, (0, 0, 3))] {
        let queue = queue(10, 3);
        for _ in 0..3 {
            queue.push(span(), false);
        }
        assert_eq!(batch(&queue, false), Some(3));
        let why = Some("why".to_owned());
        queue.settle(Outcome::Exported(Exported { rejected, failed, why }));

        let Stats { exported, held, dropped, .. } = queue.stats();
        assert_eq!((exported, dropped.rejected, dropped.export_failed), counted);
        assert_eq!(held, 0);
    }
}

#[test]
fn a_batch_that_is_given_up_between_two_attempts_is_told_with_what_went_wrong() {
    let queue = queue(10, 1);
    queue.push(span(), false);
    assert_eq!(batch(&queue, false), Some(1));
    queue.lock().retries.failed("no route".to_owned());
    queue.lock().retries.again();
    assert_eq!(queue.stats().retried, 1);

    let report = queue.shutdown(Instant::now());
    assert_eq!(report.now.dropped.shutdown_timeout, 1);
    assert_eq!(report.last_error.as_deref(), Some("no route"));
}

#[test]
fn a_shutdown_hurries_an_exporter_that_waits() {
    let queue = queue(10, 1);
    let retries = queue.lock().retries.clone();
    assert!(!is_ready(retries.hurried()));
    queue.shutdown(Instant::now());
    assert!(is_ready(retries.hurried()));
}
