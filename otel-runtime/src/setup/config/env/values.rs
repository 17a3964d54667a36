//! How is the value of each variable written?

use std::borrow::Cow;
use std::time::Duration;

use crate::context::baggage_keys::BaggageKeys;
use crate::context::propagation::Propagator;
use crate::export::settings::{Compression, Output, Protocol, Temporality};
use crate::privacy::{Mode, UnknownMode};
use crate::process::stderr::LogLevel;
use crate::sampling::{Ratio, Sampler};
use crate::setup::config::list;
use crate::setup::config::policy::{self, JaegerRemote, Policy, PolicyError};
use crate::setup::config::preset::Preset;
use crate::setup::config::settings::Exporter;
use crate::span::exceptions::ExceptionEvents;
use crate::span::filter::{Filter, FilterError};

/// What to write instead of a value that cannot be used.
pub(super) type Remedy = Cow<'static, str>;

type Parsed<T> = Result<T, Remedy>;

pub(super) fn boolean(text: &str) -> Parsed<bool> {
    match text.to_ascii_lowercase().as_str() {
        "true" => Ok(true),
        "false" => Ok(false),
        _ => Err("write true or false".into()),
    }
}

pub(super) fn log_level(text: &str) -> Parsed<LogLevel> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "none" | "off" => LogLevel::Off,
        "error" => LogLevel::Error,
        "warn" => LogLevel::Warn,
        "info" => LogLevel::Info,
        "debug" => LogLevel::Debug,
        _ => return Err("write one of none, error, warn, info, debug".into()),
    })
}

pub(in crate::setup::config) fn exception_events(text: &str) -> Parsed<ExceptionEvents> {
    match text.to_ascii_lowercase().as_str() {
        "once" => Ok(ExceptionEvents::Once),
        "every_span" => Ok(ExceptionEvents::EverySpan),
        _ => Err("write once or every_span".into()),
    }
}

pub(in crate::setup::config) fn privacy(text: &str) -> Parsed<Mode> {
    text.parse().map_err(|error: UnknownMode| error.to_string().into())
}

pub(super) fn milliseconds(text: &str) -> Parsed<Duration> {
    text.parse()
        .map(Duration::from_millis)
        .map_err(|_| "write whole milliseconds without a unit, such as 5000".into())
}

pub(super) fn spans(text: &str) -> Parsed<usize> {
    text.parse().map_err(|_| "write a whole number of spans, such as 2048".into())
}

pub(super) fn traces(text: &str) -> Parsed<usize> {
    text.parse().map_err(|_| "write a whole number of traces, such as 65536".into())
}

pub(super) fn bytes(text: &str) -> Parsed<usize> {
    text.parse()
        .map_err(|_| "write a whole number of bytes without a unit, such as 16777216".into())
}

pub(super) fn characters(text: &str) -> Parsed<usize> {
    text.parse().map_err(|_| "write a whole number of characters, such as 4096".into())
}

pub(super) fn count(text: &str) -> Parsed<u32> {
    text.parse().map_err(|_| "write a whole number from 0 to 4294967295, such as 128".into())
}

pub(super) fn ratio(text: &str) -> Parsed<f64> {
    // The range, and NaN, are checked in `resolve`, where a ratio from code is checked, too.
    text.parse().map_err(|_| "write a number from 0 to 1, such as 0.25".into())
}

pub(in crate::setup::config) fn policy(text: &str) -> Parsed<Policy> {
    text.parse().map_err(|error: PolicyError| error.to_string().into())
}

pub(in crate::setup::config) fn preset(text: &str) -> Parsed<Preset> {
    match text.to_ascii_lowercase().as_str() {
        "development" => Ok(Preset::Development),
        "production" => Ok(Preset::Production),
        _ => Err("write development or production".into()),
    }
}

pub(in crate::setup::config) fn ratio_rule(text: &str) -> Parsed<Ratio> {
    match text.to_ascii_lowercase().as_str() {
        "trace_id" => Ok(Ratio::TraceId),
        "probability" => Ok(Ratio::Probability),
        _ => Err("write trace_id or probability".into()),
    }
}

/// A sampler as it is named in `OTEL_TRACES_SAMPLER`.
pub(super) enum NamedSampler {
    Plain(Sampler),
    /// A sampler that takes `OTEL_TRACES_SAMPLER_ARG`.
    Ratio(fn(f64) -> Sampler),
    /// A sampler that asks a server, which that variable describes.
    Remote {
        follows_parent: bool,
    },
}

/// `endpoint=http://localhost:5778,pollingIntervalMs=5000,initialSamplingRate=0.25`
pub(super) fn remote(text: &str) -> Parsed<JaegerRemote> {
    let mut remote = JaegerRemote::default();
    for (name, value) in list::pairs(text)? {
        match name.as_str() {
            "endpoint" => remote.endpoint = policy::endpoint(&value)?,
            "pollingIntervalMs" => remote.interval = policy::interval(milliseconds(&value)?)?,
            "initialSamplingRate" => {
                let share = ratio(&value)?;
                if !(0.0..=1.0).contains(&share) {
                    return Err("write an initialSamplingRate from 0 to 1".into());
                }
                remote.initial = Box::new(Policy::Standard(Sampler::TraceIdRatio(share)));
            }
            _ => {
                return Err("write endpoint=.., pollingIntervalMs=.. and initialSamplingRate=.., with commas \
                            between them"
                    .into());
            }
        }
    }
    Ok(remote)
}

pub(super) fn sampler(text: &str) -> Parsed<NamedSampler> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "always_on" => NamedSampler::Plain(Sampler::AlwaysOn),
        "always_off" => NamedSampler::Plain(Sampler::AlwaysOff),
        "traceidratio" => NamedSampler::Ratio(Sampler::TraceIdRatio),
        "parentbased_always_on" => NamedSampler::Plain(Sampler::ParentBasedAlwaysOn),
        "parentbased_always_off" => NamedSampler::Plain(Sampler::ParentBasedAlwaysOff),
        "parentbased_traceidratio" => NamedSampler::Ratio(Sampler::ParentBasedTraceIdRatio),
        "jaeger_remote" => NamedSampler::Remote { follows_parent: false },
        "parentbased_jaeger_remote" => NamedSampler::Remote { follows_parent: true },
        "xray" => {
            return Err(
                "AWS X-Ray is not asked what to sample: write parentbased_traceidratio, and the \
                        ratio into OTEL_TRACES_SAMPLER_ARG"
                    .into(),
            );
        }
        _ => {
            return Err(
                "write one of always_on, always_off, traceidratio, parentbased_always_on, \
                        parentbased_always_off, parentbased_traceidratio, jaeger_remote, \
                        parentbased_jaeger_remote"
                    .into(),
            );
        }
    })
}

pub(super) fn filter(text: &str) -> Parsed<Filter> {
    text.parse().map_err(|error: FilterError| error.to_string().into())
}

/// "A comma-separated list of case-sensitive known HTTP methods."
pub(super) fn methods(text: &str) -> Parsed<Vec<String>> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    let remedy = "write methods with commas between them, such as GET,POST";
    names.map(|name| method(name).ok_or(remedy.into())).collect()
}

/// A method, if it is one that HTTP allows.
pub(in crate::setup::config) fn method(name: &str) -> Option<String> {
    http::Method::from_bytes(name.as_bytes()).ok().map(|method| method.as_str().to_owned())
}

/// How many siblings are spans of their own.
pub(super) fn fold(text: &str) -> Parsed<u32> {
    text.parse().map_err(|_| "write how many are spans of their own, such as 100; 0 for all".into())
}

/// Names of entries, and beginnings of such names, with commas between them.
pub(in crate::setup::config) fn baggage_attributes(text: &str) -> Parsed<Option<BaggageKeys>> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    BaggageKeys::new(names).map_err(|name| BaggageKeys::remedy(&name).into())
}

/// "The implementation MAY accept a comma-separated list."
pub(super) fn exporters(text: &str) -> Parsed<Vec<Exporter>> {
    let names = text.split(',').map(str::trim).filter(|name| !name.is_empty());
    names.map(exporter).collect()
}

fn exporter(name: &str) -> Parsed<Exporter> {
    Ok(match name.to_ascii_lowercase().as_str() {
        "otlp" => Exporter::Otlp,
        "console" => Exporter::Console,
        // "In-development": the specification has no name for a file there, so only stdout can be
        // written to.
        "otlp/stdout" => Exporter::File(Output::Stdout),
        "none" => Exporter::None,
        "jaeger" => return Err("Jaeger takes OTLP: write otlp".into()),
        "zipkin" => {
            return Err("Zipkin is not supported: write otlp, and translate in a Collector".into());
        }
        _ => {
            return Err(
                "write one or more of otlp, console, otlp/stdout with commas between them, or none"
                    .into(),
            );
        }
    })
}

pub(super) fn protocol(text: &str) -> Parsed<Protocol> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "grpc" => Protocol::Grpc,
        "http/protobuf" => Protocol::HttpProtobuf,
        "http/json" => Protocol::HttpJson,
        _ => return Err("write one of grpc, http/protobuf, http/json".into()),
    })
}

pub(in crate::setup::config) fn temporality(text: &str) -> Parsed<Temporality> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "cumulative" => Temporality::Cumulative,
        "delta" | "lowmemory" => Temporality::Delta,
        _ => return Err("write one of cumulative, delta, lowmemory".into()),
    })
}

pub(in crate::setup::config) fn compression(text: &str) -> Parsed<Compression> {
    Ok(match text.to_ascii_lowercase().as_str() {
        "none" => Compression::None,
        "gzip" => Compression::Gzip,
        "zstd" => Compression::Zstd,
        _ => return Err("write one of gzip, zstd, none".into()),
    })
}

/// The propagators in a list, and for each unknown name, why it is left out.
///
/// "Values MUST be deduplicated in order to register a Propagator only once", and for a value that is
/// not known, an implementation "MUST generate a warning and gracefully ignore" it. If no known name is
/// left, there is no propagator, rather than the default ones: nothing is sent that was not asked for.
pub(in crate::setup::config) fn propagators(
    text: &str,
    custom: &[Propagator],
) -> (Vec<Propagator>, Vec<String>) {
    let names: Vec<&str> = text.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
    let (mut propagators, mut left_out) = (Vec::new(), Vec::new());
    for name in &names {
        match propagator(name, custom) {
            Ok(propagator) if !propagators.contains(&propagator) => propagators.push(propagator),
            Ok(_) => {}
            Err(_) if name.eq_ignore_ascii_case("none") => {
                if names.len() > 1 {
                    left_out.push("none is left out: write it alone, or not at all".to_owned());
                }
            }
            Err(why) => left_out.push(why),
        }
    }
    (propagators, left_out)
}

/// The propagator of that name, one of OpenTelemetry's or of `custom`, or why there is none.
pub(in crate::setup::config) fn propagator(
    name: &str,
    custom: &[Propagator],
) -> Result<Propagator, String> {
    let lower = name.to_ascii_lowercase();
    let found = Propagator::named(&lower)
        .or_else(|| custom.iter().find(|custom| custom.name() == lower).cloned());
    found.ok_or_else(|| {
        if lower == "ottrace" {
            return format!(
                "{name} is not supported, and left out: have the gateway translate it to tracecontext",
            );
        }
        let custom = custom.iter().map(Propagator::name);
        let known: Vec<_> = Propagator::NAMES.into_iter().chain(custom).chain(["none"]).collect();
        format!("{name} is not known, and left out: known are {}", known.join(", "))
    })
}
