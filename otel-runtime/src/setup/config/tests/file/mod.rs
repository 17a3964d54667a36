//! Does every key of a configuration file mean what it says, and is every mistake refused?

mod left_out;
mod meaning;
mod metrics;
mod refused;
mod samplers;

use crate::setup::config::problems::Problems;
use crate::setup::config::resolve::resolve;
use crate::setup::config::settings::Settings;
use crate::setup::config::tests::only;
use crate::setup::config::{Config, Destination, Otlp, Tracing, file};
use crate::setup::error::InitError;

const CONSOLE: &str = "processors: [batch: {exporter: {console: }}]";

fn configured(text: &str, variables: &[(&str, &str)]) -> Result<Config, InitError> {
    let variables = variables.iter().map(|(name, value)| ((*name).to_owned(), *value));
    let mut problems = Problems::default();
    let settings = file::parse("otel.yaml", text, &variables.collect(), &[], &mut problems);
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
    match only(tracing(text)).destination {
        Destination::Otlp(otlp) => *otlp,
        _ => panic!("not OTLP"),
    }
}

/// A valid file in which the key at `path` has this value.
pub(super) fn with(path: &str, value: &str) -> String {
    let (parent, key) = path.rsplit_once('.').unwrap_or(("", path));
    let beside = beside(parent, key);
    let mapping = match key.strip_suffix("[]") {
        Some(key) => format!("{{{key}: [{value}]{beside}}}"),
        None => format!("{{{key}: {value}{beside}}}"),
    };
    if parent.is_empty() { mapping } else { with(parent, &mapping) }
}

/// The other keys that are required beside a key of this parent.
fn beside(parent: &str, key: &str) -> String {
    let last = parent.rsplit('.').next().unwrap_or_default();
    match (last, key) {
        ("", "file_format") => format!(", tracer_provider: {{{CONSOLE}}}"),
        ("", "tracer_provider") => ", file_format: '1.1'".to_owned(),
        ("", _) => format!(", file_format: '1.1', tracer_provider: {{{CONSOLE}}}"),
        ("tracer_provider", key) if !key.starts_with("processors") => format!(", {CONSOLE}"),
        ("batch" | "simple", key) if key != "exporter" => ", exporter: {console: }".to_owned(),
        ("attributes[]" | "headers[]", "name") => ", value: a".to_owned(),
        ("attributes[]" | "headers[]", "value") => ", name: a".to_owned(),
        ("attributes[]" | "headers[]", _) => ", name: a, value: a".to_owned(),
        ("always_record" | "parent_threshold", key) if key != "root" => {
            ", root: {always_on: }".to_owned()
        }
        ("jaeger_remote/development", "endpoint") => ", initial_sampler: {always_on: }".to_owned(),
        ("jaeger_remote/development", "initial_sampler") => ", endpoint: 'http://h'".to_owned(),
        ("jaeger_remote/development", _) => {
            ", endpoint: 'http://h', initial_sampler: {always_on: }".to_owned()
        }
        ("rule_based", key) if key != "rules" => ", rules: [{sampler: {always_on: }}]".to_owned(),
        _ => String::new(),
    }
}

fn exporter(kind: &str, pairs: &str) -> String {
    format!("tracer_provider: {{processors: [batch: {{exporter: {{{kind}: {{{pairs}}}}}}}]}}")
}

/// Checks that the key at `path` cannot be `value`, and that the message names its place and says what
/// to write.
#[track_caller]
pub(super) fn refused(path: &str, value: &str) -> String {
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
pub(super) const PARENTS: &[&str] = &[
    "",
    "attribute_limits",
    "distribution.otel-runtime",
    "distribution.otel-runtime.tail_limits",
    "propagator",
    "resource",
    "resource.attributes[]",
    "resource.detection/development",
    "tracer_provider",
    "tracer_provider.limits",
    "tracer_provider.processors[].batch",
    "tracer_provider.processors[].simple",
    "tracer_provider.processors[].batch.exporter.otlp_file/development",
    "tracer_provider.processors[].batch.exporter.otlp_grpc",
    "tracer_provider.processors[].batch.exporter.otlp_grpc.headers[]",
    "tracer_provider.processors[].batch.exporter.otlp_grpc.tls",
    "tracer_provider.processors[].batch.exporter.otlp_http",
    "tracer_provider.processors[].batch.exporter.otlp_http.headers[]",
    "tracer_provider.processors[].batch.exporter.otlp_http.tls",
    "tracer_provider.sampler.always_record",
    "tracer_provider.sampler.composite/development.parent_threshold",
    "tracer_provider.sampler.composite/development.probability",
    "tracer_provider.sampler.composite/development.rule_based",
    "tracer_provider.sampler.jaeger_remote/development",
    "tracer_provider.sampler.parent_based",
    "tracer_provider.sampler.probability/development",
    "tracer_provider.sampler.trace_id_ratio_based",
];

/// The keys of a section that the schema calls experimental: no unknown key is refused there, so no message lists
/// those that are known.
pub(super) const EXPERIMENTAL: &[&str] = &[
    "instrumentation/development.general.http.client.known_methods",
    "instrumentation/development.general.http.server.known_methods",
];
