use std::time::{Duration, SystemTime};

use opentelemetry::trace::{
    SpanContext, SpanId, SpanKind, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::super::TailPolicy;

fn span(state: &str, duration: Duration, status: Status) -> SpanData {
    let state = if state.is_empty() { TraceState::NONE } else { state.parse().expect("valid") };
    let (trace, span) = (TraceId::from(u128::MAX), SpanId::from(2));
    SpanData {
        span_context: SpanContext::new(trace, span, TraceFlags::SAMPLED, false, state),
        parent_span_id: SpanId::INVALID,
        parent_span_is_remote: false,
        span_kind: SpanKind::Server,
        name: "GET /orders".into(),
        start_time: SystemTime::UNIX_EPOCH,
        end_time: SystemTime::UNIX_EPOCH + duration,
        attributes: vec![
            KeyValue::new("tenant.id", 7),
            KeyValue::new("codes", Value::Array(Array::I64(vec![1, 2]))),
        ],
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status,
        instrumentation_scope: opentelemetry::InstrumentationScope::default(),
    }
}

#[test]
fn a_policy_can_be_tried_on_the_spans_of_a_trace() {
    let told = |policy: &str, span: SpanData| {
        let policy: TailPolicy = policy.parse().expect("valid");
        let verdict = policy.verdict(&[span], Duration::ZERO);
        let threshold = verdict.threshold().map(|it| it.to_string());
        (verdict.is_kept(), verdict.reason().to_owned(), threshold)
    };
    let quick = |state| span(state, Duration::from_millis(1), Status::Unset);
    let failed = span("ot=th:c", Duration::from_millis(1), Status::error("no"));
    let kept = |reason: &str, threshold: Option<&str>| {
        (true, reason.to_owned(), threshold.map(str::to_owned))
    };
    assert_eq!(told("error, ratio=0.5", failed), kept("error", Some("c")));
    assert_eq!(told("error, ratio=0.5", quick("ot=th:4")), kept("ratio", Some("8")));
    assert_eq!(told("error, ratio=0.5", quick("")), kept("ratio", None));
    assert_eq!(told("rate=10", quick("ot=th:4")), kept("rate", None));
    assert_eq!(told("span(root, kind=server, tenant.id==7)", quick("")), kept("span", None));
    assert_eq!(told("codes==2", quick("")), kept("attribute", None));
    assert_eq!(told("spans=2", quick("ot=th:4")), (false, "no_rule".to_owned(), None));
    assert_eq!(told("bytes=10 refuse_larger", quick("")).1, "larger_than_burst");
    let slow = span("", Duration::from_secs(2), Status::Unset);
    assert_eq!(told("slower=1s", slow), kept("slower", None));
}
