//! When is what is folded written, and does it add up?

use opentelemetry::trace::{SpanKind, TraceFlags};
use opentelemetry::{InstrumentationScope, TraceId};

use super::*;
use crate::export::pipeline::buffer::{Buffer, Unfolded};
use crate::export::pipeline::intake::Intake;
use crate::export::settings::Batching;
use crate::record::Function;

fn function() -> &'static Function {
    Box::leak(Box::new(Function {
        name: "load",
        number: 0,
        path: "shop::load",
        scope: Box::leak(Box::new(InstrumentationScope::default())),
        place: Box::default(),
        place_count: 0,
    }))
}

/// A child of `parent` that began and ended so many nanoseconds after the start of all things.
fn child(function: &'static Function, parent: u64, id: u64, times: (u64, u64)) -> Finished {
    Finished {
        trace_id: TraceId::from(1),
        span_id: SpanId::from(id),
        trace_flags: TraceFlags::SAMPLED,
        parent_span_id: SpanId::from(parent),
        parent_span_is_remote: false,
        kind: SpanKind::Internal,
        start: times.0,
        end: times.1,
        origin: Origin::Function(function),
        named: false,
        placed: false,
    }
}

fn sibling<'a>(finished: &'a Finished, fields: &'a Fields) -> Sibling<'a> {
    Sibling { finished, end: finished.end, fields, name: None, first: 2, stays: false }
}

fn ended(folds: &mut Folds, child: &Finished, now: Instant) -> Fate {
    folds.ended(&sibling(child, &Fields::new()), now)
}

const SECOND: Duration = Duration::from_secs(1);

#[test]
fn a_parent_that_never_ends_has_one_span_for_its_loop_every_ten_seconds() {
    let (function, start) = (function(), Instant::now());
    let mut folds = Folds::default();
    let mut written = Vec::new();
    // A child a second, for a minute.
    for second in 0..60 {
        let now = start + u32::try_from(second).expect("small") * SECOND;
        let child = child(function, 7, second + 1, (100 * second, 100 * second + 10));
        if let Fate::Folded { due, .. } = ended(&mut folds, &child, now) {
            written.extend(due.map(|due| due.count));
        }
    }
    // The first two are spans; each of the others waits for ten seconds at most.
    assert_eq!(written, [10, 10, 10, 10, 10]);
    assert_eq!(folds.all().iter().map(|it| it.count).collect::<Vec<_>>(), [8]);
}

#[test]
fn what_nobody_adds_to_is_written_ten_seconds_after_its_first_span() {
    let (function, start) = (function(), Instant::now());
    let mut folds = Folds::default();
    for id in 1..=5 {
        ended(&mut folds, &child(function, 7, id, (id, 10 * id)), start);
    }

    assert!(folds.due(start + 9 * SECOND).is_empty());
    let due = folds.due(start + 10 * SECOND);
    assert_eq!(due.len(), 1);
    let Folded { first, end, count, total, largest, .. } = &due[0];
    assert_eq!((first.span_id, first.start, *end), (SpanId::from(3), 3, 50));
    assert_eq!((*count, *total, *largest), (3, 27 + 36 + 45, 45));
    assert!(folds.is_empty(), "its parent may have ended on another thread");
}

#[test]
fn no_more_than_so_many_parents_are_remembered() {
    let (function, start) = (function(), Instant::now());
    let mut folds = Folds::default();
    let count = 2 * MOST as u64;
    for parent in 1..=count {
        for id in 1..=3 {
            let child = child(function, parent, 4 * parent + id, (0, 1));
            let is_folded = !matches!(ended(&mut folds, &child, start), Fate::Stays);
            assert_eq!(is_folded, id == 3 && parent <= MOST as u64, "{parent}");
        }
    }
    assert_eq!(folds.all().len(), MOST);

    let later = start + 10 * SECOND;
    ended(&mut folds, &child(function, count + 1, 1, (0, 1)), later);
    assert_eq!(folds.groups, 1, "those that are quiet have made room");
}

fn intake() -> Intake {
    let hour = Duration::from_secs(3600);
    Intake::new(
        &[Batching {
            max_queue_size: 100,
            max_queue_bytes: 1 << 24,
            max_export_batch_size: 100,
            schedule_delay: hour,
            export_timeout: hour,
        }],
        false,
    )
}

#[test]
fn the_end_of_the_parent_writes_what_is_folded_before_the_parent() {
    let (intake, buffer, function) = (intake(), Buffer::new(false, false), function());
    for id in 1..=5 {
        let child = child(function, 7, id, (id, id + 1));
        buffer.fold(&intake, &sibling(&child, &Fields::new()), Instant::now());
    }
    assert!(intake.is_folding(), "an export thread looks for it from time to time");
    let (counts, held) = buffer.counts();
    assert_eq!((counts.ended, counts.folded, held), (5, 3, 2));

    buffer.push(&intake, &child(function, 1, 7, (0, 9)), 9, &[]);

    assert!(!intake.is_folding());
    let (counts, held) = buffer.counts();
    assert_eq!((counts.ended, counts.folded, held), (7, 3, 4));
    let taken = buffer.take(&intake, Unfolded::All, false);
    let ids = taken.blocks.iter().flat_map(|block| (0..block.len()).map(|at| block.get(at)));
    let ids: Vec<_> = ids.flatten().map(|span| span.finished.span_id).collect();
    assert_eq!(ids, [1, 2, 3, 7].map(SpanId::from));
}

#[test]
fn the_end_of_a_thread_and_a_shutdown_write_what_is_folded() {
    for by_shutdown in [true, false] {
        let (intake, buffer, function) = (intake(), Buffer::new(false, false), function());
        for id in 1..=5 {
            let child = child(function, 7, id, (id, id + 1));
            buffer.fold(&intake, &sibling(&child, &Fields::new()), Instant::now());
        }
        if !by_shutdown {
            buffer.abandon(&intake);
        }
        let taken = buffer.take(&intake, Unfolded::All, by_shutdown);
        assert_eq!(taken.blocks.iter().map(crate::record::Block::len).sum::<usize>(), 3);
        assert!(!intake.is_folding());

        // After a shutdown nothing is folded any more, and each is counted as lost.
        let late = child(function, 7, 6, (6, 7));
        buffer.fold(&intake, &sibling(&late, &Fields::new()), Instant::now());
        let (counts, _) = buffer.counts();
        assert_eq!(counts.after_shutdown, u64::from(by_shutdown));
    }
}
