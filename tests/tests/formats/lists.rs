//! Is exactly what the grammars of `tracestate` and `baggage` allow accepted, member by member?

use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::TextMapPropagator;
use otel_runtime::context::{BaggagePropagator, TraceContextPropagator};
use proptest::prelude::*;

use super::grammar::regex;

const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

/// What is sent for a header that came in.
fn sent(propagator: &dyn TextMapPropagator, name: &str, value: &str) -> Option<String> {
    let headers = [("traceparent", TRACEPARENT), (name, value)];
    let headers: HashMap<_, _> =
        headers.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
    let context = propagator.extract_with_context(&Context::new(), &headers);
    let mut sent = HashMap::new();
    propagator.inject_context(&context, &mut sent);
    sent.remove(name)
}

fn is_match(pattern: &str, text: &str) -> bool {
    regex(pattern).is_match(text)
}

/// Level 2 of W3C Trace Context, sections 3.3.1.3.1 and 3.3.1.3.2.
fn is_state(member: &str) -> bool {
    let value = r"[\x20-\x2b\x2d-\x3c\x3e-\x7e]{0,255}[\x21-\x2b\x2d-\x3c\x3e-\x7e]";
    is_match(&format!(r"^[a-z0-9][a-z0-9_\-*/@]{{0,255}}={value}$"), member)
}

/// W3C Baggage, section 3.3.1.
fn is_baggage(member: &str) -> bool {
    let token = r"[!#$%&'*+\-.^_`|~0-9A-Za-z]+";
    let value = r"[\x21\x23-\x2b\x2d-\x3a\x3c-\x5b\x5d-\x7e]*";
    let property = format!(r"{token}(?:[ \t]*=[ \t]*{value})?");
    // Empty properties are let pass.
    let properties = format!(r"(?:[ \t]*;[ \t]*(?:{property})?)*");
    is_match(&format!(r"^{token}[ \t]*=[ \t]*{value}[ \t]*{properties}[ \t]*$"), member)
}

fn members(one: &'static str) -> impl Strategy<Value = Vec<String>> {
    let member = prop_oneof![8 => one, 2 => "[ -~]{0,12}", 1 => any::<String>()];
    proptest::collection::vec(member, 1..6)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_tracestate_is_passed_on_if_all_its_members_are_as_specified(
        members in members("[a-z0-9@_]{1,8}[ \t]?=[ -~]{0,8}[ \t]?"),
    ) {
        let header = members.join(",");
        let trimmed = header.split(',').map(|it| it.trim_matches([' ', '\t']));
        let expected: Vec<_> = trimmed.filter(|it| !it.is_empty()).collect();
        let sent = sent(&TraceContextPropagator::default(), "tracestate", &header);
        if expected.iter().all(|member| is_state(member)) {
            let mut once: Vec<&str> = Vec::new();
            for member in expected {
                let key = member.split_inclusive('=').next().unwrap_or_default();
                if !once.iter().any(|it| it.starts_with(key)) {
                    once.push(member);
                }
            }
            prop_assert_eq!(sent.unwrap_or_default(), once.join(","));
        } else {
            prop_assert_eq!(sent, None, "{:?}", header);
        }
    }

    #[test]
    fn of_baggage_exactly_the_members_that_are_as_specified_are_passed_on(
        members in members("[a-zA-Z0-9!~]{1,4}[ \t]?=[ \t]?[!-~]{0,8}(;[ \t]?[a-z]{0,3}(=[!-~]{0,3})?)?[ \t]?"),
    ) {
        let header = members.join(",");
        let trimmed = header.split(',').map(|it| it.trim_matches([' ', '\t']));
        let good = trimmed.filter(|member| is_baggage(member));
        let mut keys: Vec<_> =
            good.filter_map(|member| Some(member.split_once('=')?.0.trim_end().to_owned())).collect();
        keys.sort_unstable();
        keys.dedup();
        let headers = HashMap::from([("baggage".to_owned(), header.clone())]);
        let propagator = BaggagePropagator::default();
        let context = propagator.extract_with_context(&Context::new(), &headers);
        let mut read: Vec<_> = context.baggage().iter().map(|(key, _)| key.to_string()).collect();
        read.sort_unstable();
        prop_assert_eq!(read, keys, "{:?}", header);

        if let Some(once) = sent(&propagator, "baggage", &header) {
            prop_assert!(once.split(',').all(is_baggage), "{once}");
            prop_assert_eq!(sent(&propagator, "baggage", &once), Some(once));
        }
    }
}
