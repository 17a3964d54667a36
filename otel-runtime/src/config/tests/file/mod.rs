//! Does every key of a configuration file mean what it says, and is every mistake refused?

mod meaning;
mod refused;
mod samplers;

use crate::config::resolve::{Problems, resolve};
use crate::config::settings::Settings;
use crate::config::{Config, Destination, Otlp, Tracing, file};
use crate::error::InitError;

const CONSOLE: &str = "processors: [batch: {exporter: {console: }}]";

fn configured(text: &str, variables: &[(&str, &str)]) -> Result<Config, InitError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), *value));
    let mut problems = Problems::default();
    let settings = file::parse("otel.yaml", text, &variables.collect(), &mut problems);
    resolve(Settings::default().over(settings), problems)
}

#[track_caller]
fn config(text: &str) -> Config {
    configured(text, &[]).expect("a good file")
}

#[track_caller]
fn tracing(text: &str) -> Tracing {
    config(text).tracing.expect("enabled")
}

#[track_caller]
fn otlp(text: &str) -> Otlp {
    match tracing(text).destination {
        Destination::Otlp(otlp) => *otlp,
        _ => panic!("not OTLP"),
    }
}

/// A file in which only the key at `path` is special.
pub(super) fn with(path: &str, value: &str) -> String {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let pair = format!("{key}: {value}");
    let format = if key == "file_format" { "" } else { "file_format: '1.1'\n" };
    let body = match parent {
        "" => pair,
        "attribute_limits" | "resource" | "propagator" => format!("{parent}: {{{pair}}}"),
        "resource.attributes[]" => match key {
            "name" => format!("resource: {{attributes: [{{value: a, {pair}}}]}}"),
            "value" => format!("resource: {{attributes: [{{name: a, {pair}}}]}}"),
            _ => format!("resource: {{attributes: [{{name: a, value: 1, {pair}}}]}}"),
        },
        "resource.detection/development" => {
            format!("resource: {{detection/development: {{{pair}}}}}")
        }
        "tracer_provider" if key == "processors" => format!("tracer_provider: {{{pair}}}"),
        "tracer_provider" => format!("tracer_provider: {{{CONSOLE}, {pair}}}"),
        "tracer_provider.limits" => format!("tracer_provider: {{{CONSOLE}, limits: {{{pair}}}}}"),
        "tracer_provider.sampler.parent_based" => {
            format!("tracer_provider: {{{CONSOLE}, sampler: {{parent_based: {{{pair}}}}}}}")
        }
        "tracer_provider.sampler.trace_id_ratio_based" => {
            format!("tracer_provider: {{{CONSOLE}, sampler: {{trace_id_ratio_based: {{{pair}}}}}}}")
        }
        "tracer_provider.processors[].batch" if key != "exporter" => {
            format!("tracer_provider: {{processors: [batch: {{exporter: {{console: }}, {pair}}}]}}")
        }
        "tracer_provider.processors[].batch" => {
            format!("tracer_provider: {{processors: [batch: {{{pair}}}]}}")
        }
        "tracer_provider.processors[].simple" => {
            format!("tracer_provider: {{processors: [simple: {{{pair}}}]}}")
        }
        "tracer_provider.processors[].batch.exporter.otlp_grpc.tls" => {
            exporter("otlp_grpc", &format!("tls: {{{pair}}}"))
        }
        "tracer_provider.processors[].batch.exporter.otlp_http.tls" => {
            exporter("otlp_http", &format!("tls: {{{pair}}}"))
        }
        "tracer_provider.processors[].batch.exporter.otlp_grpc" => exporter("otlp_grpc", &pair),
        "tracer_provider.processors[].batch.exporter.otlp_http" => exporter("otlp_http", &pair),
        "tracer_provider.processors[].batch.exporter.otlp_http.headers[]" => match key {
            "name" => exporter("otlp_http", &format!("headers: [{{value: a, {pair}}}]")),
            _ => exporter("otlp_http", &format!("headers: [{{name: a, {pair}}}]")),
        },
        "distribution.otel-runtime" => {
            format!("tracer_provider: {{{CONSOLE}}}\ndistribution: {{otel-runtime: {{{pair}}}}}")
        }
        other => panic!("nothing is known of {other}"),
    };
    format!("{format}{body}")
}

fn exporter(kind: &str, pairs: &str) -> String {
    format!("tracer_provider: {{processors: [batch: {{exporter: {{{kind}: {{{pairs}}}}}}}]}}")
}

/// That the key at `path` cannot be `value`, and that the message names its place, and says what to
/// write.
#[track_caller]
fn refused(path: &str, value: &str) -> String {
    let text = with(path, value);
    let error = configured(&text, &[]).err().unwrap_or_else(|| panic!("{text} was taken"));
    let message = error.to_string();
    let place = format!("otel.yaml: {}", path.replace("[]", "[0]"));
    assert!(message.starts_with(&place), "{text}\n{message}");
    assert!(message[place.len()..].contains(": "), "{message}");
    assert!(!message.contains('\n'), "one mistake is one problem: {message}");
    message
}

/// Every mapping whose keys are settings.
pub(super) const PARENTS: [&str; 15] = [
    "",
    "attribute_limits",
    "distribution.otel-runtime",
    "propagator",
    "resource",
    "resource.attributes[]",
    "resource.detection/development",
    "tracer_provider",
    "tracer_provider.limits",
    "tracer_provider.processors[].batch",
    "tracer_provider.processors[].batch.exporter.otlp_grpc",
    "tracer_provider.processors[].batch.exporter.otlp_grpc.tls",
    "tracer_provider.processors[].batch.exporter.otlp_http",
    "tracer_provider.processors[].batch.exporter.otlp_http.headers[]",
    "tracer_provider.sampler.parent_based",
];
