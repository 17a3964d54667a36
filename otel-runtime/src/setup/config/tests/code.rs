//! Does code win over the environment, and do the same rules hold for its values?

use std::num::NonZeroU32;
use std::time::Duration;

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use crate::context::propagation::Propagator;
#[cfg(feature = "tower")]
use crate::context::{Hosts, Outbound};
use crate::export::settings::Compression;
use crate::process::stderr::LogLevel;
use crate::sampling::{Head, Sampler};
use crate::setup::config::environment::Environment;
use crate::setup::config::{Destination, HttpMethods, Limits, builder};
use crate::span::exceptions::ExceptionEvents;

#[test]
fn baggage_and_loops_of_code_beat_those_of_the_environment() {
    let variables = [("OTEL_TRACED_BAGGAGE_ATTRIBUTES", "environment"), ("OTEL_TRACED_FOLD", "1")];
    let builder = builder().baggage_attributes(["tenant.id", "shop.*"]).fold(100);
    let config = builder.environment(variables).decide(Environment::default).expect("good");

    let tracing = config.tracing.expect("enabled");
    assert_eq!(tracing.baggage_attributes.expect("some").to_string(), "tenant.id,shop.*");
    assert_eq!(tracing.fold, NonZeroU32::new(100));
}

#[test]
fn code_beats_environment() {
    let variables = [
        ("OTEL_SERVICE_NAME", "environment"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=environment,region=environment"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_PROPAGATORS", "none"),
        ("OTEL_LOG_LEVEL", "none"),
        ("OTEL_TRACED_FILTER", "off"),
        ("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", "GET"),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://environment:1"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "none"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=environment,b=environment"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "11"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10"),
        ("OTEL_TRACED_MAX_QUEUE_BYTES", "100000"),
        ("OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "1"),
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "1"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "1"),
        ("OTEL_TRACED_EXCEPTION_EVENTS", "once"),
    ];
    let second = Duration::from_secs(1);
    let config = builder()
        .resource_attribute("service.name", "code")
        .resource_attribute("team", "code")
        .sampler(Sampler::AlwaysOn)
        .propagators([Propagator::Baggage])
        .log_level(LogLevel::Debug)
        .shutdown_timeout(second)
        .filter("warn,shop=trace")
        .exception_events(ExceptionEvents::EverySpan)
        .known_http_methods(["GET", "PROPFIND"])
        .otlp()
        .endpoint("http://code:2")
        .timeout(second)
        .header("a", "code")
        .compression(Compression::Gzip)
        .max_queue_size(21)
        .max_queue_bytes(200_000)
        .max_export_batch_size(20)
        .schedule_delay(second)
        .export_timeout(second)
        .attribute_value_length_limit(30)
        .attribute_count_limit(31)
        .event_count_limit(32)
        .link_count_limit(33)
        .event_attribute_count_limit(34)
        .link_attribute_count_limit(35)
        .environment(variables)
        .decide(Environment::default)
        .expect("good");

    assert_eq!(config.propagators, [Propagator::Baggage]);
    assert_eq!(config.log_level, LogLevel::Debug);
    assert_eq!(config.shutdown_timeout, second);
    let tracing = config.tracing.expect("enabled");
    assert_eq!(tracing.service_name.as_deref(), Some("code"));
    let last = |key: &str| {
        let mut found = tracing.resource.iter().filter(|attribute| attribute.key.as_str() == key);
        found.next_back().map(|attribute| attribute.value.to_string())
    };
    assert_eq!(last("team").as_deref(), Some("code"));
    assert_eq!(last("region").as_deref(), Some("environment"));
    assert!(matches!(tracing.sampler, Head::Standard(Sampler::AlwaysOn)));
    assert_eq!(tracing.filter, "warn,shop=trace".parse().ok());
    assert_eq!(tracing.exception_events, ExceptionEvents::EverySpan);
    if cfg!(feature = "tower") {
        let both = Some(["GET", "PROPFIND"].map(String::from).to_vec());
        assert_eq!(tracing.http_methods, HttpMethods { client: both.clone(), server: both });
    }
    assert_eq!(tracing.processors[0].batch.max_queue_size, 21);
    assert_eq!(tracing.processors[0].batch.max_export_batch_size, 20);
    assert_eq!(tracing.processors[0].batch.schedule_delay, second);
    assert_eq!(tracing.processors[0].batch.export_timeout, second);
    assert_eq!(tracing.processors[0].batch.max_queue_bytes, 200_000);
    let limits = Limits {
        value_length: Some(30),
        attributes_per_span: 31,
        events_per_span: 32,
        links_per_span: 33,
        attributes_per_event: 34,
        attributes_per_link: 35,
    };
    assert_eq!(tracing.limits, limits);
    let Destination::Otlp(otlp) = &tracing.processors[0].destination else { panic!("not OTLP") };
    assert_eq!(otlp.endpoint.to_string(), "http://code:2/v1/traces");
    assert_eq!(otlp.timeout, second);
    assert_eq!(otlp.headers["a"], "code");
    assert_eq!(otlp.compression, Compression::Gzip);
    assert_eq!(otlp.headers["b"], "environment");
}

#[test]
fn exporters_of_code_add_up_and_beat_the_environment_as_a_whole() {
    #[derive(Debug)]
    struct Own;

    impl SpanExporter for Own {
        async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
            Ok(())
        }
    }

    let config = builder()
        .console()
        .exporter(Own)
        .exporter(Own)
        .environment([
            ("OTEL_TRACES_EXPORTER", "otlp"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://environment:1"),
        ])
        .decide(Environment::default)
        .expect("good");

    let processors = config.tracing.expect("enabled").processors;
    let destinations: Vec<_> = processors.iter().map(|processor| &processor.destination).collect();
    assert!(matches!(
        *destinations,
        [Destination::Console(_), Destination::Custom(_), Destination::Custom(_)]
    ));
}

#[test]
fn exporters_that_cannot_be_together() {
    for (builder, message) in [
        (
            builder().otlp().console().otlp(),
            "Builder::otlp is \"otlp,console,otlp\": otlp is there twice: leave one of them out",
        ),
        (
            builder().file("a").file("b").file("a"),
            "Builder::file is \"file,file,file\": file is there twice: leave one of them out",
        ),
        (
            builder().console().no_exporter(),
            "Builder::no_exporter is \"console,none\": write none alone, or leave it out",
        ),
    ] {
        assert_eq!(builder.build().expect_err("refused").to_string(), message);
    }
}

#[test]
fn mistakes_in_code_are_told_by_the_setters_name() {
    let error = builder()
        .service_name("")
        .sampler(Sampler::TraceIdRatio(f64::NAN))
        .no_exporter()
        .max_queue_size(0)
        .max_queue_bytes(65_535)
        .filter("shop::db=loud")
        .schedule_delay(Duration::MAX)
        .export_timeout(Duration::MAX)
        .build()
        .expect_err("refused");

    let message = error.to_string();
    for setter in [
        "service_name",
        "sampler",
        "filter",
        "max_queue_size",
        "max_queue_bytes",
        "schedule_delay",
        "export_timeout",
    ] {
        assert!(message.contains(&format!("Builder::{setter} is ")), "{message}");
    }
}

#[cfg(feature = "tower")]
#[test]
fn hosts_of_code_beat_those_of_the_environment() {
    let variables = [("OTEL_TRACED_TRACE_CONTEXT_TO", "none"), ("OTEL_TRACED_BAGGAGE_TO", "*")];
    let hosts = || "private,.example.com,shop.test:8443,[2001:db8::1]:80".parse().expect("hosts");
    for outbound in [
        Outbound::default(),
        Outbound::default().trace_context_to(hosts()).baggage_to(Hosts::none()),
    ] {
        let builder = builder().outbound(outbound.clone()).environment(variables);
        let config = builder.decide(Environment::default).expect("good");

        assert_eq!(config.outbound, Some(outbound));
        let source = config.description.get("baggage_to").expect("a line").source.clone();
        assert_eq!(source.to_string(), "Builder::outbound");
    }
}
