//! Which baggage crosses in Jaeger's headers?

use std::collections::BTreeMap;

use opentelemetry::KeyValue;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::TraceContextExt;

use super::*;
use crate::context::{ExtractCarrier, InjectCarrier, JaegerPropagator};

const TRACE: (&str, &str) = ("uber-trace-id", "1:2:0:1");

fn extract(headers: &[(&str, &str)]) -> Context {
    let headers: Vec<_> =
        headers.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    headers.with_extractor(|extractor| {
        let context = Context::new().with_baggage([KeyValue::new("own", "1")]);
        JaegerPropagator::default().extract_with_context(&context, extractor)
    })
}

fn baggage(context: &Context) -> String {
    let members = context.baggage().iter().map(|(key, (value, _))| format!("{key}={value}"));
    members.collect::<std::collections::BTreeSet<_>>().into_iter().collect::<Vec<_>>().join("|")
}

fn sent(context: &Context) -> BTreeMap<String, String> {
    let mut headers = BTreeMap::new();
    headers.with_injector(|injector| {
        JaegerPropagator::default().inject_context(context, injector);
    });
    headers
}

#[test]
fn entries_are_read_beside_a_span_and_a_list_is_read_anyway() {
    for (headers, expected) in [
        (&[TRACE, ("uberctx-tenant", "7")][..], "tenant=7"),
        (&[TRACE, ("Uberctx-Tenant", "a%20b%2Bc+d%C3%A9")], "tenant=a b+c dé"),
        (&[TRACE, ("uberctx-a", "1"), ("uberctx-b", ""), ("jaeger-baggage", "c=3")], "a=1|b=|c=3"),
        (&[("jaeger-baggage", "a=1, b = 2 ,C=x=y,")], "C=x=y|a=1|b=2"),
        (&[("uber-trace-id", "nonsense"), ("uberctx-a", "1")], "a=1"),
        (&[TRACE], "own=1"),
        (&[("uberctx-a", "1")], "own=1"),
        (&[("jaeger-baggage", "")], "own=1"),
        (&[("jaeger-baggage", "a"), ("jaeger-baggage", "=1")], "own=1"),
        (&[TRACE, ("uberctx-", "1"), ("uberctx-ü", "1"), ("uberctx-a", "ü")], "own=1"),
    ] {
        assert_eq!(baggage(&extract(headers)), expected, "{headers:?}");
    }
}

#[test]
fn too_much_of_it_is_cut() {
    let entries: Vec<(String, String)> =
        (0..10_000).map(|n| (format!("uberctx-k{n}"), "v".to_owned())).collect();
    let mut headers: Vec<_> = entries.iter().map(|(name, it)| (&**name, &**it)).collect();
    headers.push(TRACE);
    assert_eq!(extract(&headers).baggage().len(), MAX_MEMBERS);

    let list = "key=value,".repeat(10_000);
    assert_eq!(baggage(&extract(&[("jaeger-baggage", &list)])), "key=value");
    let long = format!("a={},b=1", "v".repeat(MAX_BYTES));
    assert_eq!(baggage(&extract(&[("jaeger-baggage", &long)])), "own=1");
}

#[test]
fn it_goes_in_a_header_for_each_entry_beside_a_span_and_in_a_list_without() {
    let members = [KeyValue::new("tenant", "a b+c,é"), KeyValue::new("user.id", "7")];
    let alone = Context::new().with_baggage(members.clone());
    let beside = extract(&[TRACE]).with_baggage(members);

    let list = sent(&alone);
    assert_eq!(list.len(), 1, "{list:?}");
    assert_eq!(list["jaeger-baggage"], "tenant=a%20b%2Bc%2C%C3%A9,user.id=7");
    let entries = sent(&beside);
    assert_eq!(entries.len(), 3, "{entries:?}");
    assert_eq!(entries["uberctx-tenant"], "a%20b%2Bc%2C%C3%A9");
    for headers in [list, entries] {
        let headers: Vec<_> = headers.iter().map(|(name, it)| (&**name, &**it)).collect();
        let expected = "tenant=a b+c,é|user.id=7";
        assert_eq!(baggage(&extract(&headers)), expected);
    }
    assert!(beside.span().span_context().is_valid());
}

#[test]
fn what_does_not_fit_into_headers_is_left_out() {
    let many = (0..100).map(|n| KeyValue::new(format!("k{n:03}"), "v"));
    let headers = sent(&Context::new().with_baggage(many));
    assert_eq!(headers["jaeger-baggage"].split(',').count(), MAX_MEMBERS);

    let large = [KeyValue::new("a", "v".repeat(MAX_BYTES)), KeyValue::new("b", "1")];
    assert_eq!(sent(&Context::new().with_baggage(large))["jaeger-baggage"], "b=1");
}
