//! Does each of several exporters get every span, whatever becomes of the others?

use std::thread;
use std::time::{Duration, Instant};

use otel_runtime::{Dropped, ExporterStats, Stats, Telemetry, builder};
use otel_tests::exporters::{Blocking, Failing, Gated, Kept, Panicking};
use otel_tests::program::{program, run};
use otel_tests::receiver::Receiver;

use super::{end_spans, start};

/// The counters of each, which always add up, and so do all together.
#[track_caller]
fn each(telemetry: &Telemetry) -> Vec<Stats> {
    let each: Vec<Stats> = telemetry.exporters().into_iter().map(|it| it.stats).collect();
    for stats in &each {
        assert_eq!(stats.ended, stats.exported + stats.held + stats.dropped.total(), "{stats:?}");
    }
    each
}

#[test]
fn each_gets_every_span() {
    let (first, first_batches) = Kept::new();
    let (second, second_batches) = Kept::new();
    let backend = Receiver::http();
    let telemetry =
        start(builder().exporter(first).otlp().exporter(second).endpoint(backend.endpoint()));
    end_spans(&telemetry, ["1", "2"]);
    // From threads that come and go, too.
    thread::scope(|scope| drop(scope.spawn(|| end_spans(&telemetry, ["3"]))));

    assert_eq!(telemetry.flush().expect("delivered").exported, 9);
    assert_eq!(backend.spans(3).len(), 3);
    assert_eq!(telemetry.shutdown().expect("nothing to do").exported, 0);
    for batches in [first_batches, second_batches] {
        let mut names: Vec<_> = batches.iter().flatten().map(|span| span.name).collect();
        names.sort();
        assert_eq!(names, ["1", "2", "3"]);
    }

    let exporters = telemetry.exporters();
    let destinations: Vec<_> = exporters.iter().map(|it| it.destination.as_str()).collect();
    assert_eq!(destinations, ["the exporter", &backend.endpoint(), "the exporter"]);
    for ExporterStats { stats, .. } in &exporters {
        assert_eq!((stats.ended, stats.exported, stats.dropped), (3, 3, Dropped::default()));
    }
    let all = telemetry.stats();
    assert_eq!((all.ended, all.exported, all.held), (9, 9, 0), "a span counts for each");
}

#[test]
fn one_that_fails_or_panics_costs_the_others_nothing() {
    let (kept, batches) = Kept::new();
    let (behind, _) = Kept::new();
    let telemetry = start(builder().exporter(Failing).exporter(Panicking(behind)).exporter(kept));
    end_spans(&telemetry, ["panic late"]);

    let error = telemetry.flush().expect_err("two failed");
    assert_eq!((error.exported(), error.pending(), error.is_timeout()), (1, 0, false));
    let dropped = error.dropped();
    assert_eq!((dropped.export_failed, dropped.exporter_panicked, dropped.total()), (1, 1, 2));
    assert_eq!(
        error.to_string(),
        "the exporter: 1 of 1 spans were not delivered (export failed: 1); last error: no room | \
         the exporter: 1 of 1 spans were not delivered (exporter panicked: 1); last error: \
         panicked: late"
    );
    assert_eq!(batches.recv().map(|batch| batch.len()), Ok(1));
    let exported: Vec<u64> = each(&telemetry).iter().map(|stats| stats.exported).collect();
    assert_eq!(exported, [0, 0, 1]);
}

#[test]
fn one_that_is_slow_fills_its_own_queue_only() {
    let (slow, begins, gate) = Gated::new();
    let (quick, batches) = Kept::new();
    let settings = builder().max_queue_size(3).max_export_batch_size(1);
    let telemetry = start(settings.exporter(slow).exporter(quick));
    end_spans(&telemetry, ["1"]);
    assert_eq!(begins.recv(), Ok(1));
    for name in ["2", "3", "4", "5"] {
        end_spans(&telemetry, [name]);
        batches.recv().expect("the quick one goes on");
    }

    batches.recv().expect("the first one too");
    let [slow, quick] = each(&telemetry)[..] else { panic!("two") };
    assert_eq!((slow.held, slow.dropped.queue_full, slow.exported), (3, 2, 0));
    assert_eq!((quick.dropped.total(), quick.ended), (0, 5));
    gate.add_permits(5);
    assert_eq!(telemetry.shutdown().expect_err("two were lost").dropped().queue_full, 2);
}

#[test]
fn one_deadline_for_all() {
    let ((first, first_begins, first_end), (second, _, second_end)) =
        (Blocking::new(), Blocking::new());
    let (kept, batches) = Kept::new();
    let telemetry = start(builder().exporter(first).exporter(second).exporter(kept));
    end_spans(&telemetry, ["1"]);

    let begin = Instant::now();
    let error = telemetry.flush_within(Duration::from_millis(300)).expect_err("two block");
    assert_eq!((error.exported(), error.pending(), error.is_timeout()), (1, 2, true));
    first_begins.recv().expect("it began");
    assert_eq!(batches.recv().map(|batch| batch.len()), Ok(1), "which comes last and is in time");
    end_spans(&telemetry, ["2"]);
    let error = telemetry.shutdown_within(Duration::from_millis(300)).expect_err("two block");
    assert_eq!((error.exported(), error.dropped().shutdown_timeout), (1, 4), "{error}");
    assert!(begin.elapsed() < Duration::from_secs(3), "{:?}", begin.elapsed());
    each(&telemetry);
    drop((first_end, second_end));
}

#[test]
fn a_list_in_the_environment() {
    let backend = Receiver::http_answering([400]);
    let endpoint = backend.endpoint();
    let (stdout, stderr) = run(program(env!("CARGO_BIN_EXE_program"))
        .arg("many")
        .env("OTEL_TRACES_EXPORTER", "otlp,console")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint));

    let lost = "100 of 100 spans were not delivered";
    let why = "(export failed: 100); last error: the backend answered 400 Bad Request";
    assert_eq!(stdout, format!("{endpoint}: {lost} {why}\n"));
    assert_eq!(stderr.matches("otel-runtime: ").count(), 1, "{stderr}");
    assert!(stderr.contains(&format!("otel-runtime: {lost} to {endpoint} {why}")), "{stderr}");
    assert_eq!(stderr.matches("trace ").count(), 100, "and all are drawn: {stderr}");
}
