//! What does each of several exporters hold, whatever becomes of the others?

use super::*;

/// Queues that hold so many spans and bytes each, and may put all of them into one batch.
fn queues<const N: usize>(bounds: [(usize, usize); N]) -> [Arc<Queue>; N] {
    let outgoing = |(max_queue_size, max_queue_bytes)| Outgoing {
        batching: Batching {
            max_queue_size,
            max_queue_bytes,
            max_export_batch_size: max_queue_size,
            schedule_delay: Duration::from_secs(3600),
            export_timeout: Duration::from_secs(3600),
        },
        retries: Retries::default(),
        open_traces: None,
    };
    let queues = Queue::all(bounds.map(outgoing).into(), Holds::Nothing);
    queues.try_into().ok().expect("a queue for each")
}

const BYTES: usize = 16 << 20;

/// Sends all waiting spans, successfully; returns how many.
fn drain(queue: &Queue) -> usize {
    let mut spans = 0;
    loop {
        match queue.next(true) {
            Next::Export(id, batch) => {
                spans += batch.iter().count();
                queue.read(id, batch);
                queue.settle(id, exported());
            }
            Next::Flush(up_to) => queue.flushed(up_to, &Ok(())),
            Next::Wait { .. } | Next::Stop => return spans,
        }
    }
}

#[test]
fn a_span_is_in_memory_once_and_held_by_each() {
    let [first, second] = queues([(100, BYTES), (100, BYTES)]);
    let thread = Thread::of(&first);
    assert!((0..3).all(|_| thread.ends(0)));
    let intake = &first.fan_out.intake;
    let before = intake.memory.used();

    let [Next::Export(one, of_first), Next::Export(other, of_second)] =
        [first.next(true), second.next(true)]
    else {
        panic!("both have a batch")
    };
    let [block, same] = [&of_first, &of_second].map(|batch| &batch.pieces[0].block);
    assert!(Arc::ptr_eq(block, same));
    assert!(intake.memory.used() <= before, "nothing was copied");
    assert_eq!([stats(&first).held, stats(&second).held], [3, 3]);

    first.read(one, of_first);
    first.settle(one, exported());
    assert_eq!([stats(&first).exported, stats(&second).held], [3, 3]);
    second.read(other, of_second);
    second.settle(other, Outcome::Failed("why".to_owned()));
    assert_eq!([stats(&first).dropped.total(), stats(&second).dropped.export_failed], [0, 3]);
    assert_eq!((intake.held(), intake.memory.used()), (0, 0));
}

#[test]
fn one_whose_backend_is_gone_takes_no_room_from_another() {
    // Once the number of spans is the bound, and once their bytes are.
    for (spans, bytes, fields) in [(40, BYTES, 0), (10_000, 16 * BLOCK, BLOCK)] {
        let [gone, healthy] = queues([(spans, bytes), (spans, bytes)]);
        let thread = Thread::of(&gone);
        let mut arrived = 0;
        for _ in 0..1000 {
            assert!(thread.ends(fields));
            let _ = batch(&gone, true);
            arrived += drain(&healthy);
        }

        assert_eq!(arrived, 1000);
        let Stats { held, dropped, .. } = stats(&gone);
        assert_eq!(dropped.queue_full, 1000 - held, "of one");
        assert!((5..=40).contains(&held), "{held}");
        assert_eq!(stats(&healthy).dropped.total(), 0);
    }
}

#[test]
fn each_has_a_bound_of_its_own() {
    let [small, large] = queues([(3, BYTES), (10, BYTES)]);
    let thread = Thread::of(&small);
    let taken = (0..12).filter(|_| thread.ends(0)).count();

    assert_eq!(taken, 10, "as many as the larger one holds");
    assert_eq!([batch(&small, true), batch(&large, true)], [Some(3), Some(10)]);
    let [small, large] = [stats(&small), stats(&large)];
    assert_eq!((small.held, small.dropped.queue_full), (3, 9));
    assert_eq!((large.held, large.dropped.queue_full), (10, 2));
}

#[test]
fn a_root_that_finds_no_room_keeps_no_trace_open() {
    let open = OpenTraces::default();
    let outgoing = |max_queue_size, open_traces| Outgoing {
        batching: Batching { max_queue_size, ..queues([(1, BYTES)])[0].batching },
        retries: Retries::default(),
        open_traces,
    };
    let queues =
        Queue::all(vec![outgoing(1, Some(open.clone())), outgoing(10, None)], Holds::Nothing);
    let buffer = queues[0].fan_out.buffer();
    let traces = [1, 2].map(TraceId::from);
    for trace_id in traces {
        queues[0].root_started(trace_id);
        assert!(buffer.push(&queues[0].fan_out.intake, &Finished { trace_id, ..span() }, 0, &[]));
    }

    queues[1].begin_flush(false);
    assert_eq!(traces.map(|trace| open.is_open(trace)), [true, false], "the first is on its way");
}

#[test]
fn a_batch_that_is_full_for_another_wakes_its_thread() {
    let [first, second] = queues([(4, BYTES), (4, BYTES)]);
    let thread = Thread::of(&first);
    assert!((0..4).all(|_| thread.ends(0)));
    assert!(!is_ready(second.woken()));

    assert_eq!(batch(&first, false), Some(4));
    assert!(is_ready(second.woken()));
    assert!(!is_ready(first.woken()), "which looks by itself");
    assert_eq!(batch(&second, false), Some(4));
}

#[test]
fn a_flush_of_each_waits_for_its_own_exporter() {
    let [first, second] = queues([(10, BYTES), (10, BYTES)]);
    let thread = Thread::of(&first);
    assert!((0..2).all(|_| thread.ends(0)));
    let flushes = [first.begin_flush(false), second.begin_flush(false)];
    assert!(thread.ends(0));

    assert_eq!([batch(&first, false), batch(&second, false)], [Some(2), Some(2)]);
    settle(&first, exported());
    assert_eq!([to_flush(&first), to_flush(&second)], [Some(2), None]);
    first.flushed(2, &Ok(()));
    let [first, second] = [end_flush(&first, flushes[0]), end_flush(&second, flushes[1])];
    assert_eq!((first.told.exported, first.pending, first.timed_out), (2, 0, false));
    assert_eq!((second.told.exported, second.pending, second.timed_out), (0, 2, true));
}

#[test]
fn one_whose_thread_is_gone_loses_what_ends_then_and_the_others_go_on() {
    let [gone, other] = queues([(10, BYTES), (10, BYTES)]);
    let thread = Thread::of(&gone);
    assert!(thread.ends(0));
    gone.finish();
    assert!(thread.ends(0));

    assert_eq!(drain(&other), 2);
    let Dropped { shutdown_timeout, after_shutdown, .. } = stats(&gone).dropped;
    assert_eq!((shutdown_timeout, after_shutdown), (1, 1));
    other.finish();
    assert!(!thread.ends(0), "with the last one, it is over");
    assert_eq!([stats(&gone).held, stats(&other).held], [0, 0]);
}

#[test]
fn whatever_happens_the_numbers_of_each_add_up() {
    for seed in 0..200 {
        let mut random = fastrand::Rng::with_seed(seed);
        let queues = queues([(8, BYTES), (20, 20 * BLOCK), (64, 4 * BLOCK)]);
        let threads: Vec<_> = (0..3).map(|_| Thread::of(&queues[0])).collect();
        for _ in 0..300 {
            let queue = &queues[random.usize(..queues.len())];
            match random.u8(..10) {
                0..6 => {
                    let fields = [0, 10, BLOCK, 2 * BLOCK][random.usize(..4)];
                    threads[random.usize(..threads.len())].ends(fields);
                }
                6 | 7 => drop(batch(queue, random.bool())),
                8 if stats(queue).held > 0 && !queue.lock().in_flight.is_empty() => {
                    let outcome =
                        if random.bool() { exported() } else { Outcome::Failed(String::new()) };
                    settle(queue, outcome);
                }
                _ => {
                    let flush = queue.begin_flush(false);
                    let _ = end_flush(queue, flush);
                }
            }
            for queue in &queues {
                let Stats { ended, .. } = stats(queue);
                let Batching { max_queue_size, max_queue_bytes, .. } = queue.batching;
                let state = queue.lock();
                assert!(state.held() <= max_queue_size as u64, "seed {seed}, of {ended}");
                assert!(state.bytes <= max_queue_bytes, "seed {seed}, of {ended}");
            }
        }

        for queue in &queues {
            while !queue.lock().in_flight.is_empty() {
                settle(queue, exported());
            }
            drain(queue);
            assert_eq!((stats(queue).held, queue.lock().bytes), (0, 0), "seed {seed}");
        }
        let [first, others @ ..] = queues.each_ref().map(|queue| stats(queue));
        assert!(others.iter().all(|other| other.ended == first.ended), "seed {seed}");
        drop(threads);
        queues[0].fan_out.collect(None);
        let intake = &queues[0].fan_out.intake;
        assert_eq!((intake.held(), intake.memory.used()), (0, 0), "seed {seed}");
    }
}
