//! Does every key mean what it says?

use std::num::NonZeroUsize;
use std::time::Duration;

use opentelemetry::{KeyValue, StringValue, Value};

use super::{CONSOLE, config, configured, exporter, otlp, with};
use crate::context::propagation::Propagator;
#[cfg(feature = "tower")]
use crate::context::{Hosts, Outbound};
use crate::export::settings::{Compression, Output, Protocol};
use crate::process::stderr::LogLevel;
use crate::sampling::tail::Recording;
use crate::sampling::{Head, Sampler};
use crate::setup::config::environment::Environment;
use crate::setup::config::tests::only;
use crate::setup::config::{Destination, HttpMethods, Limits, builder};
use crate::span::exceptions::ExceptionEvents;

const EVERYTHING: &str = r#"
file_format: "1.1"
disabled: false
log_level: warn2
resource:
  attributes_list: team=list,region=eu%2C1
  attributes:
    - name: service.name
      value: shop
    - {name: team, value: attributes}
    - {name: service.version, value: 1.0}
    - {name: replicas, value: 3, type: int}
    - {name: share, value: 0.5, type: double}
    - {name: canary, value: true, type: bool}
    - {name: zones, value: [a, "2"], type: string_array}
    - {name: nothing, value: }
  schema_url: https://example.com/schema
attribute_limits:
  attribute_value_length_limit: 4096
  attribute_count_limit: 1
propagator:
  composite:
    - baggage:
  composite_list: tracecontext,baggage
tracer_provider:
  processors:
    - batch:
        schedule_delay: 1000
        export_timeout: 0x7d0
        max_queue_size: 100
        max_export_batch_size: 50
        exporter:
          otlp_http:
            endpoint: https://example.com/in
            headers_list: a=list,b=list
            headers:
              - {name: A, value: headers}
              - {name: c, value: }
            timeout: 1500
            compression: gzip
            encoding: json
  limits:
    attribute_count_limit: 2
    attribute_value_depth_limit: 64
    event_count_limit: 3
    link_count_limit: 4
    event_attribute_count_limit: 5
    link_attribute_count_limit: 6
  sampler:
    parent_based:
      root:
        trace_id_ratio_based:
          ratio: 0.25
      remote_parent_sampled:
        always_on:
  id_generator: {random: }
meter_provider: {whatever: 1}
logger_provider: {whatever: 1}
instrumentation/development:
  general:
    stability_opt_in_list:
    http:
      client: {known_methods: [GET]}
      server: {known_methods: [GET, PROPFIND]}
distribution:
  otel-runtime:
    filter: info,shop::db=debug
    exception_events: every_span
    baggage_attributes: tenant.id,shop.*
    preset: production
    ratio: trace_id
    fold: 100
    tail: error, slower=250ms
    tail_limits:
      max_bytes: 1000000
      max_trace_bytes: 2000
      max_duration: 3000
      grace: 400
      remembered: 50
      recording: record_only
    flight_max_bytes: 8388608
    max_queue_bytes: 100000
    trace_context_to: private,.example.com
    baggage_to: none
    privacy: allowlist
    privacy_allow: order.id,shop.*
    privacy_dry_run: true
    privacy_actions: contact=hash
    hash_key: "2026:CAgICAgICAgICAgICAgICAgICAgICAgICAgICAgICAg="
  another: {whatever: 1}
"#;

#[test]
fn a_file_says_everything() {
    let config = config(EVERYTHING);

    assert_eq!(config.log_level, LogLevel::Warn);
    assert_eq!(config.propagators, [Propagator::Baggage, Propagator::TraceContext]);
    let tracing = config.tracing.expect("enabled");
    assert_eq!(tracing.service_name.as_deref(), Some("shop"));
    assert_eq!(
        tracing.resource,
        [
            KeyValue::new("team", "list"),
            KeyValue::new("region", "eu,1"),
            KeyValue::new("team", "attributes"),
            KeyValue::new("service.version", "1.0"),
            KeyValue::new("replicas", 3),
            KeyValue::new("share", 0.5),
            KeyValue::new("canary", true),
            KeyValue::new("zones", Value::Array(vec![StringValue::from("a"), "2".into()].into())),
        ],
    );
    assert_eq!(tracing.schema_url.as_deref(), Some("https://example.com/schema"));
    let Head::Standard(sampler) = tracing.sampler else { panic!("not a standard one") };
    assert_eq!(sampler, Sampler::ParentBasedTraceIdRatio(0.25));
    assert_eq!(tracing.filter, "info,shop::db=debug".parse().ok());
    assert_eq!(tracing.exception_events, ExceptionEvents::EverySpan);
    #[cfg(feature = "tower")]
    {
        let methods = |names: &[&str]| Some(names.iter().map(ToString::to_string).collect());
        let (client, server) = (methods(&["GET"]), methods(&["GET", "PROPFIND"]));
        assert_eq!(tracing.http_methods, HttpMethods { client, server });
        let outbound = Outbound::default()
            .trace_context_to("private,.example.com".parse().expect("hosts"))
            .baggage_to(Hosts::none());
        assert_eq!(config.outbound, Some(outbound));
    }
    let keys = tracing.baggage_attributes.expect("some").to_string();
    assert_eq!(keys, "tenant.id,shop.*");
    assert_eq!(tracing.fold.map(u32::from), Some(100));
    assert_eq!(tracing.flight.map(NonZeroUsize::get), Some(8_388_608));
    let tail = tracing.tail.expect("it is on");
    assert_eq!(tail.policy.to_string(), "error, slower=250ms");
    assert_eq!((tail.max_bytes, tail.max_trace_bytes, tail.remembered), (1_000_000, 2000, 50));
    let times = (Duration::from_secs(3), Duration::from_millis(400));
    assert_eq!((tail.max_duration, tail.grace), times);
    assert_eq!(tail.recording, Recording::RecordOnly);
    let limits = Limits {
        value_length: Some(4096),
        attributes_per_span: 2,
        events_per_span: 3,
        links_per_span: 4,
        attributes_per_event: 5,
        attributes_per_link: 6,
    };
    assert_eq!(tracing.limits, limits);
    assert_eq!(tracing.processors[0].batch.max_queue_size, 100);
    assert_eq!(tracing.processors[0].batch.max_queue_bytes, 100_000);
    assert_eq!(tracing.processors[0].batch.max_export_batch_size, 50);
    assert_eq!(tracing.processors[0].batch.schedule_delay, Duration::from_secs(1));
    assert_eq!(tracing.processors[0].batch.export_timeout, Duration::from_secs(2));
    let Destination::Otlp(otlp) = &tracing.processors[0].destination else { panic!("not OTLP") };
    assert_eq!(otlp.protocol, Protocol::HttpJson);
    assert_eq!(otlp.compression, Compression::Gzip);
    assert_eq!(otlp.endpoint.to_string(), "https://example.com/in");
    assert_eq!(otlp.timeout, Duration::from_millis(1500));
    assert_eq!(otlp.headers["a"], "headers");
    assert_eq!(otlp.headers["b"], "list");
    assert_eq!(otlp.headers.len(), 2);
}

#[test]
fn what_a_file_leaves_out_has_its_default() {
    let config = config(&format!("file_format: '1.0'\ntracer_provider: {{{CONSOLE}}}"));

    assert_eq!(config.log_level, LogLevel::Info);
    assert_eq!(config.propagators, [], "as specified for files");
    let tracing = config.tracing.expect("enabled");
    assert_eq!(tracing.service_name, None);
    assert!(matches!(tracing.sampler, Head::Standard(Sampler::ParentBasedAlwaysOn)));
    assert_eq!(tracing.processors[0].batch.max_queue_size, 2048);
    assert_eq!(tracing.limits.attributes_per_span, 128);
    assert!(
        matches!(&tracing.processors[0].destination, Destination::Console(console) if !console.hint)
    );

    let without_provider = self::config("file_format: '1.1'\nmeter_provider: {readers: []}");
    assert!(without_provider.tracing.is_none());
}

#[test]
fn default_endpoints() {
    let http = otlp(&format!("file_format: '1.1'\n{}", exporter("otlp_http", "")));
    assert_eq!(http.endpoint.to_string(), "http://localhost:4318/v1/traces");
    assert_eq!(http.timeout, Duration::from_secs(10));
    let grpc = otlp(&format!("file_format: '1.1'\n{}", exporter("otlp_grpc", "")));
    assert_eq!(grpc.protocol, Protocol::Grpc);
    assert_eq!(grpc.endpoint.to_string(), "http://localhost:4317/");
    let plain = "tls: {insecure: true}, endpoint: 'h:1'";
    let plain = otlp(&format!("file_format: '1.1'\n{}", exporter("otlp_grpc", plain)));
    assert_eq!(plain.endpoint.to_string(), "http://h:1/");
}

#[test]
fn variables_count_where_the_file_names_them() {
    let text = "file_format: '1.1'
disabled: ${OTEL_SDK_DISABLED:-false}
resource: {detection/development: {detectors: [service: , host: , process: ]}}
tracer_provider:
  processors:
    - batch:
        max_queue_size: ${env:SIZE:-7}
        exporter:
          otlp_http:
            endpoint: ${ENDPOINT:-http://localhost:4318}/v1/traces
            tls: {ca_file: }
            headers_list: ${HEADERS}
";
    let variables = [
        ("SIZE", "512"),
        ("ENDPOINT", "http://h:1"),
        ("HEADERS", "key=secret"),
        ("OTEL_SERVICE_NAME", "detected"),
        ("OTEL_BSP_SCHEDULE_DELAY", "broken, but it does not count"),
    ];
    let set = configured(text, &variables).expect("good").tracing.expect("enabled");
    assert_eq!(set.processors[0].batch.max_queue_size, 512);
    assert_eq!(set.processors[0].batch.schedule_delay, Duration::from_secs(5));
    assert_eq!(set.service_name.as_deref(), Some("detected"));
    let Destination::Otlp(otlp) = &set.processors[0].destination else { panic!("not OTLP") };
    assert_eq!(otlp.endpoint.to_string(), "http://h:1/v1/traces");
    assert_eq!(otlp.headers["key"], "secret");

    let unset = configured(text, &[]).expect("good").tracing.expect("enabled");
    assert_eq!(unset.processors[0].batch.max_queue_size, 7);

    let disabled = configured(text, &[("OTEL_SDK_DISABLED", "TRUE"), ("SIZE", "broken")]);
    assert!(disabled.expect("the switch works in spite of what is wrong").tracing.is_none());

    let broken = configured(text, &[("SIZE", "many")]).err().expect("refused").to_string();
    assert_eq!(
        broken,
        "otel.yaml: tracer_provider.processors[0].batch.max_queue_size is \"many\": write a whole \
         number that is not negative, without quotes",
    );
}

#[test]
fn code_beats_the_file_and_the_file_beats_the_environment() {
    let path = std::env::temp_dir().join(format!("otel-runtime-{}.yaml", std::process::id()));
    let text = "file_format: '1.1'
propagator: {composite: [baggage: ]}
tracer_provider:
  processors:
    - batch: {schedule_delay: 2000, max_queue_size: 200, exporter: {otlp_grpc: {endpoint: 'http://file:1'}}}
";
    std::fs::write(&path, text).expect("a temporary file");
    let name = path.to_string_lossy().into_owned();
    let variables = [
        ("OTEL_CONFIG_FILE", name.as_str()),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "broken, but it does not count"),
        ("OTEL_PROPAGATORS", "none"),
        ("OTEL_SDK_DISABLED", "true"),
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://environment:1"),
        ("NO_COLOR", "1"),
    ];
    let by_variable = builder().max_queue_size(300).environment(variables);
    let by_code = builder()
        .max_queue_size(300)
        .config_file(&name)
        .environment([("OTEL_CONFIG_FILE", "/there/is/no/such/file")]);
    for builder in [by_variable, by_code] {
        let config = builder.decide(Environment::default).expect("good");
        assert_eq!(config.propagators, [Propagator::Baggage]);
        let tracing = config.tracing.expect("enabled");
        assert_eq!(tracing.processors[0].batch.max_queue_size, 300);
        assert_eq!(tracing.processors[0].batch.schedule_delay, Duration::from_secs(2));
        assert_eq!(tracing.processors[0].batch.export_timeout, Duration::from_secs(30));
        let Destination::Otlp(otlp) = &tracing.processors[0].destination else {
            panic!("not OTLP")
        };
        assert_eq!(otlp.endpoint.to_string(), "http://file:1/");
    }
    std::fs::remove_file(&path).expect("it is still there");

    let gone = builder().environment(variables).decide(Environment::default);
    let message = gone.err().expect("refused").to_string();
    assert!(message.starts_with("OTEL_CONFIG_FILE is "), "{message}");
    assert!(message.contains("name a file that can be read, or unset it ("), "{message}");
}

#[test]
fn an_output_stream_is_stdout_or_a_file() {
    let to = |pairs| {
        let text = format!("file_format: '1.1'\n{}", exporter("otlp_file/development", pairs));
        match only(config(&text).tracing.expect("enabled")).destination {
            Destination::File { output, .. } => output,
            _ => panic!("not a file"),
        }
    };
    assert_eq!(to(""), Output::Stdout);
    assert_eq!(to("output_stream: "), Output::Stdout);
    assert_eq!(to("output_stream: stdout"), Output::Stdout);
    let file = to("output_stream: file:///var/log/of%20mine.jsonl");
    assert_eq!(file, Output::File("/var/log/of mine.jsonl".into()));
}

#[test]
fn each_processor_has_settings_of_its_own() {
    let text = "file_format: '1.1'
tracer_provider:
  processors:
    - batch: {schedule_delay: 1000, exporter: {otlp_http: {endpoint: 'http://a:1', headers_list: 'k=a'}}}
    - batch: {exporter: {otlp_grpc: {endpoint: 'http://b:2'}}}
    - simple: {exporter: {console: }}
";
    let processors = config(text).tracing.expect("enabled").processors;
    let delays = [1, 5, 5].map(Duration::from_secs);
    assert_eq!(processors.len(), delays.len());
    for (processor, delay) in processors.iter().zip(delays) {
        assert_eq!(processor.batch.schedule_delay, delay);
    }
    let Destination::Otlp(http) = &processors[0].destination else { panic!("not OTLP") };
    assert_eq!((http.endpoint.host(), http.headers.len()), (Some("a"), 1));
    let Destination::Otlp(grpc) = &processors[1].destination else { panic!("not OTLP") };
    assert_eq!((grpc.endpoint.host(), grpc.headers.len()), (Some("b"), 0));
    assert!(matches!(processors[2].destination, Destination::Console(_)));
}

#[test]
fn code_may_bring_the_exporter_that_a_file_does_not_have() {
    let path = std::env::temp_dir().join(format!("otel-runtime-{}-b.yaml", std::process::id()));
    std::fs::write(&path, "file_format: '1.1'").expect("a temporary file");
    let config = builder()
        .console()
        .config_file(path.to_string_lossy())
        .decide(Environment::default)
        .expect("good");
    std::fs::remove_file(&path).expect("it is still there");

    let processor = only(config.tracing.expect("enabled"));
    assert!(matches!(processor.destination, Destination::Console(_)));
}

#[test]
fn known_methods_are_those_of_a_list_even_if_it_is_empty() {
    let of = |side: &str, list: &str| {
        let path = format!("instrumentation/development.general.http.{side}.known_methods");
        let config = config(&with(&path, list));
        (config.tracing.expect("enabled").http_methods, config.description.warnings().len())
    };

    if cfg!(feature = "tower") {
        let (HttpMethods { client, server }, 0) = of("client", "[]") else { panic!("a warning") };
        assert_eq!((client, server), (Some(Vec::new()), None));
        let (HttpMethods { client, server }, 0) = of("server", "[BREW]") else {
            panic!("a warning")
        };
        assert_eq!((client, server), (None, Some(vec!["BREW".to_owned()])));
    }
    for list in ["GET", "[no method]", "[1, GET]", "{GET: }"] {
        assert_eq!(of("client", list), (HttpMethods::default(), 1), "{list}");
    }
    assert_eq!(of("client", "").1, 0);
}

#[cfg(feature = "tower")]
#[test]
fn a_file_that_turns_tracing_off_still_says_who_is_sent_a_callers_baggage() {
    let text =
        "{file_format: '1.1', disabled: true, distribution: {otel-runtime: {baggage_to: none}}}";

    let config = config(text);

    assert!(config.tracing.is_none());
    assert_eq!(config.outbound, Some(Outbound::default().baggage_to(Hosts::none())));
}
