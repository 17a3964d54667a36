//! Which trace context is passed on?

use std::collections::HashMap;

use super::*;

const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
const SPAN: &str = "b7ad6b7169203331";

/// Headers as they came, also several with one name.
struct Headers<'a>(&'a [(&'a str, &'a str)]);

impl Extractor for Headers<'_> {
    fn get(&self, key: &str) -> Option<&str> {
        self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
    }

    fn keys(&self) -> Vec<&str> {
        self.0.iter().map(|(name, _)| *name).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let all: Vec<_> =
            self.0.iter().filter(|(name, _)| *name == key).map(|(_, value)| *value).collect();
        (!all.is_empty()).then_some(all)
    }
}

fn extract(headers: &[(&str, &str)]) -> Option<SpanContext> {
    let context =
        TraceContextPropagator::default().extract_with_context(&Context::new(), &Headers(headers));
    context.has_active_span().then(|| context.span().span_context().clone())
}

#[test]
fn a_valid_traceparent_is_the_remote_parent() {
    let table = [
        (format!("00-{TRACE}-{SPAN}-00"), 0),
        (format!("00-{TRACE}-{SPAN}-01"), 1),
        (format!("00-{TRACE}-{SPAN}-03"), 3),
        (format!("00-{TRACE}-{SPAN}-ff"), 3),
        (format!("cc-{TRACE}-{SPAN}-01"), 1),
        (format!("cc-{TRACE}-{SPAN}-01-"), 1),
        (format!("fe-{TRACE}-{SPAN}-02-what-the-future-will-be-like"), 2),
        (format!(" \t00-{TRACE}-{SPAN}-01\t "), 1),
    ];
    for (traceparent, flags) in table {
        let expected = SpanContext::new(
            TraceId::from_hex(TRACE).expect("hex"),
            SpanId::from_hex(SPAN).expect("hex"),
            TraceFlags::new(flags),
            true,
            TraceState::NONE,
        );
        assert_eq!(extract(&[(TRACEPARENT, &traceparent)]), Some(expected), "{traceparent}");
    }
}

#[test]
fn a_malformed_traceparent_is_no_parent() {
    let table = [
        // the whole
        String::new(),
        "-".to_owned(),
        "---".to_owned(),
        format!("00-{TRACE}-{SPAN}"),
        format!("00-{TRACE}-{SPAN}-"),
        format!("00{TRACE}{SPAN}01"),
        format!("00_{TRACE}_{SPAN}_01"),
        format!("00-{TRACE}-{SPAN}-01, 00-{TRACE}-{SPAN}-01"),
        format!("00 -{TRACE}-{SPAN}-01"),
        format!("00-{TRACE}-{SPAN}-01\n"),
        "é0-".to_owned(),
        "\u{fffd}".to_owned(),
        // version
        format!("ff-{TRACE}-{SPAN}-01"),
        format!("0-{TRACE}-{SPAN}-01"),
        format!("000-{TRACE}-{SPAN}-01"),
        format!("+0-{TRACE}-{SPAN}-01"),
        format!(".0-{TRACE}-{SPAN}-01"),
        format!("0X-{TRACE}-{SPAN}-01"),
        format!("CC-{TRACE}-{SPAN}-01"),
        // what follows the flags
        format!("00-{TRACE}-{SPAN}-01-"),
        format!("00-{TRACE}-{SPAN}-01-what-the-future-will-be-like"),
        format!("00-{TRACE}-{SPAN}-01."),
        format!("cc-{TRACE}-{SPAN}-01.what-the-future-will-not-be-like"),
        format!("cc-{TRACE}-{SPAN}-012"),
        // trace id
        format!("00-{}-{SPAN}-01", "0".repeat(32)),
        format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
        format!("00-{}-{SPAN}-01", &TRACE[1..]),
        format!("00-{TRACE}0-{SPAN}-01"),
        format!("00-.{}-{SPAN}-01", &TRACE[1..]),
        format!("00-+{}-{SPAN}-01", &TRACE[1..]),
        format!("00-é{}-{SPAN}-01", &TRACE[2..]),
        // span id
        format!("00-{TRACE}-{}-01", "0".repeat(16)),
        format!("00-{TRACE}-{}-01", SPAN.to_uppercase()),
        format!("00-{TRACE}-{}-01", &SPAN[1..]),
        format!("00-{TRACE}-{SPAN}0-01"),
        format!("00-{TRACE}-+{}-01", &SPAN[1..]),
        // flags
        format!("00-{TRACE}-{SPAN}-1"),
        format!("00-{TRACE}-{SPAN}-+1"),
        format!("00-{TRACE}-{SPAN}-.0"),
        format!("00-{TRACE}-{SPAN}-0X"),
        format!("00-{TRACE}-{SPAN}-FF"),
    ];
    for traceparent in table {
        let headers = [(TRACEPARENT, traceparent.as_str()), (TRACESTATE, "foo=1")];
        assert_eq!(extract(&headers), None, "{traceparent:?}");
    }
}

#[test]
fn no_or_two_traceparents_are_no_parent() {
    let traceparent = format!("00-{TRACE}-{SPAN}-01");

    assert_eq!(extract(&[]), None);
    assert_eq!(extract(&[(TRACESTATE, "foo=1")]), None);
    assert_eq!(extract(&[(TRACEPARENT, &traceparent), (TRACEPARENT, &traceparent)]), None);
}

#[test]
fn a_malformed_traceparent_leaves_the_context_alone() {
    struct Tenant;
    let context = TraceContextPropagator::default().extract_with_context(
        &Context::new().with_value(Tenant),
        &Headers(&[(TRACEPARENT, "nonsense")]),
    );

    assert!(context.get::<Tenant>().is_some());
    assert!(!context.has_active_span());
}

#[test]
fn several_tracestates_are_joined_and_a_bad_one_is_dropped() {
    let traceparent = format!("00-{TRACE}-{SPAN}-01");
    let tracestate = |headers: &[&str]| {
        let mut all = vec![(TRACEPARENT, traceparent.as_str())];
        all.extend(headers.iter().map(|value| (TRACESTATE, *value)));
        extract(&all).expect("the parent stays").trace_state().header()
    };

    assert_eq!(tracestate(&["foo=1,bar=2", "", "rojo=3"]), "foo=1,bar=2,rojo=3");
    assert_eq!(tracestate(&["foo=1", "no list member"]), "");
}

#[test]
fn what_was_injected_is_extracted() {
    let state = TraceState::from_key_value([("foo", "1"), ("bar", "2")]).expect("valid");
    for (flags, state) in [(0, TraceState::NONE), (1, state.clone()), (3, state)] {
        let given = SpanContext::new(
            TraceId::from(0xabc),
            SpanId::from(0xdef),
            TraceFlags::new(flags),
            true,
            state,
        );
        let propagator = TraceContextPropagator::default();
        let mut carrier = HashMap::new();

        propagator
            .inject_context(&Context::new().with_remote_span_context(given.clone()), &mut carrier);

        assert_eq!(carrier.contains_key(TRACESTATE), given.trace_state() != &TraceState::NONE);
        let context = propagator.extract_with_context(&Context::new(), &carrier);
        assert_eq!(context.span().span_context(), &given);
    }
}

#[test]
fn keys_that_the_api_refuses_go_through_a_service_in_their_place() {
    let propagator = TraceContextPropagator::default();
    let traceparent = format!("00-{TRACE}-{SPAN}-02");
    let headers = [(TRACEPARENT, traceparent.as_str()), (TRACESTATE, "foo@@bar=1,bar=2")];
    let context = propagator.extract_with_context(&Context::new(), &Headers(&headers));
    let mut carrier = HashMap::new();

    let above = context.span().span_context().clone();
    let span = SpanContext::new(
        above.trace_id(),
        SpanId::from(7),
        above.trace_flags(),
        false,
        above.trace_state().clone(),
    );
    propagator.inject_context(&context.with_remote_span_context(span), &mut carrier);

    assert_eq!(carrier[TRACESTATE], "foo@@bar=1,bar=2");
    assert_eq!(carrier[TRACEPARENT], format!("00-{TRACE}-{:016x}-02", 7));
}

#[test]
fn unknown_flags_are_not_passed_on_and_no_span_injects_nothing() {
    let span_context = SpanContext::new(
        TraceId::from(1),
        SpanId::from(2),
        TraceFlags::new(0xff),
        false,
        TraceState::NONE,
    );
    let mut carrier = HashMap::new();

    TraceContextPropagator::default().inject_context(&Context::new(), &mut carrier);
    assert!(carrier.is_empty());

    let context = Context::new().with_remote_span_context(span_context);
    TraceContextPropagator::default().inject_context(&context, &mut carrier);
    assert_eq!(carrier[TRACEPARENT], format!("00-{:032x}-{:016x}-03", 1, 2));
}

#[test]
fn its_fields_are_the_two_headers() {
    let propagator = TraceContextPropagator::default();
    assert_eq!(propagator.fields().collect::<Vec<_>>(), [TRACEPARENT, TRACESTATE]);
}
