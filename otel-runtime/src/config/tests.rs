//! Does every variable, and every setter, mean what it says, and is every mistake refused?

use std::time::Duration;

use opentelemetry_sdk::trace::SpanLimits;

use super::env::{Environment, read};
use super::resolve::{Problems, resolve};
use super::settings::Settings;
use super::{Config, Destination, Tracing, builder};
use crate::error::InitError;
use crate::propagation::Propagator;
use crate::sampling::{Head, Sampler};

fn config(variables: &[(&str, &str)]) -> Result<Config, InitError> {
    let environment: Environment =
        variables.iter().map(|(name, value)| ((*name).to_owned(), *value)).collect();
    let mut problems = Problems::default();
    let settings = read(&environment, &mut problems);
    resolve(Settings::default().over(settings), problems)
}

#[track_caller]
fn tracing(variables: &[(&str, &str)]) -> Tracing {
    config(variables).expect("a good environment").tracing.expect("enabled")
}

/// That `variable` cannot be `value`, and that the message names both, and says what to write.
#[track_caller]
fn refused(variable: &str, value: &str) -> String {
    // Together with what makes the variable count.
    let company: &[(&str, &str)] = match variable {
        "OTEL_TRACES_SAMPLER_ARG" => &[("OTEL_TRACES_SAMPLER", "traceidratio")],
        name if name.contains("OTLP") => &[("OTEL_TRACES_EXPORTER", "otlp")],
        _ => &[],
    };
    let variables: Vec<_> = company.iter().copied().chain([(variable, value)]).collect();
    let error = config(&variables).err().unwrap_or_else(|| panic!("{variable}={value} was taken"));
    let message = error.to_string();
    assert!(message.starts_with(variable), "{message}");
    assert!(message.contains(&format!("{:?}", value.trim())), "{message}");
    assert!(message.contains(": "), "{message}");
    message
}

#[cfg(feature = "otlp-http")]
#[track_caller]
fn otlp(variables: &[(&str, &str)]) -> super::Otlp {
    match tracing(variables).destination {
        Destination::Otlp(otlp) => otlp,
        _ => panic!("not OTLP"),
    }
}

#[test]
fn an_empty_value_is_no_value() {
    let variables: Vec<(&str, &str)> = ALL.iter().map(|name| (*name, " ")).collect();
    let Config { propagators, tracing } = config(&variables).expect("nothing is set");
    let tracing = tracing.expect("enabled");

    assert_eq!(propagators, [Propagator::TraceContext, Propagator::Baggage]);
    assert_eq!(tracing.service_name, None);
    assert_eq!(tracing.resource, []);
    assert!(matches!(tracing.sampler, Head::Standard(Sampler::ParentBasedAlwaysOn)));
    assert_eq!(tracing.batch.max_queue_size, 2048);
    assert_eq!(tracing.batch.max_export_batch_size, 512);
    assert_eq!(tracing.batch.schedule_delay, Duration::from_secs(5));
    assert_eq!(tracing.batch.export_timeout, Duration::from_secs(30));
    #[cfg(feature = "console")]
    assert!(matches!(tracing.destination, Destination::Console(console) if console.hint));
}

const ALL: [&str; 36] = [
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_CONFIG_FILE",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_COMPRESSION",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_INSECURE",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_PROPAGATORS",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_SDK_DISABLED",
    "OTEL_SERVICE_NAME",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
    "OTEL_TRACES_EXPORTER",
    "OTEL_TRACES_SAMPLER",
    "OTEL_TRACES_SAMPLER_ARG",
    "OTEL_UNKNOWN",
];

#[test]
fn disabled_leaves_propagators_and_looks_at_nothing_else() {
    let config = config(&[
        ("OTEL_SDK_DISABLED", "TRUE"),
        ("OTEL_PROPAGATORS", "baggage"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "broken"),
    ])
    .expect("the switch works in spite of what is wrong");

    assert!(config.tracing.is_none());
    assert_eq!(config.propagators, [Propagator::Baggage]);
    refused("OTEL_SDK_DISABLED", "yes");
}

#[test]
fn the_service_name_of_its_own_variable_beats_the_attribute() {
    let attributes = ("OTEL_RESOURCE_ATTRIBUTES", "service.name=attribute,team=a%2Cb");

    let both = tracing(&[attributes, ("OTEL_SERVICE_NAME", " variable ")]);
    assert_eq!(both.service_name.as_deref(), Some("variable"));
    assert_eq!(both.resource, [opentelemetry::KeyValue::new("team", "a,b")]);

    assert_eq!(tracing(&[attributes]).service_name.as_deref(), Some("attribute"));
}

#[test]
fn malformed_resource_attributes_are_refused() {
    for value in ["team", "=a", "team=%zz", "team=%ff"] {
        refused("OTEL_RESOURCE_ATTRIBUTES", value);
    }
}

#[test]
fn propagators() {
    let of = |value| config(&[("OTEL_PROPAGATORS", value)]).expect("good").propagators;

    assert_eq!(
        of("baggage, TraceContext,baggage"),
        [Propagator::Baggage, Propagator::TraceContext]
    );
    assert_eq!(of("none"), []);
    for value in ["b3", "b3multi", "jaeger", "xray", "ottrace"] {
        assert!(refused("OTEL_PROPAGATORS", value).contains(&format!("{value} is not supported")));
    }
    for value in ["w3c", "none,baggage", "tracecontext;baggage"] {
        refused("OTEL_PROPAGATORS", value);
    }
}

#[test]
fn samplers() {
    let of = |name, arg| match tracing(&[
        ("OTEL_TRACES_SAMPLER", name),
        ("OTEL_TRACES_SAMPLER_ARG", arg),
    ])
    .sampler
    {
        Head::Standard(sampler) => sampler,
        Head::Custom(_) => panic!("not a standard one"),
    };

    assert_eq!(of("always_on", ""), Sampler::AlwaysOn);
    assert_eq!(of("ALWAYS_OFF", ""), Sampler::AlwaysOff);
    assert_eq!(of("traceidratio", "0.25"), Sampler::TraceIdRatio(0.25));
    assert_eq!(of("traceidratio", ""), Sampler::TraceIdRatio(1.0));
    assert_eq!(of("traceidratio", "0"), Sampler::TraceIdRatio(0.0));
    assert_eq!(of("parentbased_always_on", ""), Sampler::ParentBasedAlwaysOn);
    assert_eq!(of("parentbased_always_off", ""), Sampler::ParentBasedAlwaysOff);
    assert_eq!(of("parentbased_traceidratio", " 1 "), Sampler::ParentBasedTraceIdRatio(1.0));
    assert_eq!(of("always_on", "text"), Sampler::AlwaysOn, "which takes no argument");
    assert_eq!(of("", "text"), Sampler::ParentBasedAlwaysOn, "which takes no argument");
    for value in ["jaeger_remote", "parentbased_jaeger_remote", "xray", "sometimes"] {
        refused("OTEL_TRACES_SAMPLER", value);
    }
    for value in ["NaN", "inf", "-0.1", "1.1", "half", "1e400"] {
        let variables =
            [("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", value)];
        let error = config(&variables).err().unwrap_or_else(|| panic!("{value} was taken"));
        assert!(error.to_string().starts_with("OTEL_TRACES_SAMPLER_ARG is "), "{error}");
    }
}

#[test]
fn batches() {
    let batch = tracing(&[
        ("OTEL_BSP_MAX_QUEUE_SIZE", "100"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "3600000"),
    ])
    .batch;
    assert_eq!(batch.max_queue_size, 100);
    assert_eq!(batch.max_export_batch_size, 100, "no larger than the queue");
    assert_eq!(batch.schedule_delay, Duration::from_millis(1));
    assert_eq!(batch.export_timeout, Duration::from_secs(3600));

    let huge = "18446744073709551616";
    for name in ["OTEL_BSP_MAX_QUEUE_SIZE", "OTEL_BSP_MAX_EXPORT_BATCH_SIZE"] {
        for value in ["0", "-1", "1000001", huge, "1.5", "many", "NaN"] {
            refused(name, value);
        }
    }
    for name in ["OTEL_BSP_SCHEDULE_DELAY", "OTEL_BSP_EXPORT_TIMEOUT"] {
        for value in ["0", "-1", "3600001", huge, "5s", "1.5", "NaN"] {
            refused(name, value);
        }
    }
    refused("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "2049");
}

#[test]
fn limits() {
    let limits = |variables: &[(&str, &str)]| -> SpanLimits { tracing(variables).limits };

    let set = limits(&[
        ("OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "1"),
        ("OTEL_SPAN_EVENT_COUNT_LIMIT", "2"),
        ("OTEL_SPAN_LINK_COUNT_LIMIT", "3"),
        ("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", "4"),
        ("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", "0"),
        ("OTEL_ATTRIBUTE_COUNT_LIMIT", "9"),
    ]);
    assert_eq!(set.max_attributes_per_span, 1);
    assert_eq!(set.max_events_per_span, 2);
    assert_eq!(set.max_links_per_span, 3);
    assert_eq!(set.max_attributes_per_event, 4);
    assert_eq!(set.max_attributes_per_link, 0);
    assert_eq!(limits(&[("OTEL_ATTRIBUTE_COUNT_LIMIT", "9")]).max_attributes_per_span, 9);
    assert_eq!(limits(&[]).max_attributes_per_span, 128);

    for name in ALL.iter().filter(|name| name.ends_with("COUNT_LIMIT")) {
        for value in ["-1", "4294967296", "NaN", "x"] {
            refused(name, value);
        }
    }
}

#[test]
fn exporters() {
    let to = |value| tracing(&[("OTEL_TRACES_EXPORTER", value)]).destination;

    assert!(matches!(to("None"), Destination::Nowhere));
    #[cfg(feature = "console")]
    assert!(matches!(to("console"), Destination::Console(console) if !console.hint));
    #[cfg(feature = "otlp-http")]
    assert!(matches!(to("OTLP"), Destination::Otlp(_)));
    for value in ["zipkin", "jaeger", "logging", "otlp,console"] {
        refused("OTEL_TRACES_EXPORTER", value);
    }
}

#[cfg(feature = "console")]
#[test]
fn no_color_is_heeded_unless_empty() {
    let allowed = |value| match tracing(&[("NO_COLOR", value)]).destination {
        Destination::Console(console) => console.color_allowed,
        _ => panic!("not the console"),
    };
    assert!(!allowed("1"));
    assert!(allowed(""));
}

#[cfg(feature = "otlp-http")]
#[test]
fn an_endpoint_is_all_it_takes() {
    for name in ["OTEL_EXPORTER_OTLP_ENDPOINT", "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"] {
        assert_eq!(otlp(&[(name, "http://h:1")]).protocol, super::Protocol::HttpProtobuf, "{name}");
    }
}

#[cfg(feature = "otlp-http")]
#[test]
fn the_signals_own_variable_beats_the_one_for_all() {
    let otlp = otlp(&[
        ("OTEL_EXPORTER_OTLP_ENDPOINT", "http://all:1"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://traces:2/in"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "2"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=all,b=all"),
        ("OTEL_EXPORTER_OTLP_TRACES_HEADERS", "A=tr%61ces"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "broken, but it does not count"),
        ("OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "HTTP/Protobuf"),
    ]);

    assert_eq!(otlp.endpoint.to_string(), "http://traces:2/in");
    assert_eq!(otlp.timeout, Duration::from_millis(2));
    assert_eq!(otlp.headers.len(), 1);
    assert_eq!(otlp.headers["a"], "traces");
}

#[cfg(feature = "otlp-http")]
#[test]
fn default_endpoints() {
    let http = otlp(&[("OTEL_TRACES_EXPORTER", "otlp")]);
    assert_eq!(http.endpoint.to_string(), "http://localhost:4318/v1/traces");
    assert_eq!(http.timeout, Duration::from_secs(10));
    #[cfg(feature = "otlp-grpc")]
    {
        let variables = [("OTEL_TRACES_EXPORTER", "otlp"), ("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")];
        assert_eq!(otlp(&variables).endpoint.to_string(), "http://localhost:4317/");
    }
}

#[cfg(feature = "otlp-http")]
#[test]
fn malformed_otlp_settings_are_refused() {
    for prefix in ["OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_TRACES_"] {
        let named = |suffix: &str| format!("{prefix}{suffix}");
        for value in ["localhost:4318", "http://", "ftp://h", "no url"] {
            refused(&named("ENDPOINT"), value);
        }
        for value in ["http/json", "http", "thrift"] {
            refused(&named("PROTOCOL"), value);
        }
        for value in ["0", "-1", "3600001", "10s", "NaN"] {
            refused(&named("TIMEOUT"), value);
        }
        refused(&named("INSECURE"), "1");
    }
}

#[test]
fn what_is_not_supported_is_refused_by_name() {
    for name in ALL.iter().filter(|name| {
        name.ends_with("CERTIFICATE")
            || name.ends_with("CLIENT_KEY")
            || name.ends_with("LENGTH_LIMIT")
            || name.ends_with("CONFIG_FILE")
    }) {
        refused(name, "/some/thing");
    }
    refused("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip");
    tracing(&[("OTEL_EXPORTER_OTLP_COMPRESSION", "none")]);
    tracing(&[
        ("OTEL_EXPORTER_OTLP_COMPRESSION", "gzip"),
        ("OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "none"),
    ]);
}

#[test]
fn a_header_is_never_shown() {
    for value in ["authorization", "authorization=%zz-secret", "content-type=secret", "a b=secret"]
    {
        let error = config(&[("OTEL_EXPORTER_OTLP_HEADERS", value)]).err().expect("refused");
        let message = error.to_string();
        assert!(message.starts_with("OTEL_EXPORTER_OTLP_HEADERS (value not shown): "), "{message}");
        assert!(!message.contains("secret"), "{message}");
    }
    let error = builder().header("a", "secret\n").build().expect_err("refused");
    assert!(!error.to_string().contains("secret"), "{error}");
}

#[test]
fn all_mistakes_are_told_at_once() {
    let error = config(&[
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_BSP_SCHEDULE_DELAY", "0"),
        ("OTEL_PROPAGATORS", "b3"),
    ])
    .err()
    .expect("refused");

    let message = error.to_string();
    assert!(message.starts_with("3 settings cannot be used:"), "{message}");
    for name in ["OTEL_TRACES_EXPORTER", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_PROPAGATORS"] {
        assert!(message.contains(name), "{message}");
    }
}

#[cfg(unix)]
#[test]
fn what_is_not_text_is_refused() {
    use std::os::unix::ffi::OsStringExt;

    let value = std::ffi::OsString::from_vec(vec![b'a', 0xff]);
    let environment: Environment = [("OTEL_SERVICE_NAME".to_owned(), value)].into_iter().collect();
    let mut problems = Problems::default();
    let settings = read(&environment, &mut problems);
    let error = resolve(settings, problems).err().expect("refused");
    assert!(error.to_string().starts_with("OTEL_SERVICE_NAME is "), "{error}");
}

#[cfg(feature = "otlp-http")]
#[test]
fn code_beats_environment() {
    let variables = [
        ("OTEL_SERVICE_NAME", "environment"),
        ("OTEL_RESOURCE_ATTRIBUTES", "team=environment,region=environment"),
        ("OTEL_TRACES_SAMPLER", "always_off"),
        ("OTEL_PROPAGATORS", "none"),
        ("OTEL_TRACES_EXPORTER", "none"),
        ("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT", "http://environment:1"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"),
        ("OTEL_EXPORTER_OTLP_TIMEOUT", "1"),
        ("OTEL_EXPORTER_OTLP_HEADERS", "a=environment,b=environment"),
        ("OTEL_BSP_MAX_QUEUE_SIZE", "11"),
        ("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10"),
        ("OTEL_BSP_SCHEDULE_DELAY", "1"),
        ("OTEL_BSP_EXPORT_TIMEOUT", "1"),
    ];
    let second = Duration::from_secs(1);
    let config = builder()
        .resource_attribute("service.name", "code")
        .resource_attribute("team", "code")
        .sampler(Sampler::AlwaysOn)
        .propagators([Propagator::Baggage])
        .otlp()
        .endpoint("http://code:2")
        .timeout(second)
        .header("a", "code")
        .max_queue_size(21)
        .max_export_batch_size(20)
        .schedule_delay(second)
        .export_timeout(second)
        .environment(variables)
        .decide(Environment::default)
        .expect("good");

    assert_eq!(config.propagators, [Propagator::Baggage]);
    let tracing = config.tracing.expect("enabled");
    assert_eq!(tracing.service_name.as_deref(), Some("code"));
    let last = |key: &str| {
        let mut found = tracing.resource.iter().filter(|attribute| attribute.key.as_str() == key);
        found.next_back().map(|attribute| attribute.value.to_string())
    };
    assert_eq!(last("team").as_deref(), Some("code"));
    assert_eq!(last("region").as_deref(), Some("environment"));
    assert!(matches!(tracing.sampler, Head::Standard(Sampler::AlwaysOn)));
    assert_eq!(tracing.batch.max_queue_size, 21);
    assert_eq!(tracing.batch.max_export_batch_size, 20);
    assert_eq!(tracing.batch.schedule_delay, second);
    assert_eq!(tracing.batch.export_timeout, second);
    let Destination::Otlp(otlp) = tracing.destination else { panic!("not OTLP") };
    assert_eq!(otlp.endpoint.to_string(), "http://code:2/v1/traces");
    assert_eq!(otlp.timeout, second);
    assert_eq!(otlp.headers["a"], "code");
    assert_eq!(otlp.headers["b"], "environment");
}

#[test]
fn mistakes_in_code_are_told_by_the_setters_name() {
    let error = builder()
        .service_name("")
        .sampler(Sampler::TraceIdRatio(f64::NAN))
        .no_exporter()
        .max_queue_size(0)
        .schedule_delay(Duration::ZERO)
        .export_timeout(Duration::MAX)
        .build()
        .expect_err("refused");

    let message = error.to_string();
    for setter in ["service_name", "sampler", "max_queue_size", "schedule_delay", "export_timeout"]
    {
        assert!(message.contains(&format!("Builder::{setter} is ")), "{message}");
    }
}
