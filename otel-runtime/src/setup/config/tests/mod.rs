//! Does every variable, and every setter, mean what it says, and is every mistake refused?
//!
//! Only with all features: without them, most settings are mistakes.

mod code;
mod console;
mod describe;
#[cfg(feature = "config-file")]
mod documented;
#[cfg(feature = "config-file")]
mod file;
#[cfg(unix)]
mod files;
mod left_out;
mod metrics;
mod otlp;
mod privacy;
mod propagators;
mod tail;
mod tls;
mod traces;

use std::time::Duration;

use super::env::read;
use super::environment::Environment;
use super::problems::Problems;
use super::resolve::resolve;
use super::{Config, Destination, HttpMethods, Processor, Source, Tracing, builder};
use crate::context::propagation::Propagator;
use crate::process::stderr::LogLevel;
use crate::sampling::{Head, Sampler};
use crate::setup::error::InitError;

fn config(variables: &[(&str, &str)]) -> Result<Config, InitError> {
    builder().environment(variables.iter().copied()).decide(Environment::default)
}

#[track_caller]
fn tracing(variables: &[(&str, &str)]) -> Tracing {
    config(variables).expect("a good environment").tracing.expect("enabled")
}

/// The processor, of which there is one.
#[track_caller]
fn only(mut tracing: Tracing) -> Processor {
    assert_eq!(tracing.processors.len(), 1);
    tracing.processors.remove(0)
}

/// Checks that `variable` cannot be `value`, and that the message names both and says what to write.
#[track_caller]
fn refused(variable: &str, value: &str) -> String {
    // Other variables that have to be set, or this one has no effect.
    let company: &[(&str, &str)] = match variable {
        "OTEL_TRACES_SAMPLER_ARG" => &[("OTEL_TRACES_SAMPLER", "traceidratio")],
        name if name.contains("METRIC") && name != "OTEL_TRACED_METRICS" => {
            &[("OTEL_TRACED_METRICS", "true")]
        }
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

#[test]
fn an_empty_value_is_no_value() {
    let variables: Vec<(&str, &str)> = ALL.iter().map(|name| (*name, " ")).collect();
    let Config { description, log_level, shutdown_timeout, propagators, tracing, .. } =
        config(&variables).expect("nothing is set");
    assert!(description.settings().iter().all(|setting| setting.source == Source::Default));
    let tracing = tracing.expect("enabled");

    assert_eq!(log_level, LogLevel::Info);
    assert_eq!(shutdown_timeout, Duration::from_secs(5));
    assert_eq!(propagators, [Propagator::TraceContext, Propagator::Baggage]);
    assert_eq!(tracing.service_name, None);
    assert_eq!(tracing.resource, []);
    assert!(matches!(tracing.sampler, Head::Standard(Sampler::ParentBasedAlwaysOn)));
    assert_eq!(tracing.filter, None);
    assert_eq!(tracing.http_methods, HttpMethods::default());
    assert_eq!(tracing.processors[0].batch.max_queue_size, 2048);
    assert_eq!(tracing.processors[0].batch.max_export_batch_size, 512);
    assert_eq!(tracing.processors[0].batch.schedule_delay, Duration::from_secs(5));
    assert_eq!(tracing.processors[0].batch.export_timeout, Duration::from_secs(30));
    assert!(
        matches!(&tracing.processors[0].destination, Destination::Console(console) if console.hint)
    );
}

const ALL: &[&str] = &[
    "OTEL_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_BSP_EXPORT_TIMEOUT",
    "OTEL_BSP_MAX_EXPORT_BATCH_SIZE",
    "OTEL_BSP_MAX_QUEUE_SIZE",
    "OTEL_BSP_SCHEDULE_DELAY",
    "OTEL_CONFIG_FILE",
    "OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_EXPERIMENTAL_CONFIG_FILE",
    "OTEL_EXPORTER_OTLP_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_COMPRESSION",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
    "OTEL_EXPORTER_OTLP_HEADERS",
    "OTEL_EXPORTER_OTLP_INSECURE",
    "OTEL_EXPORTER_OTLP_METRICS_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_METRICS_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_METRICS_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_METRICS_COMPRESSION",
    "OTEL_EXPORTER_OTLP_METRICS_ENDPOINT",
    "OTEL_EXPORTER_OTLP_METRICS_HEADERS",
    "OTEL_EXPORTER_OTLP_METRICS_INSECURE",
    "OTEL_EXPORTER_OTLP_METRICS_PROTOCOL",
    "OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE",
    "OTEL_EXPORTER_OTLP_METRICS_TIMEOUT",
    "OTEL_EXPORTER_OTLP_PROTOCOL",
    "OTEL_EXPORTER_OTLP_SPAN_INSECURE",
    "OTEL_EXPORTER_OTLP_TIMEOUT",
    "OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY",
    "OTEL_EXPORTER_OTLP_TRACES_COMPRESSION",
    "OTEL_EXPORTER_OTLP_TRACES_ENDPOINT",
    "OTEL_EXPORTER_OTLP_TRACES_HEADERS",
    "OTEL_EXPORTER_OTLP_TRACES_INSECURE",
    "OTEL_EXPORTER_OTLP_TRACES_PROTOCOL",
    "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT",
    "OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS",
    "OTEL_LINK_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_LOG_LEVEL",
    "OTEL_METRICS_EXPORTER",
    "OTEL_METRIC_EXPORT_INTERVAL",
    "OTEL_PROPAGATORS",
    "OTEL_RESOURCE_ATTRIBUTES",
    "OTEL_SDK_DISABLED",
    "OTEL_SERVICE_NAME",
    "OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT",
    "OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT",
    "OTEL_SPAN_EVENT_COUNT_LIMIT",
    "OTEL_SPAN_LINK_COUNT_LIMIT",
    "OTEL_TRACED_BAGGAGE_ATTRIBUTES",
    "OTEL_TRACED_CONSOLE",
    "OTEL_TRACED_CONSOLE_LINK",
    "OTEL_TRACED_BAGGAGE_TO",
    "OTEL_TRACED_EXCEPTION_EVENTS",
    "OTEL_TRACED_FILTER",
    "OTEL_TRACED_FLIGHT_MAX_BYTES",
    "OTEL_TRACED_FOLD",
    "OTEL_TRACED_HASH_KEY",
    "OTEL_TRACED_MAX_QUEUE_BYTES",
    "OTEL_TRACED_METRICS",
    "OTEL_TRACED_PRESET",
    "OTEL_TRACED_PRIVACY",
    "OTEL_TRACED_PRIVACY_ACTIONS",
    "OTEL_TRACED_PRIVACY_ALLOW",
    "OTEL_TRACED_PRIVACY_DRY_RUN",
    "OTEL_TRACED_PRIVACY_RULES",
    "OTEL_TRACED_RATIO",
    "OTEL_TRACED_SAMPLER",
    "OTEL_TRACED_TAIL",
    "OTEL_TRACED_TAIL_GRACE",
    "OTEL_TRACED_TAIL_MAX_BYTES",
    "OTEL_TRACED_TAIL_MAX_DURATION",
    "OTEL_TRACED_TAIL_MAX_TRACE_BYTES",
    "OTEL_TRACED_TAIL_RECORDING",
    "OTEL_TRACED_TAIL_REMEMBERED",
    "OTEL_TRACED_TRACE_CONTEXT_TO",
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
}

#[cfg(not(feature = "config-file"))]
#[test]
fn a_file_needs_its_feature() {
    let message = refused("OTEL_CONFIG_FILE", "otel.yaml");
    assert!(message.contains("build with the feature `config-file`"), "{message}");
}

#[test]
fn any_value_is_taken_or_refused_by_name() {
    let values = [
        "-1",
        "-0",
        "0",
        "1",
        "NaN",
        "inf",
        "1e400",
        "18446744073709551616",
        "0x10",
        "1.5",
        "true",
        "yes",
        "none",
        ",",
        "=",
        "%",
        "%zz",
        "a=b",
        "a=b,a",
        "${HOME}",
        "/",
        "http://",
        "://",
        "\u{0}",
        "ü",
        "\"",
        "'",
        "\n",
    ];
    let long = "9".repeat(100_000);
    for name in ALL {
        for value in values.into_iter().chain([long.as_str()]) {
            // With the other variables that have to be set, or this one has no effect.
            let variables = [
                ("OTEL_TRACES_EXPORTER", "otlp"),
                ("OTEL_TRACES_SAMPLER", "traceidratio"),
                (name, value),
            ];
            let Err(error) = config(&variables) else { continue };
            let message = error.to_string();
            assert!(message.starts_with(name), "{name}={value}: {message}");
            assert!(message.contains(": "), "no remedy: {message}");
        }
    }
}

#[test]
fn all_mistakes_are_told_at_once() {
    let error = config(&[
        ("OTEL_TRACES_EXPORTER", "zipkin"),
        ("OTEL_BSP_SCHEDULE_DELAY", "-1"),
        ("OTEL_EXPORTER_OTLP_PROTOCOL", "b3"),
    ])
    .err()
    .expect("refused");

    let message = error.to_string();
    assert!(message.starts_with("3 settings cannot be used:"), "{message}");
    for name in ["OTEL_TRACES_EXPORTER", "OTEL_BSP_SCHEDULE_DELAY", "OTEL_EXPORTER_OTLP_PROTOCOL"] {
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
    let settings = read(&environment, &[], &mut problems);
    let error = resolve(settings, problems).err().expect("refused");
    assert!(error.to_string().starts_with("OTEL_SERVICE_NAME is "), "{error}");
}
