//! Is exactly what the specifications' grammars allow accepted, and sent on in one form?
//!
//! The grammars are written down once more, as regular expressions.

use std::cell::RefCell;
use std::collections::HashMap;

use opentelemetry::Context;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
use opentelemetry::{SpanId, TraceFlags, TraceId};
use otel_runtime::context::{
    B3Propagator, ExtractCarrier, JaegerPropagator, TraceContextPropagator, XRayPropagator,
};
use proptest::prelude::*;
use proptest::string::string_regex;
use regex::Regex;

/// A format that has all of a span context in one header.
struct Format {
    propagator: Box<dyn TextMapPropagator>,
    header: &'static str,
    /// Whether the grammar allows this header, and it names a span.
    names_span: fn(&str) -> bool,
    /// The one form in which it is sent.
    canonical: &'static str,
    /// Headers of the grammar, to be spoilt.
    examples: &'static str,
}

/// Compiled once, since that takes longer than a case.
pub(super) fn regex(pattern: &str) -> Regex {
    thread_local! {
        static COMPILED: RefCell<HashMap<String, Regex>> = RefCell::default();
    }
    COMPILED.with_borrow_mut(|compiled| {
        let new = || Regex::new(pattern).expect("a pattern");
        compiled.entry(pattern.to_owned()).or_insert_with(new).clone()
    })
}

/// Whether all groups of the pattern are there and none of them is zero.
fn has_ids(pattern: &str, header: &str) -> bool {
    let header = header.trim_matches([' ', '\t']);
    let is_id =
        |id: Option<regex::Match<'_>>| id.is_some_and(|id| id.as_str().contains(|c| c != '0'));
    regex(pattern).captures(header).is_some_and(|groups| groups.iter().skip(1).all(is_id))
}

fn traceparent() -> Format {
    Format {
        propagator: Box::new(TraceContextPropagator::default()),
        header: "traceparent",
        names_span: |header| {
            let is_00 = "^00-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}$";
            let is_later = "^[0-9a-f]{2}-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(?:-.*)?$";
            let is_reserved = header.trim_matches([' ', '\t']).starts_with("ff");
            let is_version_0 = header.trim_matches([' ', '\t']).starts_with("00");
            has_ids(if is_version_0 { is_00 } else { is_later }, header) && !is_reserved
        },
        canonical: "^00-[0-9a-f]{32}-[0-9a-f]{16}-0[0-3]$",
        examples: "[ \t]?(00|01|cc|ff)-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}(-[a-z0-9]{0,4})?",
    }
}

fn b3() -> Format {
    Format {
        propagator: Box::new(B3Propagator::single()),
        header: "b3",
        names_span: |header| {
            let grammar =
                "^([0-9a-f]{16}|[0-9a-f]{32})-([0-9a-f]{16})(?:-[01d](?:-[0-9a-f]{16})?)?$";
            has_ids(grammar, header)
        },
        canonical: "^[0-9a-f]{32}-[0-9a-f]{16}(-[01d])?$",
        examples: "([0-9a-f]{16}){1,2}-([0-9a-f]{16}|0{16})(-[01d](-[0-9a-f]{16})?)?[ \t]?",
    }
}

fn jaeger() -> Format {
    Format {
        propagator: Box::new(JaegerPropagator::default()),
        header: "uber-trace-id",
        names_span: |header| {
            let escape = regex("%([0-9a-fA-F]{2})");
            let decoded =
                escape.replace_all(header.trim_matches([' ', '\t']), |it: &regex::Captures<'_>| {
                    let byte = u8::from_str_radix(&it[1], 16).expect("hex");
                    // A byte that is not ASCII is in no grammar.
                    if byte.is_ascii() { char::from(byte) } else { 'é' }.to_string()
                });
            let grammar =
                "^([0-9a-fA-F]{1,32}):([0-9a-fA-F]{1,16}):[0-9a-fA-F]{1,16}:[0-9a-fA-F]{1,2}$";
            // What is decoded to white space is part of the value.
            let is_plain = !decoded.starts_with([' ', '\t']) && !decoded.ends_with([' ', '\t']);
            is_plain && has_ids(grammar, &decoded)
        },
        canonical: "^[0-9a-f]{32}:[0-9a-f]{16}:0:[013]$",
        examples: "[0-9a-fA-F]{1,32}(:|%3A|%3a)([0-9a-fA-F]{1,16}|0{1,16}|%31)(:|%3A)[0-9a-f]{1,16}:[0-9a-f]{1,2}",
    }
}

fn xray() -> Format {
    Format {
        propagator: Box::new(XRayPropagator::default()),
        header: "x-amzn-trace-id",
        names_span: |header| {
            let all = regex("^[ \t]*(?:[^;=\\s]+=[^;]*)?(?:;[ \t]*(?:[^;=\\s]+=[^;]*)?)*$");
            let count =
                |key: &str| regex(&format!("(?:^|;)[ \t]*{key}=")).find_iter(header).count();
            let part = |value: &str| has_ids(&format!("(?:^|;)[ \t]*{value}[ \t]*(?:;|$)"), header);
            all.is_match(header)
                && part("Root=1-([0-9a-fA-F]{8}-[0-9a-fA-F]{24})")
                && !part("Root=1-0{8}-0{24}")
                && part("Parent=([0-9a-fA-F]{16})")
                && (count("Sampled") == 0 || part("Sampled=[01?]"))
                && count("Sampled") <= 1
                && (count("Root"), count("Parent")) == (1, 1)
        },
        canonical: "^Root=1-[0-9a-f]{8}-[0-9a-f]{24};Parent=[0-9a-f]{16}(;Sampled=[01])?$",
        examples: "(Self=1-[0-9a-f]{8};)?[ \t]?Root=1-([0-9a-f]{8}|[0-9A-F]{8})-[0-9a-f]{24};(A=b;)? ?Parent=([0-9a-f]{16}|0{16})(;Sampled=([01?]))?(;|;Lineage=a:1)?",
    }
}

fn extract(format: &Format, header: &str) -> Option<SpanContext> {
    let context = extracted(format, header);
    context.has_active_span().then(|| span_of(&context))
}

fn span_of(context: &Context) -> SpanContext {
    context.span().span_context().clone()
}

fn extracted(format: &Format, header: &str) -> Context {
    let headers = vec![(format.header.to_owned(), header.to_owned())];
    headers.with_extractor(|extractor| {
        format.propagator.extract_with_context(&Context::new(), extractor)
    })
}

fn injected(format: &Format, context: &Context) -> Option<String> {
    let mut headers = HashMap::new();
    format.propagator.inject_context(context, &mut headers);
    headers.remove(format.header)
}

/// Headers of the grammar, with up to three characters changed, removed or added; and any text.
fn headers(format: &Format) -> impl Strategy<Value = String> + use<> {
    let change = (any::<prop::sample::Index>(), "[0-9a-fdD:;=%. \t-]|[\\PC]", 0..3_u8);
    let spoilt =
        (string_regex(format.examples).expect("a pattern"), prop::collection::vec(change, 0..4));
    let spoilt = spoilt.prop_map(|(header, changes)| {
        let mut header: Vec<char> = header.chars().collect();
        for (at, with, how) in changes {
            let with = with.chars().next().unwrap_or('0');
            let at = at.index(header.len() + 1);
            match how {
                0 if at < header.len() => header[at] = with,
                1 if at < header.len() => drop(header.remove(at)),
                _ => header.insert(at, with),
            }
        }
        header.into_iter().collect()
    });
    prop_oneof![8 => spoilt, 1 => any::<String>(), 1 => "[0-9a-f:;=%-]{0,80}"]
}

fn span_context() -> impl Strategy<Value = SpanContext> {
    (1_u128.., 1_u64.., any::<bool>()).prop_map(|(trace, span, is_sampled)| {
        let flags = TraceFlags::default().with_sampled(is_sampled);
        let (trace, span) = (TraceId::from(trace), SpanId::from(span));
        SpanContext::new(trace, span, flags, true, TraceState::NONE)
    })
}

macro_rules! properties {
    ($($format:ident)*) => {$(
        mod $format {
            use super::*;

            proptest! {
                #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

                #[test]
                fn is_accepted_exactly_as_its_grammar_says(header in headers(&super::$format())) {
                    let format = super::$format();
                    let is_accepted = extract(&format, &header).is_some();
                    prop_assert_eq!(is_accepted, (format.names_span)(&header), "{:?}", header);
                }

                #[test]
                fn is_sent_on_in_one_form_that_means_the_same(header in headers(&super::$format())) {
                    let format = super::$format();
                    if let Some(span) = extract(&format, &header) {
                        let sent = injected(&format, &extracted(&format, &header)).expect("a span");
                        prop_assert!(regex(format.canonical).is_match(&sent), "{sent}");
                        prop_assert_eq!(extract(&format, &sent), Some(span));
                        let again = injected(&format, &extracted(&format, &sent));
                        prop_assert_eq!(again, Some(sent));
                    }
                }

                #[test]
                fn a_span_arrives_as_it_was_sent(span in span_context()) {
                    let format = super::$format();
                    let context = Context::new().with_remote_span_context(span.clone());
                    let header = injected(&format, &context).expect("a valid span");
                    prop_assert!((format.names_span)(&header), "{header}");
                    prop_assert_eq!(extract(&format, &header), Some(span));
                }
            }
        }
    )*};
}
properties!(traceparent b3 jaeger xray);

mod b3_multi {
    use super::*;

    const NAMES: [&str; 5] =
        ["x-b3-traceid", "x-b3-spanid", "x-b3-sampled", "x-b3-flags", "x-b3-parentspanid"];

    /// The values of the five headers, some of which may be missing.
    type Values = [Option<String>; 5];

    fn values() -> impl Strategy<Value = Values> {
        let value = |grammar: &'static str| {
            let any = prop_oneof![6 => grammar, 1 => "[0-9a-fA-F]{0,33}", 1 => any::<String>()];
            proptest::option::weighted(0.8, any)
        };
        (
            value("([0-9a-f]{16}){1,2}|0{16}"),
            value("[0-9a-f]{16}|0{16}"),
            value("0|1|true|false|d"),
            value("0|1"),
            value("[0-9a-f]{16}"),
        )
            .prop_map(|(trace, span, sampled, flags, parent)| [trace, span, sampled, flags, parent])
    }

    /// Whether the specification allows these headers, and they name a span.
    fn names_span(values: &Values) -> bool {
        let is = |at: usize, pattern: &str| {
            let text = values[at].as_deref().map(|value| value.trim_matches([' ', '\t']));
            text.map(|text| regex(pattern).is_match(text))
        };
        let is_zero = |at: usize| is(at, "^0*$") == Some(true);
        is(0, "^([0-9a-f]{16}){1,2}$") == Some(true)
            && is(1, "^[0-9a-f]{16}$") == Some(true)
            && is(2, "^(0|1|true|false)$") != Some(false)
            && is(3, "^[01]$") != Some(false)
            && is(4, "^[0-9a-f]{16}$") != Some(false)
            && !is_zero(0)
            && !is_zero(1)
    }

    fn extracted(values: &Values) -> Context {
        let there = NAMES.iter().zip(values);
        let headers: HashMap<_, _> =
            there.filter_map(|(name, value)| Some(((*name).to_owned(), value.clone()?))).collect();
        B3Propagator::multi().extract_with_context(&Context::new(), &headers)
    }

    fn injected(context: &Context) -> Values {
        let mut headers = HashMap::new();
        B3Propagator::multi().inject_context(context, &mut headers);
        NAMES.map(|name| headers.remove(name))
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

        #[test]
        fn is_accepted_exactly_as_its_grammar_says(values in values()) {
            prop_assert_eq!(extracted(&values).has_active_span(), names_span(&values));
        }

        #[test]
        fn is_sent_on_in_one_form_that_means_the_same(values in values()) {
            let context = extracted(&values);
            let sent = injected(&context);
            let again = extracted(&sent);
            prop_assert_eq!(span_of(&again), span_of(&context));
            prop_assert_eq!(injected(&again), sent.clone());
            if context.has_active_span() {
                prop_assert!(names_span(&sent), "{sent:?}");
                prop_assert!(sent[2].is_none() || sent[3].is_none(), "debug alone: {sent:?}");
            }
        }

        #[test]
        fn a_span_arrives_as_it_was_sent(span in span_context()) {
            let context = Context::new().with_remote_span_context(span.clone());
            let arrived = extracted(&injected(&context));
            prop_assert_eq!(span_of(&arrived), span);
        }
    }
}
