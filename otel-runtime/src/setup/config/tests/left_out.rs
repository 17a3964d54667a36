//! Is what is unsupported, and costs no trace, left out with a warning, rather than an error?

use std::time::Duration;

use super::{config, only, tracing};
use crate::context::propagation::Propagator;
use crate::process::stderr::LogLevel;
use crate::sampling::{Head, Sampler};
use crate::setup::config::{Config, Destination, Warning};

#[track_caller]
fn warned(variables: &[(&str, &str)]) -> (Config, Vec<String>) {
    let config = config(variables).expect("good enough");
    let warnings = config.description.warnings().iter().map(Warning::to_string).collect();
    (config, warnings)
}

#[test]
fn propagators_that_are_not_known_are_left_out_and_told() {
    let of = |value: &str| {
        let (config, warnings) = warned(&[("OTEL_PROPAGATORS", value)]);
        (config.propagators, warnings)
    };
    let both = vec![Propagator::TraceContext, Propagator::Baggage];

    let (propagators, warnings) = of("tracecontext,baggage,ottrace");
    assert_eq!(propagators, both);
    assert_eq!(
        warnings,
        [
            "OTEL_PROPAGATORS is \"tracecontext,baggage,ottrace\": ottrace is not supported, and left out: \
          have the gateway translate it to tracecontext"
        ],
    );
    for name in ["ottrace", "OTTrace"] {
        let (propagators, warnings) = of(name);
        assert_eq!(propagators, [], "nothing is sent that was not asked for");
        assert!(warnings[0].contains(&format!("{name} is not supported")), "{warnings:?}");
    }
    for name in ["w3c", "tracecontext;baggage", "ü", "=", "datadog", "b3single", "x-ray"] {
        let (propagators, warnings) = of(&format!("{name},tracecontext,ottrace,baggage,ottrace"));
        assert_eq!(propagators, both);
        assert!(warnings[0].contains(&format!("{name} is not known")), "{warnings:?}");
        assert_eq!(warnings.len(), 2, "each once: {warnings:?}");
    }
    let (propagators, warnings) = of("none,baggage");
    assert_eq!(propagators, [Propagator::Baggage]);
    assert!(warnings[0].contains("none is left out"), "{warnings:?}");
    assert_eq!(of("None"), (Vec::new(), Vec::new()));
    // Propagators count even if tracing is disabled.
    let (_, warnings) = warned(&[("OTEL_SDK_DISABLED", "true"), ("OTEL_PROPAGATORS", "ottrace")]);
    assert_eq!(warnings.len(), 1);
}

#[test]
fn a_switch_that_is_neither_true_nor_false_is_false() {
    for value in ["1", "yes", "on", "NaN"] {
        let (config, warnings) = warned(&[("OTEL_SDK_DISABLED", value)]);
        assert!(config.tracing.is_some());
        let message =
            format!("OTEL_SDK_DISABLED is {value:?}: this is left out: write true or false");
        assert_eq!(warnings, [message]);
    }
}

#[test]
fn a_log_level_that_is_none_stops_no_program() {
    for value in ["loud", "trace", "1", "warn,info"] {
        let (config, warnings) = warned(&[("OTEL_LOG_LEVEL", value)]);
        assert_eq!(config.log_level, LogLevel::Info);
        assert!(warnings[0].starts_with(&format!("OTEL_LOG_LEVEL is {value:?}")), "{warnings:?}");
    }
}

#[test]
fn variables_that_are_set_in_vain_are_told() {
    let (config, warnings) = warned(&[("OTEL_TRACES_SAMPLER_ARG", "0.1")]);
    let sampler = config.tracing.expect("enabled").sampler;
    assert!(matches!(sampler, Head::Standard(Sampler::ParentBasedAlwaysOn)));
    assert_eq!(
        warnings,
        ["OTEL_TRACES_SAMPLER_ARG is \"0.1\": this is left out: it counts where \
          OTEL_TRACES_SAMPLER is traceidratio or parentbased_traceidratio"],
    );
    for variables in [
        [("OTEL_TRACES_SAMPLER", "always_on"), ("OTEL_TRACES_SAMPLER_ARG", "0.1")].as_slice(),
        &[("OTEL_EXPERIMENTAL_CONFIG_FILE", "/etc/otel.yaml")],
        &[("OTEL_EXPORTER_OTLP_SPAN_INSECURE", "true")],
    ] {
        let (name, value) = variables[variables.len() - 1];
        let (_, warnings) = warned(variables);
        assert_eq!(warnings.len(), 1, "{warnings:?}");
        let start = format!("{name} is {value:?}: this is left out: ");
        assert!(warnings[0].starts_with(&start), "{warnings:?}");
    }
    let (_, none) =
        warned(&[("OTEL_TRACES_SAMPLER", "traceidratio"), ("OTEL_TRACES_SAMPLER_ARG", "0.1")]);
    assert_eq!(none, Vec::<String>::new());
}

#[test]
fn a_description_ends_with_what_was_left_out() {
    let (config, _) = warned(&[("OTEL_PROPAGATORS", "ottrace,baggage")]);

    let described = config.description.to_string();
    let last = described.lines().last().expect("a line");
    assert!(
        last.starts_with("warning: OTEL_PROPAGATORS is \"ottrace,baggage\": ottrace is not"),
        "{last}"
    );
    assert_eq!(config.description.warnings()[0].setting(), "OTEL_PROPAGATORS");
}

#[test]
fn a_time_out_of_zero_is_no_limit() {
    let year = Duration::from_secs(365 * 24 * 3600);
    for name in ["OTEL_EXPORTER_OTLP_TIMEOUT", "OTEL_EXPORTER_OTLP_TRACES_TIMEOUT"] {
        let variables =
            [("OTEL_TRACES_EXPORTER", "otlp"), (name, "0"), ("OTEL_BSP_EXPORT_TIMEOUT", "0")];
        let (config, warnings) = warned(&variables);
        assert_eq!(warnings, Vec::<String>::new());
        for name in ["timeout", "export_timeout"] {
            assert_eq!(config.description.get(name).expect("a line").value, "none");
        }
        let processor = only(config.tracing.expect("enabled"));
        let Destination::Otlp(otlp) = processor.destination else { panic!("not OTLP") };
        assert!(otlp.timeout > year && processor.batch.export_timeout > year);
    }
}

#[test]
fn a_delay_of_zero_is_as_short_as_can_be() {
    let batch = only(tracing(&[("OTEL_BSP_SCHEDULE_DELAY", "0")])).batch;
    assert_eq!(batch.schedule_delay, Duration::from_millis(1), "so that no thread spins");
}

#[test]
fn of_a_long_value_a_message_quotes_the_beginning() {
    let long = "ü".repeat(1_000_000);
    let (_, warnings) = warned(&[("OTEL_PROPAGATORS", &format!("{long},b3"))]);
    assert!(warnings.iter().all(|warning| warning.chars().count() < 2000));
    let error = config(&[("OTEL_TRACES_SAMPLER", &long)]).err().expect("refused").to_string();
    assert!(error.chars().count() < 2000);
}
