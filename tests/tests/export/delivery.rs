//! Does a backend get what was recorded, all of it, and as it was decided?

use std::time::Duration;

use opentelemetry::trace::{
    Link, Span, SpanContext, SpanId, SpanKind, Status, TraceContextExt, TraceFlags, TraceId,
    TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind as WireKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use otel_runtime::{Compression, Protocol, builder};
use otel_tests::receiver::{Receiver, attribute, backends, text};

use super::{end_spans, start};

#[test]
fn a_trace_arrives_as_it_was_recorded() {
    for (protocol, backend) in backends() {
        let telemetry = start(
            builder()
                .service_name("shop")
                .service_version("1.2.0")
                .resource_attribute("deployment.environment.name", "test")
                .endpoint(backend.endpoint())
                .protocol(protocol),
        );
        let scope = InstrumentationScope::builder("shop::cart").with_version("0.3.0").build();
        let tracer = telemetry.tracer_provider().tracer_with_scope(scope);
        let linked = SpanContext::new(
            TraceId::from(7),
            SpanId::from(9),
            TraceFlags::SAMPLED,
            true,
            TraceState::default(),
        );

        let root = tracer
            .span_builder("GET /cart")
            .with_kind(SpanKind::Server)
            .with_links(vec![Link::new(linked.clone(), vec![KeyValue::new("why", "retry")], 0)])
            .start(&tracer);
        let context = Context::new().with_span(root);
        let mut child = tracer.start_with_context("load", &context);
        child.set_attribute(KeyValue::new("user_id", 4815));
        child.set_attribute(KeyValue::new("cached", false));
        child.set_attribute(KeyValue::new("share", 0.5));
        child.add_event("retry", vec![KeyValue::new("attempt", 2)]);
        child.set_status(Status::error("no stock"));
        child.end();
        context.span().end();

        let delivery = telemetry.flush().expect("delivered");
        assert_eq!(delivery.exported, 2, "{protocol}");

        let spans = backend.spans(2);
        let [child, root] = spans.as_slice() else { panic!("{spans:?}") };
        assert_eq!(root.span.name, "GET /cart");
        assert_eq!(root.span.kind, WireKind::Server as i32);
        assert!(root.span.parent_span_id.is_empty(), "no parent");
        assert_eq!(root.span.links[0].trace_id, linked.trace_id().to_bytes());
        assert_eq!(attribute(&root.span.links[0].attributes, "why"), Some(&text("retry")));
        assert!(root.span.start_time_unix_nano <= child.span.start_time_unix_nano);
        assert!(child.span.end_time_unix_nano <= root.span.end_time_unix_nano);

        assert_eq!(child.span.name, "load");
        assert_eq!(child.span.kind, WireKind::Internal as i32);
        assert_eq!(child.span.trace_id, root.span.trace_id);
        assert_eq!(child.span.parent_span_id, root.span.span_id);
        assert_eq!(child.attribute("user_id"), Some(&Value::IntValue(4815)));
        assert_eq!(child.attribute("cached"), Some(&Value::BoolValue(false)));
        assert_eq!(child.attribute("share"), Some(&Value::DoubleValue(0.5)));
        assert_eq!(child.span.events[0].name, "retry");
        assert_eq!(
            attribute(&child.span.events[0].attributes, "attempt"),
            Some(&Value::IntValue(2))
        );
        let status = child.span.status.as_ref().expect("a status");
        assert_eq!((status.code(), status.message.as_str()), (StatusCode::Error, "no stock"));

        for span in &spans {
            assert_eq!(
                (span.scope.name.as_str(), span.scope.version.as_str()),
                ("shop::cart", "0.3.0")
            );
            assert_eq!(span.resource("service.name"), Some(&text("shop")));
            assert_eq!(span.resource("service.version"), Some(&text("1.2.0")));
            assert_eq!(span.resource("deployment.environment.name"), Some(&text("test")));
            assert_eq!(span.resource("telemetry.sdk.language"), Some(&text("rust")));
            assert_eq!(span.resource("telemetry.distro.name"), Some(&text("otel-runtime")));
            assert_eq!(
                span.resource("process.pid"),
                Some(&Value::IntValue(i64::from(std::process::id()))),
            );
            assert!(span.schema_url.starts_with("https://opentelemetry.io/schemas/"));
        }
        assert!(telemetry.shutdown().is_ok());
    }
}

#[test]
fn limits_of_the_environment_hold() {
    let backend = Receiver::http();
    let telemetry = start(builder().endpoint(backend.endpoint()).environment([
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "2"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "1"),
    ]));
    let mut span = telemetry.tracer_provider().tracer("test").start("span");
    for number in 0..5 {
        span.set_attribute(KeyValue::new(format!("a{number}"), number));
        span.add_event("event", vec![KeyValue::new("a", 1), KeyValue::new("b", 2)]);
    }
    span.end();
    assert!(telemetry.flush().is_ok());

    let received = backend.spans(1).remove(0).span;
    assert_eq!((received.attributes.len(), received.dropped_attributes_count), (2, 3));
    assert_eq!((received.events.len(), received.dropped_events_count), (1, 4));
    assert_eq!(received.events[0].attributes.len(), 1);
}

#[test]
fn http_goes_to_the_path_that_the_specification_says() {
    let backend = Receiver::http();
    let base = backend.endpoint();
    for (variable, endpoint, line) in [
        ("OTEL_EXPORTER_OTLP_ENDPOINT", base.clone(), "POST /v1/traces"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", format!("{base}/otlp/"), "POST /otlp/v1/traces"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", format!("{base}/in?a=b"), "POST /in?a=b"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", base.clone(), "POST /"),
    ] {
        let telemetry = start(builder().environment([(variable, endpoint.as_str())]));
        end_spans(&telemetry, ["span"]);
        assert!(telemetry.shutdown().is_ok());
        assert_eq!(backend.request().line, line, "{endpoint}");
    }
}

#[test]
fn headers_of_code_and_environment_arrive_and_code_wins() {
    for (protocol, backend) in backends() {
        let telemetry = start(
            builder()
                .endpoint(backend.endpoint())
                .protocol(protocol)
                .header("x-both", "code")
                .header("x-code", "code")
                .environment([(
                    "OTEL_EXPORTER_OTLP_HEADERS",
                    "X-Both=environment,x-environment=with%20space",
                )]),
        );
        end_spans(&telemetry, ["span"]);
        assert!(telemetry.shutdown().is_ok());

        let headers = backend.request().headers;
        let all = |name| headers.get_all(name).iter().map(|it| it.to_str().unwrap_or("?"));
        assert_eq!(all("x-both").collect::<Vec<_>>(), ["code"], "{protocol}");
        assert_eq!(all("x-code").collect::<Vec<_>>(), ["code"], "{protocol}");
        assert_eq!(all("x-environment").collect::<Vec<_>>(), ["with space"], "{protocol}");
        let [user_agent] = all("user-agent").collect::<Vec<_>>()[..] else { panic!("{protocol}") };
        assert!(user_agent.starts_with("otel-runtime/"), "{user_agent}");
        assert!(user_agent.contains(" OTel-OTLP-Exporter-Rust/"), "{user_agent}");
        let content_type = match protocol {
            Protocol::Grpc => "application/grpc",
            Protocol::HttpJson => "application/json",
            _ => "application/x-protobuf",
        };
        assert_eq!(all("content-type").collect::<Vec<_>>(), [content_type]);
    }
}

#[test]
fn compressed_requests_arrive() {
    for (protocol, backend) in backends() {
        let header = if protocol == Protocol::Grpc { "grpc-encoding" } else { "content-encoding" };
        for (compression, encoding) in [
            (Compression::Gzip, Some("gzip")),
            (Compression::Zstd, Some("zstd")),
            (Compression::None, None),
        ] {
            let settings = builder().endpoint(backend.endpoint()).protocol(protocol);
            let telemetry = start(settings.compression(compression));
            end_spans(&telemetry, ["compressed"]);
            assert_eq!(telemetry.shutdown().expect("delivered").exported, 1, "{protocol}");

            let request = backend.request();
            let sent = request.headers.get(header).map(|value| value.to_str().unwrap_or("?"));
            assert_eq!(sent, encoding, "{protocol}");
            let names: Vec<_> = request.spans().map(|received| received.span.name).collect();
            assert_eq!(names, ["compressed"]);
        }
    }
}

#[test]
fn a_full_batch_leaves_without_waiting() {
    let backend = Receiver::http();
    let telemetry = start(
        builder()
            .endpoint(backend.endpoint())
            .max_export_batch_size(3)
            .schedule_delay(Duration::from_secs(3600)),
    );
    end_spans(&telemetry, ["1", "2", "3", "4"]);

    assert_eq!(backend.request().spans().count(), 3);
    assert!(backend.is_idle(), "the fourth waits");
    assert!(telemetry.shutdown().is_ok());
    assert_eq!(backend.request().spans().count(), 1);
}

#[test]
fn a_batch_that_is_not_full_leaves_after_the_delay() {
    let backend = Receiver::http();
    let telemetry =
        start(builder().endpoint(backend.endpoint()).schedule_delay(Duration::from_millis(1)));

    end_spans(&telemetry, ["1"]);
    assert_eq!(backend.spans(1)[0].span.name, "1");
    end_spans(&telemetry, ["2"]);
    assert_eq!(backend.spans(1)[0].span.name, "2");
}

#[test]
fn one_connection_serves_all_batches() {
    for (protocol, backend) in backends() {
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        let mut peers = Vec::new();
        for name in ["1", "2", "3"] {
            end_spans(&telemetry, [name]);
            assert!(telemetry.flush().is_ok());
            peers.push(backend.request().peer.expect("a peer"));
        }
        peers.dedup();
        assert_eq!(peers.len(), 1, "{protocol}");
    }
}
