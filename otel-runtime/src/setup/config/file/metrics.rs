//! What does a file say of metrics?

use std::time::Duration;

use super::exporter;
use super::section::{Entry, Section, SectionReader};
use crate::export::settings::{Protocol, Temporality};
use crate::setup::config::env;
use crate::setup::config::settings::MetricsSettings;
use crate::setup::config::source::Given;

/// `meter_provider`, once `distribution.otel-runtime.metrics` has asked for metrics: the first periodic
/// reader that exports by OTLP. Everything else in it is for the metrics of the program's own SDK.
pub(super) fn read(
    is_on: Given<bool>,
    provider: Option<Entry>,
    reader: &mut SectionReader<'_>,
) -> MetricsSettings {
    let is_wanted = is_on.value;
    let settings = MetricsSettings { is_on: Some(is_on), ..MetricsSettings::default() };
    let Some(mut provider) = provider.filter(|_| is_wanted).map(|it| it.section(reader)) else {
        return settings;
    };
    let readers = provider.take("readers").map(|entry| entry.list(reader)).unwrap_or_default();
    for entry in readers {
        if let Some(mut periodic) =
            entry.section(reader).take("periodic").map(|it| it.section(reader))
            && let Some(exporter) = periodic.take("exporter")
            && let Some((protocol, otlp)) = otlp(exporter.section(reader))
        {
            return of_reader(settings, periodic, protocol, otlp, reader);
        }
    }
    settings
}

fn otlp(mut exporter: Section) -> Option<(Protocol, Entry)> {
    let http = exporter.take("otlp_http").map(|entry| (Protocol::HttpProtobuf, entry));
    http.or_else(|| exporter.take("otlp_grpc").map(|entry| (Protocol::Grpc, entry)))
}

fn of_reader(
    settings: MetricsSettings,
    mut periodic: Section,
    protocol: Protocol,
    otlp: Entry,
    reader: &mut SectionReader<'_>,
) -> MetricsSettings {
    let interval = periodic.take("interval").and_then(|entry| entry.whole(reader));
    let protocol = reader.given(otlp.path().to_owned(), protocol);
    let mut section = otlp.section(reader);
    let temporality = section.take("temporality_preference");
    section.ignore("default_histogram_aggregation");
    MetricsSettings {
        interval: interval.map(|given| given.map(Duration::from_millis)),
        temporality: temporality.and_then(|entry| self::temporality(entry, reader)),
        otlp: exporter::otlp(protocol, section, reader),
        ..settings
    }
}

fn temporality(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<Temporality>> {
    let Given { value, from } = entry.text(reader)?;
    // The file's `low_memory` is the variable's `lowmemory`.
    match env::temporality(&value.replace('_', "")) {
        Ok(temporality) => Some(Given { value: temporality, from }),
        Err(remedy) => {
            reader.problems.add(from, Some(value), remedy);
            None
        }
    }
}
