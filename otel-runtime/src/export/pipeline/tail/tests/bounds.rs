//! Do the bounds hold, and is everything accounted for?

use super::*;

#[test]
fn a_giant_is_decided_alone_and_every_error_of_the_others_is_kept() {
    let small = Settings { max_bytes: 8 * MIB, max_trace_bytes: MIB, ..settings(errors()) };
    let mut world = World::new(small);
    world.start(0, 1);
    let mut errors = Vec::new();
    let mut number = 2;
    for tick in 0..40_u64 {
        // 1,000 spans a second of one trace; beside it 100 traces a second, of which one in a hundred fails.
        for span in 0..250 {
            world.start(1, 1);
            world.end(1, 1, tick * 250 + span + 2, Shape { bytes: 500, ..CHILD });
        }
        for _ in 0..25 {
            number += 1;
            let fails = number % 100 == 0;
            world.start(2, number);
            world.span(number, 2, Shape { is_error: fails, bytes: 500, ..CHILD });
            world.end(2, number, 1, ROOT);
            errors.extend(fails.then_some(number));
        }
        world.pass(TICK);
        assert!(world.tail().undecided.bytes <= 8 * MIB as u64);
    }
    world.pass(2 * GRACE);

    assert_eq!(world.tail().early.too_large, 1);
    assert_eq!(world.tail().early.memory_full, 0);
    assert!(world.tail().late.dropped > 5_000);
    assert!(errors.iter().all(|trace| world.of(*trace) == [1, 2]), "{errors:?}");
    assert_eq!(world.got.len(), errors.len());
}

#[test]
fn a_flood_of_traces_with_one_span_stays_within_the_bytes_and_decides_the_oldest() {
    let small = Settings { max_bytes: MIB, max_trace_bytes: MIB / 8, ..settings(errors()) };
    let mut world = World::new(small);
    let mut trace = 0;
    for _ in 0..100 {
        for _ in 0..200 {
            trace += 1;
            world.span(trace, 1, Shape { is_error: trace % 100 == 0, bytes: 300, ..ROOT });
        }
        world.pass(Duration::from_millis(10));
        let Undecided { bytes, .. } = world.tail().undecided;
        assert!(bytes <= MIB as u64, "{bytes}");
    }
    world.pass(2 * GRACE);

    assert!(world.tail().early.memory_full > 10_000);
    assert_eq!(world.got.len(), 200, "every error ended before its decision");
    assert_eq!(world.balanced().dropped.total(), 0);
}

#[test]
fn starts_without_an_end_take_no_more_memory_than_there_may_be() {
    let small = Settings { max_bytes: MIB, ..settings(errors()) };
    let mut world = World::new(small);
    for trace in 1..20_000 {
        world.start(0, trace);
        if trace % 500 == 0 {
            world.tick();
            assert!(world.tail().undecided.bytes <= MIB as u64);
        }
    }
}

#[test]
fn what_is_kept_waits_until_the_queue_has_room_and_nothing_is_lost() {
    let mut world = World::with_queue(settings(errors()), 64);
    for trace in 1..=100 {
        for span in 1..=10 {
            world.span(trace, span, FAILS);
        }
        world.tick();
    }
    world.pass(2 * GRACE);

    assert!((1..=100).all(|trace| world.of(trace).len() == 10));
    assert_eq!(world.balanced().exported, 1000);
}

#[test]
fn one_trace_that_is_larger_than_the_queue_leaves_in_parts() {
    let mut world = World::with_queue(settings(errors()), 64);
    for span in 1..=1000 {
        world.span(7, span, FAILS);
        if span % 50 == 0 {
            world.tick();
        }
    }
    world.pass(2 * GRACE);

    assert_eq!(world.of(7), (1..=1000).collect::<Vec<_>>());
}

#[test]
fn while_the_backend_is_down_the_bytes_hold_and_what_is_lost_is_counted() {
    let small = Settings { max_bytes: MIB, max_trace_bytes: MIB / 8, ..settings(errors()) };
    let mut world = World::with_queue(small, 64);
    world.is_down = true;
    for trace in 1..=10_000 {
        world.span(trace, 1, Shape { is_error: true, bytes: 300, ..ROOT });
        if trace % 50 == 0 {
            world.pass(Duration::from_millis(20));
            let Undecided { bytes, .. } = world.tail().undecided;
            assert!(bytes <= MIB as u64, "{bytes}");
        }
    }
    let Stats { dropped, held, .. } = world.balanced();
    assert!(dropped.queue_full > 5_000 && held > 500, "{dropped}, {held}");
    assert_eq!(dropped.queue_full, dropped.total());
    world.is_down = false;
    world.pass(2 * GRACE);

    assert_eq!(world.held(), 0);
    assert_eq!(world.balanced().exported, 10_000 - dropped.total());
}

#[test]
fn a_flush_sends_what_is_decided_and_one_that_decides_the_rest() {
    let mut world = World::new(settings(errors()));
    world.span(7, 1, Shape { is_error: true, ..ROOT });
    world.pass(2 * GRACE);
    world.start(0, 8);
    world.span(8, 2, FAILS);

    let flush = world.queue.begin_flush(false);
    world.tick();
    while let Next::Flush(up_to) = world.queue.next(false) {
        world.queue.flushed(up_to, &Ok(()));
    }
    let report = world.queue.end_flush(flush, world.now);
    assert_eq!((report.timed_out, report.pending, report.told.exported), (false, 0, 1));
    assert_eq!((world.queue.undecided(), world.of(8)), (1, vec![]));

    let flush = world.queue.begin_flush(true);
    world.tick();
    while let Next::Flush(up_to) = world.queue.next(false) {
        world.queue.flushed(up_to, &Ok(()));
    }
    let report = world.queue.end_flush(flush, world.now);
    assert_eq!((report.timed_out, report.pending, report.told.exported), (false, 0, 1));
    assert_eq!((world.queue.undecided(), world.of(8)), (0, vec![2]));
    world.end(0, 8, 1, ROOT);
    world.pass(TICK);
    assert_eq!((world.of(8), world.tail().early.asked), (vec![1, 2], 1));
}

#[test]
fn decisions_are_forgotten_when_there_are_too_many_and_late_spans_decided_anew() {
    let few = Settings { remembered: 10, max_duration: 4 * GRACE, ..settings(errors()) };
    let mut world = World::new(few);
    for trace in 1..=20 {
        world.span(trace, 1, ROOT);
    }
    world.pass(2 * GRACE);
    world.span(1, 2, FAILS);
    world.span(20, 2, FAILS);
    world.pass(2 * GRACE);

    assert_eq!((world.of(1), world.of(20)), (vec![2], vec![]));
    assert_eq!(world.tail().late.dropped_errors, 1);
}
