//! What does a configuration file say?
//!
//! Only syntax and types are checked here: whether a value is in range, and whether two fit together,
//! is for `resolve`.
//! Specification: [Declarative configuration](https://opentelemetry.io/docs/specs/otel/configuration/data-model/),
//! schema: [opentelemetry-configuration](https://github.com/open-telemetry/opentelemetry-configuration).

mod exporter;
mod instrumentation;
mod metrics;
mod resource;
mod sampler;
mod scalar;
mod section;
mod substitution;
mod tracer;
mod yaml;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::env;
use super::environment::Environment;
use super::privacy::PrivacySettings;
use super::problems::Problems;
use super::read;
use super::settings::{Exporter, OutboundSettings, Settings};
use super::source::Given;
use super::tail::{self, TailSettings};
use crate::context::propagation::Propagator;
use crate::process::stderr::LogLevel;
use crate::span::filter::FilterError;
use section::{Entry, Section, SectionReader};
use yaml::Node;

/// A larger file is not a configuration.
const MAX_BYTES: u64 = 1024 * 1024;

/// Reads the file that `from` names, and adds to `problems` what cannot be used.
pub(super) fn load(
    Given { value: path, from }: &Given<String>,
    environment: &Environment,
    custom: &[Propagator],
    problems: &mut Problems,
) -> Settings {
    match text(Path::new(path)) {
        Ok(text) => parse(path, &text, environment, custom, problems),
        Err(why) => {
            problems.add(from, Some(path.clone()), why);
            Settings::default()
        }
    }
}

/// Reads the settings in `text`; messages call it `name`.
pub(super) fn parse(
    name: &str,
    text: &str,
    environment: &Environment,
    custom: &[Propagator],
    problems: &mut Problems,
) -> Settings {
    match Node::parse(text, environment) {
        Ok(root) => {
            let mut reader = SectionReader { file: Arc::from(name), problems };
            let root = Section::root(root, &mut reader);
            settings(root, environment, custom, &mut reader)
        }
        Err(fault) => {
            problems.fault(format!("{name}, line {}", fault.line), fault.why);
            Settings::default()
        }
    }
}

fn text(path: &Path) -> Result<String, String> {
    let text = read::read(path, MAX_BYTES)
        .map_err(|why| format!("name a file that can be read, or unset it ({why})"))?;
    String::from_utf8(text).map_err(|_| "name a YAML file in UTF-8".to_owned())
}

fn settings(
    mut root: Section,
    environment: &Environment,
    custom: &[Propagator],
    reader: &mut SectionReader<'_>,
) -> Settings {
    file_format(&mut root, reader);
    let disabled = root.take("disabled").and_then(|entry| entry.boolean(reader));
    let propagators = Some(self::propagators(&mut root, custom, reader));
    if disabled.as_ref().is_some_and(|given| given.value) {
        // `disabled` has to work even if the rest of the file is wrong: it is what one reaches for
        // then.
        let distribution = root.take("distribution").map(|entry| entry.section(reader));
        let ours = distribution.and_then(|mut all| all.take(env!("CARGO_PKG_NAME")));
        let outbound = ours.map(|entry| outbound(&mut entry.section(reader), reader));
        let outbound = outbound.unwrap_or_default();
        return Settings { disabled, propagators, outbound, ..Settings::default() };
    }
    let log_level = root.take("log_level").and_then(|entry| log_level(entry, reader));
    let resource = resource::read(&mut root, environment, reader);
    let general = root.take("attribute_limits").map(|entry| entry.section(reader));
    let general = general.map(|section| tracer::general_limits(section, reader));
    let provider = root.take("tracer_provider").map(|entry| entry.section(reader));
    let mut settings = match provider {
        Some(section) => tracer::read(section, reader),
        // "A noop tracer provider is used."
        None => Settings {
            processors: vec![reader.given("tracer_provider".to_owned(), Exporter::Off).into()],
            ..Settings::default()
        },
    };
    distribution(&mut root, &mut settings, reader);
    let meter_provider = root.take("meter_provider");
    if let Some(is_on) = settings.metrics.is_on.take() {
        settings.metrics = metrics::read(is_on, meter_provider, reader);
    }
    settings.http_methods = instrumentation::http_methods(&mut root, reader);
    root.ignore("logger_provider");
    root.finish(reader);
    settings.limits = match general {
        Some(general) => settings.limits.over(general),
        None => settings.limits,
    };
    Settings {
        disabled,
        propagators,
        log_level,
        service_name: resource.service_name,
        resource: resource.attributes,
        schema_url: resource.schema_url,
        ..settings
    }
}

fn file_format(root: &mut Section, reader: &mut SectionReader<'_>) {
    let remedy = "write file_format: \"1.1\"";
    let Some(entry) = root.require("file_format", remedy, reader) else { return };
    let Some(Given { value, from }) = entry.text(reader) else { return };
    let (major, minor) = value.split_once('.').unwrap_or((&value, ""));
    if major != "1" {
        let remedy = "write \"1.1\", or another version that begins with 1";
        reader.problems.add(from, Some(value), remedy);
    } else if minor.parse().is_ok_and(|minor: u64| minor > 1) {
        // "The implementation should detect and emit a warning."
        let why = "this is later than 1.1, of which keys are known: a later one is refused";
        reader.problems.warn(from, value, why);
    }
}

fn log_level(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<LogLevel>> {
    let Given { value, from } = entry.text(reader)?;
    // The schema has four grades of each severity (`info`, `info2`, ..), which are one level here.
    let level = match value.trim_end_matches(['2', '3', '4']) {
        "trace" | "debug" => LogLevel::Debug,
        "info" => LogLevel::Info,
        "warn" => LogLevel::Warn,
        "error" | "fatal" => LogLevel::Error,
        _ => {
            reader.problems.add(
                from,
                Some(value),
                "write one of trace, debug, info, warn, error, fatal",
            );
            return None;
        }
    };
    Some(Given { value: level, from })
}

fn propagators(
    root: &mut Section,
    custom: &[Propagator],
    reader: &mut SectionReader<'_>,
) -> Given<Vec<Propagator>> {
    // "A noop propagator is used."
    let Some(entry) = root.take("propagator") else {
        return reader.given("propagator".to_owned(), Vec::new());
    };
    let mut found = Vec::new();
    let mut section = entry.section(reader);
    let from = reader.source(section.path_of("composite"));
    for entry in section.take("composite").map(|entry| entry.list(reader)).unwrap_or_default() {
        // A propagator of another vendor may have any name.
        let Some((name, entry)) = entry.open_choice(&Propagator::NAMES, reader) else { continue };
        match env::propagator(&name, custom) {
            Ok(propagator) => {
                found.push(propagator);
                entry.nothing(reader);
            }
            Err(why) => reader.left_out(entry.path(), why),
        }
    }
    if let Some(list) = section.take("composite_list").and_then(|entry| entry.text(reader)) {
        let (more, left_out) = env::propagators(&list.value, custom);
        found.extend(more);
        for why in left_out {
            reader.problems.warn(&list.from, list.value.clone(), why);
        }
    }
    section.finish(reader);
    Given { value: without_duplicates(found), from }
}

/// "Entries are appended with duplicates filtered out."
fn without_duplicates(all: Vec<Propagator>) -> Vec<Propagator> {
    let mut once = Vec::new();
    for propagator in all {
        if !once.contains(&propagator) {
            once.push(propagator);
        }
    }
    once
}

/// What the schema leaves to each implementation. Keys of other implementations are ignored.
fn distribution(root: &mut Section, settings: &mut Settings, reader: &mut SectionReader<'_>) {
    let Some(entry) = root.take("distribution") else { return };
    let mut all = entry.section(reader);
    let Some(entry) = all.take(env!("CARGO_PKG_NAME")) else { return };
    let mut section = entry.section(reader);
    if let Some(Given { value, from }) = section.take("filter").and_then(|entry| entry.text(reader))
    {
        match value.parse() {
            Ok(filter) => settings.filter = Some(Given { value: filter, from }),
            Err(error) => {
                let error: FilterError = error;
                reader.problems.add(from, Some(value), error.to_string());
            }
        }
    }
    if let Some(Given { value, from }) =
        section.take("exception_events").and_then(|entry| entry.text(reader))
    {
        match env::exception_events(&value) {
            Ok(events) => settings.exception_events = Some(Given { value: events, from }),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    settings.outbound = outbound(&mut section, reader);
    if let Some(Given { value, from }) =
        section.take("baggage_attributes").and_then(|entry| entry.text(reader))
    {
        match env::baggage_attributes(&value) {
            Ok(keys) => settings.baggage_attributes = Some(Given { value: keys, from }),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    if let Some(Given { value, from }) = section.take("preset").and_then(|entry| entry.text(reader))
    {
        match env::preset(&value) {
            Ok(preset) => settings.preset = Some(Given { value: preset, from }),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    if let Some(Given { value, from }) = section.take("ratio").and_then(|entry| entry.text(reader))
    {
        match env::ratio_rule(&value) {
            Ok(ratio) => settings.ratio = Some(Given { value: ratio, from }),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    settings.privacy = privacy(&mut section, reader);
    settings.fold = section.take("fold").and_then(|entry| entry.whole(reader));
    settings.tail = tail(&mut section, reader);
    settings.flight = section.take("flight_max_bytes").and_then(|entry| entry.whole(reader));
    let bytes = section.take("max_queue_bytes").and_then(|entry| entry.whole(reader));
    settings.batch.max_queue_bytes = bytes;
    settings.metrics.is_on = section.take("metrics").and_then(|entry| entry.boolean(reader));
    section.finish(reader);
}

/// Which traces are kept once they are over, and what may be held until then.
fn tail(section: &mut Section, reader: &mut SectionReader<'_>) -> TailSettings {
    let text = |section: &mut Section, key, reader: &mut SectionReader<'_>| {
        section.take(key).and_then(|entry| entry.text(reader))
    };
    let mut settings = TailSettings::default();
    if let Some(Given { value, from }) = text(section, "tail", reader) {
        match tail::policy(&value) {
            Ok(policy) => settings.policy = Some(Given { value: policy, from }),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    let Some(entry) = section.take("tail_limits") else { return settings };
    let mut limits = entry.section(reader);
    settings.max_bytes = limits.take("max_bytes").and_then(|entry| entry.whole(reader));
    settings.max_trace_bytes = limits.take("max_trace_bytes").and_then(|entry| entry.whole(reader));
    let mut milliseconds = |key| {
        let given = limits.take(key).and_then(|entry| entry.whole(reader));
        given.map(|given| given.map(Duration::from_millis))
    };
    settings.max_duration = milliseconds("max_duration");
    settings.grace = milliseconds("grace");
    settings.remembered = limits.take("remembered").and_then(|entry| entry.whole(reader));
    if let Some(Given { value, from }) = text(&mut limits, "recording", reader) {
        match tail::recording(&value) {
            Ok(recording) => settings.recording = Some(Given { value: recording, from }),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    limits.finish(reader);
    settings
}

fn privacy(section: &mut Section, reader: &mut SectionReader<'_>) -> PrivacySettings {
    let mut privacy = PrivacySettings::default();
    if let Some(Given { value, from }) =
        section.take("privacy").and_then(|entry| entry.text(reader))
    {
        match env::privacy(&value) {
            Ok(mode) => privacy.mode = Some(Given { value: mode, from }),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    privacy.allow = section.take("privacy_allow").and_then(|entry| entry.text(reader));
    privacy.dry_run = section.take("privacy_dry_run").and_then(|entry| entry.boolean(reader));
    let rules = section.take("privacy_rules").and_then(|entry| entry.text(reader));
    privacy.rules = rules.map(|given| given.map(PathBuf::from));
    privacy.actions = section.take("privacy_actions").and_then(|entry| entry.text(reader));
    privacy.hash_key = section.take("hash_key").and_then(|entry| entry.text(reader));
    privacy
}

/// Counts also if tracing is disabled, since a caller's context is still passed on.
fn outbound(section: &mut Section, reader: &mut SectionReader<'_>) -> OutboundSettings {
    let mut list = |key| section.take(key).and_then(|entry| entry.text(reader));
    OutboundSettings { trace_context: list("trace_context_to"), baggage: list("baggage_to") }
}
