//! What do the spans of a call say?

use opentelemetry::trace::{SpanContext, SpanId, SpanKind, TraceFlags, TraceId, TraceState};
use opentelemetry::{Array, Value};
use otel_example_stock::Item;
use otel_runtime::context::Trust;
use otel_runtime::tonic::ServerLayer;
use otel_tests::capture::SpanExt;
use tonic::codec::CompressionEncoding;
use tonic::{Code, Request};

use crate::{Calls, both, calls, failed, of_kind, outcome, well};

pub(crate) fn item(name: &str) -> Item {
    Item { name: name.to_owned() }
}

#[test]
fn a_call_has_a_span_on_each_end_and_what_the_method_calls_hangs_under_the_servers() {
    let mut port = 0;
    let spans = calls(async |mut caller| {
        port = caller.address.port();
        let reply = caller.stock.count(item("book")).await.expect("a reply");
        assert_eq!(reply.into_inner().number, 7);
    });

    let (client, server) = both(&spans);
    for span in [&client, &server] {
        assert_eq!(span.name, "shop.v1.Stock/Count");
        assert_eq!(span.attribute("rpc.system.name"), Some(&"grpc".into()));
        assert_eq!(span.attribute("rpc.method"), Some(&"shop.v1.Stock/Count".into()));
        assert_eq!(span.attribute("server.address"), Some(&"127.0.0.1".into()));
        assert_eq!(span.attribute("server.port"), Some(&i64::from(port).into()));
        assert_eq!(outcome(span), well("OK"));
        assert_eq!(span.instrumentation_scope.name(), "otel_runtime::tonic");
        assert!(span.attributes.iter().all(|it| !it.key.as_str().starts_with("code.")));
        assert!(span.events.is_empty());
    }
    let shared = [
        "rpc.system.name",
        "rpc.method",
        "server.address",
        "server.port",
        "rpc.response.status_code",
    ];
    assert_eq!(client.keys(), shared);
    let peer = ["client.address", "network.peer.address", "network.peer.port"];
    assert_eq!(server.keys(), [&shared[..4], &peer[..], &shared[4..]].concat());
    for address in ["client.address", "network.peer.address"] {
        assert_eq!(server.attribute(address), Some(&"127.0.0.1".into()));
    }
    let inner = spans.one("shelves");
    assert_eq!(inner.parent_span_id, server.span_context.span_id());
}

#[test]
fn a_client_fails_by_every_code_but_ok_and_a_server_by_its_own_faults() {
    const OF_SERVER: [&str; 6] =
        ["UNKNOWN", "DEADLINE_EXCEEDED", "UNIMPLEMENTED", "INTERNAL", "UNAVAILABLE", "DATA_LOSS"];
    let names = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    for (code, name) in (0..).zip(names) {
        let spans = calls(async |mut caller| {
            let reply = caller.stock.count(item(&format!("code {code}"))).await;
            let seen = reply.map_or_else(|status| status.code(), |_| Code::Ok);
            assert_eq!(seen, Code::from_i32(code));
        });

        let (client, server) = both(&spans);
        let expected = if name == "OK" { well(name) } else { failed(name) };
        assert_eq!(outcome(&client), expected, "{name}");
        let expected = if OF_SERVER.contains(&name) { failed(name) } else { well(name) };
        assert_eq!(outcome(&server), expected, "{name}");
        assert!(!client.keys().contains(&"traced.outcome"), "{name} is a reply");
    }
}

#[test]
fn a_compressed_call_is_as_any_other() {
    let spans = calls(async |caller| {
        let mut stock = caller
            .stock
            .send_compressed(CompressionEncoding::Gzip)
            .accept_compressed(CompressionEncoding::Gzip);
        stock.count(item("book")).await.expect("a reply");
    });

    let (client, server) = both(&spans);
    assert_eq!((outcome(&client), outcome(&server)), (well("OK"), well("OK")));
}

#[test]
fn metadata_is_recorded_where_it_was_asked_for() {
    let listed = ["tenant", "token-bin", "no key", "shelf"];
    let spans = Calls {
        server: ServerLayer::new().request_metadata(listed).response_metadata(listed),
        client: |layer| layer.request_metadata(["Tenant"]).response_metadata(["shelf"]),
        ..Calls::default()
    }
    .made_by(async |mut caller| {
        let mut request = Request::new(item("book"));
        for value in ["a", "b"] {
            request.metadata_mut().append("tenant", value.parse().expect("ASCII"));
        }
        request.metadata_mut().insert("other", "c".parse().expect("ASCII"));
        caller.stock.count(request).await.expect("a reply");
    });

    let list = |texts: &[&'static str]| {
        Value::Array(Array::String(texts.iter().map(|text| (*text).into()).collect()))
    };
    let (client, server) = both(&spans);
    for span in [&client, &server] {
        assert_eq!(span.attribute("rpc.request.metadata.tenant"), Some(&list(&["a", "b"])));
        assert_eq!(span.attribute("rpc.response.metadata.shelf"), Some(&list(&["left"])));
        let keys = span.keys();
        assert_eq!(keys.iter().filter(|key| key.contains("metadata")).count(), 2, "{keys:?}");
    }
}

#[test]
fn a_trace_that_is_not_recorded_goes_through_all_the_same() {
    let parent = SpanContext::new(
        TraceId::from(0xabcd),
        SpanId::from(7),
        TraceFlags::default(),
        true,
        TraceState::NONE,
    );
    let spans = Calls { parent, ..Calls::default() }.made_by(async |mut caller| {
        let reply = caller.stock.count(item("trace")).await.expect("a reply");
        assert_eq!(reply.into_inner().number, 0xcd, "the last byte of the caller's trace id");
    });

    assert!(spans.all.is_empty(), "{:?}", spans.all);
}

#[test]
fn what_is_personal_stays_out_where_it_is_to() {
    let spans = Calls {
        server: ServerLayer::new().skip_pii().request_metadata(["tenant", "email"]),
        ..Calls::default()
    }
    .made_by(async |mut caller| {
        let mut request = Request::new(item("panic"));
        for key in ["tenant", "email"] {
            request.metadata_mut().insert(key, "ada".parse().expect("ASCII"));
        }
        caller.stock.count(request).await.expect_err("it panics");
    });

    let (_, server) = both(&spans);
    let keys = server.keys();
    assert!(keys.contains(&"rpc.request.metadata.tenant"), "{keys:?}");
    let personal = ["email", "client.", "network.peer"];
    assert!(!keys.iter().any(|key| personal.iter().any(|it| key.contains(it))), "{keys:?}");
    let code = Some("UNKNOWN".to_owned());
    assert_eq!(outcome(&server), (code, Some("panic".to_owned()), Some("panic")));
}

#[test]
fn a_call_that_is_left_out_leaves_out_what_it_calls() {
    let spans = Calls {
        server: ServerLayer::new().only(|call| !call.path().ends_with("/Count")),
        ..Calls::default()
    }
    .made_by(async |mut caller| {
        caller.stock.count(item("book")).await.expect("a reply");
    });
    assert_eq!(spans.names(), ["shop.v1.Stock/Count"], "the client's");

    let spans = Calls { client: |layer| layer.only(|_| false), ..Calls::default() }.made_by(
        async |mut caller| {
            let reply = caller.stock.count(item("trace")).await.expect("a reply");
            let last = caller.parent.trace_id().to_bytes()[15];
            assert_eq!(reply.into_inner().number, u32::from(last), "the trace goes on");
        },
    );
    let server = of_kind(&spans, &SpanKind::Server);
    assert_eq!(server.parent_span_id, spans.parent.span_id());
}

#[test]
fn a_trusted_proxy_says_who_called_and_nobody_else_does() {
    for (proxies, client) in [(vec!["127.0.0.0/8"], "203.0.113.9"), (vec![], "127.0.0.1")] {
        let proxies = proxies.iter().map(|network| network.parse().expect("a network"));
        let server = ServerLayer::new().trusted_proxies(proxies);
        let spans = Calls { server, ..Calls::default() }.made_by(async |mut caller| {
            let mut request = Request::new(item("book"));
            let forwarded = "198.51.100.7, 203.0.113.9".parse().expect("ASCII");
            request.metadata_mut().insert("x-forwarded-for", forwarded);
            caller.stock.count(request).await.expect("a reply");
        });

        let (_, server) = both(&spans);
        assert_eq!(server.attribute("client.address"), Some(&client.into()));
        assert_eq!(server.attribute("network.peer.address"), Some(&"127.0.0.1".into()));
    }
}

#[test]
fn a_method_may_be_trusted_that_others_are_not() {
    let spans = Calls {
        server: ServerLayer::new().trust_by(|call| match call.path() {
            "/shop.v1.Stock/Count" => Trust::Trust,
            _ => Trust::Link,
        }),
        ..Calls::default()
    }
    .made_by(async |mut caller| {
        caller.stock.count(item("book")).await.expect("a reply");
        caller.stock.watch(item("code 5")).await.expect_err("as was wanted");
    });

    let server = of_kind(&spans, &SpanKind::Server);
    assert_eq!(server.name, "shop.v1.Stock/Count", "the other is in a trace of its own");
}
