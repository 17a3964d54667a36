//! Do the variables about whole traces mean what they say?

use std::num::NonZeroUsize;
use std::time::Duration;

use super::{config, refused, tracing};
use crate::export::settings::Tail;
use crate::sampling::Threshold;
use crate::sampling::tail::{Recording, SpanCondition, TailPolicy};
use crate::setup::config::{Builder, builder};

fn tail(variables: &[(&str, &str)]) -> Tail {
    tracing(variables).tail.expect("it is on")
}

const ERROR: (&str, &str) = ("OTEL_TRACED_TAIL", "error");

#[test]
fn whole_traces_are_looked_at_where_somebody_says_which_are_kept() {
    assert_eq!(tracing(&[]).tail, None);
    assert_eq!(tracing(&[("OTEL_TRACED_TAIL", "off")]).tail, None);

    let tail = tail(&[("OTEL_TRACED_TAIL", "error,slower=250ms,ratio=0.05")]);
    assert_eq!(tail.policy.to_string(), "error, slower=250ms, ratio=0.05");
    assert_eq!((tail.max_bytes, tail.max_trace_bytes), (67_108_864, 8_388_608));
    assert_eq!((tail.max_duration, tail.grace), (Duration::from_secs(60), Duration::from_secs(1)));
    assert_eq!((tail.remembered, tail.recording), (65_536, Recording::RecordAndSample));
}

#[test]
fn bounds_of_the_tail() {
    let tail = tail(&[
        ERROR,
        ("OTEL_TRACED_TAIL_MAX_BYTES", "8388608"),
        ("OTEL_TRACED_TAIL_MAX_DURATION", "1000"),
        ("OTEL_TRACED_TAIL_GRACE", "0"),
        ("OTEL_TRACED_TAIL_REMEMBERED", "10"),
        ("OTEL_TRACED_TAIL_RECORDING", "Record_Only"),
    ]);
    assert_eq!((tail.max_bytes, tail.max_trace_bytes), (8_388_608, 1_048_576), "an eighth of it");
    assert_eq!((tail.max_duration, tail.grace), (Duration::from_secs(1), Duration::ZERO));
    assert_eq!((tail.remembered, tail.recording), (10, Recording::RecordOnly));

    for (name, values) in [
        ("OTEL_TRACED_TAIL_MAX_BYTES", ["0", "65535", "64MiB"].as_slice()),
        ("OTEL_TRACED_TAIL_MAX_TRACE_BYTES", &["0", "1023", "67108865"]),
        ("OTEL_TRACED_TAIL_MAX_DURATION", &["0", "3600001", "1s"]),
        ("OTEL_TRACED_TAIL_GRACE", &["3600001", "-1"]),
        ("OTEL_TRACED_TAIL_REMEMBERED", &["0", "10000001"]),
        ("OTEL_TRACED_TAIL_RECORDING", &["sample"]),
    ] {
        for value in values {
            refused(name, value);
        }
    }
}

#[test]
fn the_flight_recorder_is_off_unless_somebody_says_how_much_it_takes() {
    let flight = |value| {
        let tracing = tracing(&[("OTEL_TRACED_FLIGHT_MAX_BYTES", value)]);
        tracing.flight.map(NonZeroUsize::get)
    };
    assert_eq!(tracing(&[]).flight, None);
    assert_eq!(
        (flight("0"), flight("65536"), flight("8388608")),
        (None, Some(65_536), Some(8_388_608))
    );
    for value in ["1", "65535", "-1", "8MiB"] {
        refused("OTEL_TRACED_FLIGHT_MAX_BYTES", value);
    }

    let telemetry = builder().flight_max_bytes(1 << 20).no_exporter().build().expect("valid");
    let told = telemetry.describe().get("flight_max_bytes").expect("it is on");
    let told = (told.value.as_str(), told.source.to_string());
    assert_eq!(told, ("1048576", "Builder::flight_max_bytes".to_owned()));
}

#[test]
fn a_policy_that_is_none_is_refused_with_its_place() {
    let message = refused("OTEL_TRACED_TAIL", "error,slowr=1s");
    assert!(
        message.starts_with(
            "OTEL_TRACED_TAIL is \"error,slowr=1s\": at character 7, there is no condition slowr"
        ),
        "{message}"
    );
    refused("OTEL_TRACED_TAIL", "drop(error)");
}

#[test]
fn bounds_without_a_policy_are_told_to_be_in_vain() {
    let told = config(&[("OTEL_TRACED_TAIL_GRACE", "10")]).expect("a warning").description;
    let [warning] = told.warnings() else { panic!("{told}") };
    assert_eq!(warning.setting(), "OTEL_TRACED_TAIL_GRACE");
    assert!(warning.to_string().contains("no policy says"), "{warning}");
}

#[test]
fn a_rule_that_drops_at_the_head_is_told_to_drop_failures_too() {
    let head = ("OTEL_TRACED_SAMPLER", "parent(rules(route=/healthz => off; else => on))");
    let told = config(&[head, ERROR]).expect("a warning").description;
    let [warning] = told.warnings() else { panic!("{told}") };
    let warning = warning.to_string();
    assert!(warning.contains("http.route=/healthz => always_off"), "{warning}");
    assert!(warning.contains("drop(all(span(..), no_span(error)))"), "{warning}");
    assert_eq!(told.get("tail").map(|it| it.value.as_str()), Some("error"));
    assert!(config(&[head]).expect("good").description.warnings().is_empty());

    let recorded = "always_record(parent(rules(route=/healthz => off; else => on)))";
    let told = config(&[("OTEL_TRACED_SAMPLER", recorded), ERROR]).expect("good").description;
    assert!(told.warnings().is_empty(), "the tail sees what is recorded only: {told}");
}

#[test]
fn only_a_head_that_keeps_all_says_for_how_many_a_trace_stands_that_has_no_threshold() {
    let implied = |sampler| tail(&[ERROR, ("OTEL_TRACES_SAMPLER", sampler)]).implied;
    assert_eq!(implied("always_on"), Some(Threshold::ALWAYS));
    assert_eq!(implied(""), Some(Threshold::ALWAYS));
    assert_eq!(implied("traceidratio"), None);
    assert_eq!(implied("parentbased_always_off"), None);
}

#[test]
fn code_beats_the_variable() {
    let built = |builder: Builder| {
        let builder = builder.no_exporter().environment([ERROR]);
        let telemetry = builder.build().expect("good");
        telemetry.describe().get("tail").map(|it| (it.value.clone(), it.source.to_string()))
    };
    let policy = TailPolicy::builder()
        .keep_if(SpanCondition::slower_than(Duration::from_millis(5)))
        .build()
        .expect("valid");
    let told = |value: &str, source: &str| Some((value.to_owned(), source.to_owned()));
    assert_eq!(built(builder()), told("error", "OTEL_TRACED_TAIL"));
    assert_eq!(built(builder().tail(policy)), told("slower=5ms", "Builder::tail"));
    let text = builder().tail_policy("ratio=0.1").tail_max_bytes(70_000).tail_grace(Duration::ZERO);
    assert_eq!(built(text), told("ratio=0.1", "Builder::tail_policy"));
    assert_eq!(built(builder().tail_policy("off")), None);

    let error = builder().tail_policy("x").no_exporter().build().expect_err("refused").to_string();
    assert!(error.contains("Builder::tail_policy is \"x\": at character 1"), "{error}");
    for wrong in [
        builder().tail_max_duration(Duration::ZERO),
        builder().tail_remembered(0),
        builder().tail_max_trace_bytes(0),
    ] {
        wrong.tail_policy("error").no_exporter().build().expect_err("refused");
    }
    let recording = builder().tail_policy("error").tail_recording(Recording::RecordOnly);
    let told = recording.no_exporter().build().expect("good").describe().clone();
    assert_eq!(told.get("tail_recording").map(|it| it.value.as_str()), Some("record_only"));
}
