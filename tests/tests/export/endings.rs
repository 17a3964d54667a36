//! Does tracing end well, wherever it is ended?

use std::sync::Barrier;
use std::sync::mpsc::RecvTimeoutError;
use std::thread;
use std::time::{Duration, Instant};

use otel_runtime::{Telemetry, builder};
use otel_tests::exporters::{Blocking, Gated, Kept, Stuck};
use otel_tests::receiver::{Receiver, Silent, backends};

use super::{end_spans, start};

/// Flushes and shuts down, and says how many spans arrived.
fn flush_and_shut_down(telemetry: &Telemetry, backend: &Receiver) {
    end_spans(telemetry, ["1", "2"]);
    assert_eq!(telemetry.flush().expect("delivered").exported, 2);
    assert_eq!(backend.spans(2).len(), 2);
    end_spans(telemetry, ["3"]);
    assert_eq!(telemetry.shutdown().expect("delivered").exported, 1);
    assert_eq!(backend.spans(1).len(), 1);

    let stats = telemetry.stats();
    assert_eq!((stats.ended, stats.exported, stats.held), (3, 3, 0));
}

#[test]
fn without_any_runtime() {
    for (protocol, backend) in backends() {
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        flush_and_shut_down(&telemetry, &backend);
    }
}

#[test]
fn on_a_runtime_of_one_thread() {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        for (protocol, backend) in backends() {
            let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
            flush_and_shut_down(&telemetry, &backend);
        }
    });
}

#[test]
fn on_a_runtime_of_several_threads() {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a runtime").block_on(async {
        let tasks = backends().map(|(protocol, backend)| {
            tokio::spawn(async move {
                let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
                flush_and_shut_down(&telemetry, &backend);
            })
        });
        for task in tasks {
            task.await.expect("a good ending");
        }
    });
}

#[test]
fn by_dropping_the_guard() {
    let backend = Receiver::http();
    let telemetry = start(builder().endpoint(backend.endpoint()));
    end_spans(&telemetry, ["span"]);
    drop(telemetry);
    assert_eq!(backend.spans(1)[0].span.name, "span");
}

#[test]
fn twice() {
    let (exporter, batches) = Kept::new();
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["span"]);

    assert_eq!(telemetry.shutdown().expect("delivered").exported, 1);
    assert_eq!(telemetry.shutdown().expect("nothing to do").exported, 0);
    assert_eq!(telemetry.flush().expect("nothing to do").exported, 0);
    assert_eq!(batches.iter().flatten().count(), 1, "and the exporter is gone");
}

#[test]
fn from_several_threads_at_once() {
    let (exporter, begins, gate) = Gated::new();
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["1", "2"]);
    let together = Barrier::new(5);

    thread::scope(|scope| {
        let endings: Vec<_> = (0..4)
            .map(|number| {
                let (telemetry, together) = (&telemetry, &together);
                scope.spawn(move || {
                    together.wait();
                    if number % 2 == 0 { telemetry.shutdown() } else { telemetry.flush() }
                })
            })
            .collect();
        together.wait();
        assert_eq!(begins.recv(), Ok(2));
        gate.add_permits(1);
        for ending in endings {
            let ending = ending.join().expect("no panic");
            assert!(ending.is_ok(), "{ending:?}");
        }
    });
    assert_eq!(telemetry.stats().exported, 2);
}

#[test]
fn in_time_when_the_backend_never_answers() {
    for protocol in [otel_runtime::Protocol::Grpc, otel_runtime::Protocol::HttpProtobuf] {
        let backend = Silent::new();
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        end_spans(&telemetry, ["1", "2"]);

        let begin = Instant::now();
        let error = telemetry.flush_within(Duration::from_millis(50)).expect_err("no answer");
        assert!(error.is_timeout());
        assert_eq!((error.pending(), error.dropped().total()), (2, 0), "not given up: {error}");

        let error = telemetry.shutdown_within(Duration::from_millis(50)).expect_err("no answer");
        assert_eq!((error.pending(), error.dropped().shutdown_timeout), (0, 2), "{error}");
        assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());

        let stats = telemetry.stats();
        assert_eq!((stats.ended, stats.held, stats.dropped.total()), (2, 0, 2));
    }
}

#[test]
fn in_time_when_the_exporter_blocks_its_thread() {
    let (exporter, begins, end) = Blocking::new();
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["1"]);

    let flushed = telemetry.flush_within(Duration::from_millis(50));
    assert!(flushed.is_err_and(|error| error.is_timeout() && error.pending() == 1));
    begins.recv().expect("it began");
    end_spans(&telemetry, ["2"]);
    let error = telemetry.shutdown_within(Duration::from_millis(50)).expect_err("blocked");
    assert!(error.is_timeout(), "{error}");
    assert_eq!(error.dropped().shutdown_timeout, 2, "{error}");

    // When the exporter comes back at last, nothing is counted twice.
    drop(end);
    assert!(telemetry.shutdown().is_ok(), "the thread is gone now");
    let stats = telemetry.stats();
    assert_eq!((stats.ended, stats.exported, stats.dropped.shutdown_timeout), (2, 0, 2));
}

#[test]
fn an_export_that_is_out_of_time_is_given_up() {
    let (exporter, begins, _gate) = Gated::new();
    let telemetry = start(builder().exporter(exporter).export_timeout(Duration::from_secs(3600)));
    end_spans(&telemetry, ["span"]);
    assert!(telemetry.shutdown_within(Duration::from_millis(50)).is_err());

    assert_eq!(begins.recv(), Ok(1));
    let gone = begins.recv_timeout(Duration::from_secs(20));
    assert_eq!(gone, Err(RecvTimeoutError::Disconnected), "the exporter is gone with its thread");
}

#[test]
fn a_shutdown_in_a_hurry_does_not_cut_short_one_that_has_time() {
    let (exporter, begins, gate) = Gated::new();
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["span"]);

    thread::scope(|scope| {
        let patient = scope.spawn(|| telemetry.shutdown_within(Duration::MAX));
        assert_eq!(begins.recv(), Ok(1), "the patient one is there");
        let hurried = telemetry.shutdown_within(Duration::ZERO).expect_err("no time");
        assert_eq!((hurried.pending(), hurried.dropped().total()), (1, 0), "{hurried}");
        gate.add_permits(1);
        assert_eq!(patient.join().expect("no panic").expect("delivered").exported, 1);
    });
}

#[test]
fn by_the_provider_itself() {
    let (exporter, batches) = Kept::new();
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["1"]);
    telemetry.tracer_provider().force_flush().expect("flushed");
    assert_eq!(batches.recv().map(|batch| batch.len()), Ok(1));
    end_spans(&telemetry, ["2"]);
    telemetry.tracer_provider().shutdown().expect("shut down");
    assert_eq!(batches.iter().flatten().count(), 1);
}

/// Long enough for whatever does not block.
const LONG: Duration = Duration::from_secs(60);
const SHORT: Duration = Duration::from_millis(50);

#[test]
fn an_exporter_that_blocks_in_its_flush_exports_what_comes_after() {
    let (exporter, batches, _end) = Stuck::at("force_flush");
    let telemetry = start(builder().exporter(exporter).export_timeout(SHORT));
    end_spans(&telemetry, ["1"]);
    let error = telemetry.flush_within(LONG).expect_err("its flush blocks");
    assert_eq!((error.exported(), error.is_timeout()), (1, false), "{error}");
    assert!(error.to_string().contains("did not return within 50ms"), "{error}");

    end_spans(&telemetry, ["2", "3"]);
    let error = telemetry.flush_within(LONG).expect_err("it still blocks");
    assert_eq!(error.exported(), 2);
    assert!(error.to_string().contains("an earlier call has not returned"), "{error}");
    assert_eq!(batches.iter().take(2).collect::<Vec<_>>(), [1, 2]);
    assert_eq!(telemetry.shutdown_within(LONG).expect("nothing was lost").exported, 0);
}

#[test]
fn an_exporter_that_blocks_in_its_export_goes_on_when_it_returns() {
    let (exporter, batches, end) = Stuck::at("export");
    let telemetry = start(builder().exporter(exporter).export_timeout(SHORT));
    end_spans(&telemetry, ["1"]);
    let error = telemetry.flush_within(LONG).expect_err("it blocks");
    assert_eq!((error.dropped().export_timeout, error.is_timeout()), (1, false), "{error}");

    drop(end);
    assert_eq!(batches.recv(), Ok(1), "too late for what was counted");
    end_spans(&telemetry, ["2", "3"]);
    assert_eq!(telemetry.flush_within(LONG).expect("it does not block").exported, 2);
    assert_eq!(batches.recv(), Ok(2));
}

#[test]
fn an_exporter_that_blocks_at_its_start_holds_up_neither_init_nor_a_flush() {
    let (exporter, batches, end) = Stuck::at("set_resource");
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["1"]);
    let error = telemetry.flush_within(SHORT).expect_err("it blocks");
    assert_eq!((error.pending(), error.is_timeout()), (1, true), "{error}");

    drop(end);
    assert_eq!(telemetry.flush_within(LONG).expect("it does not block").exported, 1);
    assert_eq!(batches.recv(), Ok(1));
}

#[test]
fn an_exporter_that_blocks_at_its_end_does_not_hold_up_a_shutdown() {
    let (exporter, batches, _end) = Stuck::at("shutdown");
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["1"]);
    let error = telemetry.shutdown_within(Duration::from_secs(1)).expect_err("it blocks");
    assert_eq!((error.exported(), error.is_timeout()), (1, true), "{error}");
    assert_eq!(batches.recv(), Ok(1));
}

#[test]
fn a_guard_waits_as_long_as_it_was_told() {
    let (exporter, begins, _gate) = Gated::new();
    let telemetry = start(builder().exporter(exporter).shutdown_timeout(SHORT));
    end_spans(&telemetry, ["1"]);
    let error = telemetry.flush().expect_err("nothing is taken");
    assert_eq!((error.pending(), error.is_timeout()), (1, true), "{error}");

    let begin = Instant::now();
    drop(telemetry);
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
    assert_eq!(begins.recv(), Ok(1));
}

#[test]
fn a_guard_does_not_wait_once_more_for_what_was_out_of_time() {
    let (exporter, _batches, _end) = Stuck::at("shutdown");
    let telemetry = start(builder().exporter(exporter));
    telemetry.shutdown_within(SHORT).expect_err("it blocks");

    let begin = Instant::now();
    drop(telemetry);
    assert!(begin.elapsed() < Duration::from_secs(4), "{:?}", begin.elapsed());
}

#[test]
fn awaited_by_an_executor_that_has_nothing_but_wakers() {
    let (exporter, begins, gate) = Gated::new();
    let (other, batches) = Kept::new();
    let telemetry = start(builder().exporter(exporter).exporter(other));
    end_spans(&telemetry, ["1", "2"]);

    let flush = telemetry.flush_async_within(LONG);
    let opens = async {
        // The executor is not blocked, or this would not come about.
        gate.add_permits(2);
    };
    let (flushed, ()) = smol::block_on(smol::future::zip(flush, opens));
    assert_eq!(flushed.expect("delivered").exported, 4, "two by each");
    end_spans(&telemetry, ["3"]);
    let delivery = smol::block_on(telemetry.shutdown_async_within(LONG));
    assert_eq!(delivery.expect("delivered").exported, 2);
    assert_eq!(begins.iter().collect::<Vec<_>>(), [2, 1], "and the exporter is gone");
    assert_eq!(batches.iter().flatten().count(), 3);
}

#[test]
fn awaited_no_longer_than_its_time() {
    let (exporter, _begins, _gate) = Gated::new();
    let telemetry = start(builder().exporter(exporter));
    end_spans(&telemetry, ["1"]);

    drop(telemetry.flush_async());
    let error = smol::block_on(telemetry.flush_async_within(SHORT)).expect_err("not taken");
    assert_eq!((error.pending(), error.is_timeout()), (1, true), "{error}");
    let error = smol::block_on(telemetry.shutdown_async_within(SHORT)).expect_err("not taken");
    assert_eq!((error.dropped().shutdown_timeout, error.is_timeout()), (1, true), "{error}");
    let again = smol::block_on(telemetry.shutdown_async_within(LONG));
    assert_eq!(again.expect("nothing to do").exported, 0);
}
