//! What does a file say of the tracer provider?

use std::time::Duration;

use super::exporter;
use super::sampler;
use super::section::{Entry, Section, SectionReader};
use crate::setup::config::settings::{BatchSettings, Exporter, LimitSettings, Processor, Settings};
use crate::setup::config::source::Given;

/// `tracer_provider`
pub(super) fn read(mut section: Section, reader: &mut SectionReader<'_>) -> Settings {
    let mut settings =
        Settings { processors: processors(&mut section, reader), ..Settings::default() };
    if let Some(entry) = section.take("limits") {
        settings.limits = span_limits(entry.section(reader), reader);
    }
    settings.sampler = section.take("sampler").and_then(|entry| sampler::read(entry, reader));
    if let Some(entry) = section.take("id_generator")
        && let Some((name, entry)) = entry.open_choice(&["random"], reader)
    {
        if name == "random" {
            entry.nothing(reader);
        } else {
            reader.left_out(entry.path(), "this is not supported: ids are random".to_owned());
        }
    }
    let remedy = "say it in distribution.otel-runtime.filter";
    section.leave_out("tracer_configurator/development", remedy, reader);
    section.finish(reader);
    settings
}

/// `processors`
fn processors(section: &mut Section, reader: &mut SectionReader<'_>) -> Vec<Processor> {
    let remedy = "write a list, such as - batch: with an exporter";
    let Some(entry) = section.require("processors", remedy, reader) else { return Vec::new() };
    entry.list(reader).into_iter().filter_map(|entry| processor(entry, reader)).collect()
}

fn processor(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Processor> {
    let (kind, entry) = entry.choice(&["batch", "simple"], reader)?;
    let path = entry.path().to_owned();
    let mut section = entry.section(reader);
    let remedy = "write one of otlp_http, otlp_grpc, otlp_file/development, console";
    let exporter = section.require("exporter", remedy, reader);
    let mut processor = exporter.and_then(|entry| exporter::read(entry, reader));
    if kind == "batch" {
        let batch = batch(&mut section, reader);
        processor = processor.map(|processor| Processor { batch, ..processor });
    } else if let Some(Processor { exporter, .. }) = &processor
        && !matches!(exporter.value, Exporter::Console)
    {
        let why = "a program is not made to wait for a backend: this is taken as batch, which sends \
                   at most schedule_delay later";
        reader.left_out(&path, why.to_owned());
    }
    section.finish(reader);
    processor
}

fn batch(section: &mut Section, reader: &mut SectionReader<'_>) -> BatchSettings {
    let mut milliseconds = |key| {
        let given = section.take(key).and_then(|entry| entry.whole(reader));
        given.map(|given| given.map(Duration::from_millis))
    };
    let schedule_delay = milliseconds("schedule_delay");
    let export_timeout = milliseconds("export_timeout");
    let mut spans = |key| section.take(key).and_then(|entry| entry.whole(reader));
    BatchSettings {
        max_queue_size: spans("max_queue_size"),
        max_queue_bytes: None,
        max_export_batch_size: spans("max_export_batch_size"),
        schedule_delay,
        export_timeout,
    }
}

/// `attribute_limits`, which counts for spans where `tracer_provider.limits` says nothing.
pub(super) fn general_limits(
    mut section: Section,
    reader: &mut SectionReader<'_>,
) -> LimitSettings {
    let limits = attribute_limits(&mut section, reader);
    section.finish(reader);
    limits
}

fn span_limits(mut section: Section, reader: &mut SectionReader<'_>) -> LimitSettings {
    let attributes = attribute_limits(&mut section, reader);
    let mut count = |key| section.take(key).and_then(|entry| entry.whole(reader));
    let limits = LimitSettings {
        events_per_span: count("event_count_limit"),
        links_per_span: count("link_count_limit"),
        attributes_per_event: count("event_attribute_count_limit"),
        attributes_per_link: count("link_attribute_count_limit"),
        ..attributes
    };
    section.finish(reader);
    limits
}

fn attribute_limits(section: &mut Section, reader: &mut SectionReader<'_>) -> LimitSettings {
    let depth = section.take("attribute_value_depth_limit").and_then(|entry| entry.whole(reader));
    match depth {
        Some(Given { value: 0, from }) => {
            reader.problems.add(from, Some("0".to_owned()), "write 1 or more, or leave it out");
        }
        Some(Given { value: 1, from }) => {
            let why = "this is left out: a value is a list of values at most, which stays";
            reader.problems.warn(from, "1".to_owned(), why);
        }
        Some(Given::<u64> { .. }) | None => {}
    }
    LimitSettings {
        value_length: section
            .take("attribute_value_length_limit")
            .and_then(|entry| entry.whole(reader)),
        attributes_per_span: section
            .take("attribute_count_limit")
            .and_then(|entry| entry.whole(reader)),
        ..LimitSettings::default()
    }
}
