//! Which B3 headers are passed on, and which are refused?

use std::collections::HashMap;

use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};

use super::*;
use crate::context::ExtractCarrier;

const TRACE: &str = "80f198ee56343ba864fe8b2a57d3eff7";
const SPAN: &str = "e457b5a2e4d86bd1";
const PARENT: &str = "05e3ac9a4f6e3b90";

fn extract(headers: &[(&str, &str)]) -> Context {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    headers.with_extractor(|extractor| {
        B3Propagator::single().extract_with_context(&Context::new(), extractor)
    })
}

fn span(headers: &[(&str, &str)]) -> Option<SpanContext> {
    let context = extract(headers);
    context.has_active_span().then(|| context.span().span_context().clone())
}

fn sent(context: &Context, propagator: &B3Propagator) -> Vec<(String, String)> {
    let mut headers = HashMap::new();
    propagator.inject_context(context, &mut headers);
    let mut headers: Vec<_> = headers.into_iter().collect();
    headers.sort();
    headers
}

fn sent_single(context: &Context) -> String {
    match &sent(context, &B3Propagator::single())[..] {
        [] => String::new(),
        [(name, value)] if name == "b3" => value.clone(),
        more => panic!("{more:?}"),
    }
}

fn sent_multi(context: &Context) -> String {
    let headers = sent(context, &B3Propagator::multi());
    let each = headers.iter().map(|(name, value)| format!("{}={value}", &name["x-b3-".len()..]));
    each.collect::<Vec<_>>().join(" ")
}

#[test]
fn the_single_header_goes_on_in_either_form_with_the_decision_that_it_had() {
    let ids = format!("{TRACE}-{SPAN}");
    let multi = format!("spanid={SPAN} traceid={TRACE}");
    for (header, single, multi, is_sampled) in [
        (format!("{ids}-1"), format!("{ids}-1"), format!("sampled=1 {multi}"), true),
        (format!("{ids}-0"), format!("{ids}-0"), format!("sampled=0 {multi}"), false),
        (format!("{ids}-d"), format!("{ids}-d"), format!("flags=1 {multi}"), true),
        (ids.clone(), ids.clone(), multi.clone(), false),
        (format!("{ids}-1-{PARENT}"), format!("{ids}-1"), format!("sampled=1 {multi}"), true),
        (format!(" {ids}-d-{PARENT}\t"), format!("{ids}-d"), format!("flags=1 {multi}"), true),
        ("0".to_owned(), "0".to_owned(), "sampled=0".to_owned(), false),
        ("1".to_owned(), "1".to_owned(), "sampled=1".to_owned(), false),
        ("d".to_owned(), "d".to_owned(), "flags=1".to_owned(), false),
    ] {
        let context = extract(&[("b3", &header)]);
        assert_eq!(context.span().span_context().is_sampled(), is_sampled, "{header}");
        assert_eq!(sent_single(&context), single, "{header}");
        assert_eq!(sent_multi(&context), multi, "{header}");
    }
}

#[test]
fn a_trace_id_of_64_bits_is_padded() {
    let padded = format!("0000000000000000{SPAN}-{SPAN}-1");

    assert_eq!(sent_single(&extract(&[("b3", &format!("{SPAN}-{SPAN}-1"))])), padded);
    let headers = [("X-B3-TraceId", SPAN), ("X-B3-SpanId", SPAN), ("X-B3-Sampled", "1")];
    assert_eq!(sent_single(&extract(&headers)), padded);
}

#[test]
fn several_headers_go_on_with_the_decision_that_they_had() {
    let ids = format!("{TRACE}-{SPAN}");
    for (sampled, flags, sent) in [
        (None, None, ids.clone()),
        (Some("1"), None, format!("{ids}-1")),
        (Some("0"), None, format!("{ids}-0")),
        (Some("true"), None, format!("{ids}-1")),
        (Some("false"), None, format!("{ids}-0")),
        (None, Some("1"), format!("{ids}-d")),
        (Some("1"), Some("0"), format!("{ids}-1")),
        (Some("0"), Some("1"), format!("{ids}-d")),
    ] {
        let mut headers = vec![("X-B3-TraceId", TRACE), ("X-B3-SpanId", SPAN)];
        headers.push(("X-B3-ParentSpanId", PARENT));
        headers.extend(sampled.map(|it| ("X-B3-Sampled", it)));
        headers.extend(flags.map(|it| ("X-B3-Flags", it)));
        assert_eq!(sent_single(&extract(&headers)), sent, "{headers:?}");
    }
    assert_eq!(sent_single(&extract(&[("X-B3-Sampled", "0")])), "0");
    assert_eq!(sent_single(&extract(&[("X-B3-Flags", "1")])), "d");
}

#[test]
fn a_malformed_single_header_is_no_parent() {
    let (zeros, upper) = ("0".repeat(32), TRACE.to_uppercase());
    for header in [
        "",
        "2",
        "D",
        "true",
        "-",
        "---",
        TRACE,
        &format!("{TRACE}-"),
        &format!("{TRACE}-{SPAN}-"),
        &format!("{TRACE}-{SPAN}-2"),
        &format!("{TRACE}-{SPAN}-D"),
        &format!("{TRACE}-{SPAN}-true"),
        &format!("{TRACE}-{SPAN}-{PARENT}"),
        &format!("{TRACE}-{SPAN}-1-"),
        &format!("{TRACE}-{SPAN}-1-{PARENT}-"),
        &format!("{TRACE}-{SPAN}-1-{TRACE}"),
        &format!("{TRACE}-{SPAN}-1-+5e3ac9a4f6e3b90"),
        &format!("{zeros}-{SPAN}-1"),
        &format!("{TRACE}-0000000000000000-1"),
        &format!("{upper}-{SPAN}-1"),
        &format!("{TRACE}-{}-1", SPAN.to_uppercase()),
        &format!("{}-{SPAN}-1", &TRACE[1..]),
        &format!("{}-{SPAN}-1", &TRACE[15..]),
        &format!("{TRACE}0-{SPAN}-1"),
        &format!("{TRACE}-{}-1", &SPAN[1..]),
        &format!("{TRACE}-{SPAN}-1,{TRACE}-{SPAN}-1"),
        &format!("{TRACE} -{SPAN}-1"),
        &format!("{TRACE}:{SPAN}:1"),
        "ü-ü-1",
        "\u{fffd}",
    ] {
        let context = extract(&[("b3", header)]);
        assert!(!context.has_active_span() && sent_single(&context).is_empty(), "{header:?}");
    }
    let header = format!("{TRACE}-{SPAN}-1");
    assert_eq!(span(&[("b3", &header), ("B3", &header)]), None, "there twice");
}

#[test]
fn malformed_several_headers_are_no_parent() {
    let good = [("x-b3-traceid", TRACE), ("x-b3-spanid", SPAN), ("x-b3-sampled", "1")];
    assert!(span(&good).is_some());
    for (name, value) in [
        ("x-b3-traceid", ""),
        ("x-b3-traceid", "0"),
        ("x-b3-traceid", "0000000000000000"),
        ("x-b3-traceid", &TRACE[1..]),
        ("x-b3-traceid", &TRACE.to_uppercase()),
        ("x-b3-spanid", ""),
        ("x-b3-spanid", "0000000000000000"),
        ("x-b3-spanid", TRACE),
        ("x-b3-sampled", ""),
        ("x-b3-sampled", "d"),
        ("x-b3-sampled", "TRUE"),
        ("x-b3-sampled", "2"),
        ("x-b3-flags", ""),
        ("x-b3-flags", "2"),
        ("x-b3-flags", "d"),
        ("x-b3-parentspanid", ""),
        ("x-b3-parentspanid", TRACE),
    ] {
        let mut headers: Vec<_> = good.into_iter().filter(|it| it.0 != name).collect();
        headers.push((name, value));
        let context = extract(&headers);
        assert!(!context.has_active_span() && sent_single(&context).is_empty(), "{name}: {value}");
    }
    for missing in ["x-b3-traceid", "x-b3-spanid"] {
        let headers: Vec<_> = good.into_iter().filter(|it| it.0 != missing).collect();
        assert_eq!(sent_single(&extract(&headers)), "", "no {missing}");
    }
    for (name, value) in good {
        let mut twice = good.to_vec();
        twice.push((name, value));
        assert_eq!(span(&twice), None, "{name} twice");
    }
}

#[test]
fn the_single_header_counts_unless_it_cannot_be_read_or_names_no_span() {
    let multi = [("x-b3-traceid", TRACE), ("x-b3-spanid", PARENT), ("x-b3-sampled", "0")];
    let of = |single: &str| {
        let mut headers = multi.to_vec();
        headers.push(("b3", single));
        sent_single(&extract(&headers))
    };

    assert_eq!(of(&format!("{TRACE}-{SPAN}-1")), format!("{TRACE}-{SPAN}-1"));
    for single in ["nonsense", "0", "d"] {
        assert_eq!(of(single), format!("{TRACE}-{PARENT}-0"), "{single}");
    }
    let both = extract(&[("b3", "1"), ("x-b3-sampled", "0")]);
    assert_eq!(sent_single(&both), "1", "of two decisions too");
    let bad = extract(&[("b3", "1"), ("x-b3-sampled", "no")]);
    assert_eq!(sent_single(&bad), "1");
}

#[test]
fn debug_is_of_the_whole_trace_and_no_other() {
    let came = extract(&[("b3", &format!("{TRACE}-{SPAN}-d"))]);
    let of = |trace: &str, flags| {
        let trace = TraceId::from_hex(trace).expect("hex");
        let (flags, span) = (opentelemetry::TraceFlags::new(flags), SpanId::from(7));
        let local = SpanContext::new(trace, span, flags, false, TraceState::NONE);
        sent_single(&came.with_remote_span_context(local))
    };

    assert_eq!(of(TRACE, 1), format!("{TRACE}-0000000000000007-d"));
    assert_eq!(of(TRACE, 0), format!("{TRACE}-0000000000000007-d"), "as the caller asked");
    let other = "1".repeat(32);
    assert_eq!(of(&other, 1), format!("{other}-0000000000000007-1"));
    assert_eq!(of(&other, 0), format!("{other}-0000000000000007-0"));
}

#[test]
fn what_another_format_said_of_the_same_span_stays() {
    use crate::context::TraceContextPropagator;

    let of = |flags: &str, b3: &str| {
        let headers = [
            ("traceparent", format!("00-{TRACE}-{SPAN}-{flags}")),
            ("tracestate", "foo=1".to_owned()),
            ("b3", b3.to_owned()),
        ];
        let headers = HashMap::from(headers.map(|(name, value)| (name.to_owned(), value)));
        let w3c = TraceContextPropagator::default().extract(&headers);
        let both = B3Propagator::single().extract_with_context(&w3c, &headers);
        let span = both.span().span_context().clone();
        (span.trace_flags().to_u8(), span.trace_state().header(), sent_single(&both))
    };
    let ids = format!("{TRACE}-{SPAN}");
    let (state, one, zero) = ("foo=1".to_owned(), format!("{ids}-1"), format!("{ids}-0"));

    assert_eq!(of("03", &one), (3, state.clone(), one.clone()));
    assert_eq!(of("03", &zero), (2, state.clone(), zero.clone()), "the last format decides");
    assert_eq!(of("02", &one), (3, state.clone(), one.clone()), "the last format decides");
    assert_eq!(of("03", &ids), (3, state.clone(), one), "it left the decision to others");
    assert_eq!(of("02", &ids), (2, state, ids), "traceparent cannot leave it");
    let other = format!("{TRACE}-{PARENT}-1");
    assert_eq!(of("03", &other), (1, String::new(), other), "another span");
}

#[test]
fn a_decision_without_a_span_does_not_replace_a_span() {
    let there = extract(&[("b3", &format!("{TRACE}-{SPAN}-1"))]);
    let decision = HashMap::from([("b3".to_owned(), "0".to_owned())]);

    let context = B3Propagator::single().extract_with_context(&there, &decision);

    assert_eq!(sent_single(&context), format!("{TRACE}-{SPAN}-1"));
}
