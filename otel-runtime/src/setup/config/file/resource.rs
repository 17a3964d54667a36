//! What does a file say of the resource?

use opentelemetry::{Array, KeyValue, StringValue, Value};

use super::section::{Entry, Section, SectionReader};
use crate::setup::config::environment::Environment;
use crate::setup::config::list;
use crate::setup::config::source::{Given, Source};

/// These are always detected; `service` also reads a variable.
const DETECTORS: [&str; 3] = ["service", "host", "process"];

#[derive(Default)]
pub(super) struct Resource {
    pub(super) service_name: Option<Given<String>>,
    /// If a key occurs twice, the last one wins.
    pub(super) attributes: Vec<Given<KeyValue>>,
    pub(super) schema_url: Option<Given<String>>,
}

/// `resource`
pub(super) fn read(
    root: &mut Section,
    environment: &Environment,
    reader: &mut SectionReader<'_>,
) -> Resource {
    let Some(entry) = root.take("resource") else { return Resource::default() };
    let mut section = entry.section(reader);
    let mut attributes = Vec::new();
    if let Some(entry) = section.take("attributes_list")
        && let Some(Given { value, from }) = entry.text(reader)
    {
        match list::pairs(&value) {
            Ok(pairs) => attributes.extend(pairs.into_iter().map(|(key, value)| Given {
                value: KeyValue::new(key, value),
                from: from.clone(),
            })),
            Err(remedy) => reader.problems.add(from, Some(value), remedy),
        }
    }
    for entry in section.take("attributes").map(|entry| entry.list(reader)).unwrap_or_default() {
        attributes.extend(attribute(entry, reader));
    }
    let schema_url = section.take("schema_url").and_then(|entry| entry.text(reader));
    let detected = section.take("detection/development").map(|entry| entry.section(reader));
    let reads_service = detected.is_some_and(|section| detection(section, reader));
    section.finish(reader);
    // A name that is written in the file wins over one that was detected.
    let is_named = attributes.iter().any(|given| given.value.key.as_str() == "service.name");
    let variable = "OTEL_SERVICE_NAME";
    let service_name = if reads_service && !is_named {
        let value = environment.get(variable).and_then(|value| value.to_str());
        value
            .filter(|value| !value.is_empty())
            .map(|value| Given { value: value.to_owned(), from: Source::Variable(variable) })
    } else {
        None
    };
    Resource { service_name, attributes, schema_url }
}

/// Whether `service` is among the detectors.
fn detection(mut section: Section, reader: &mut SectionReader<'_>) -> bool {
    let remedy = "what is detected is sent, and no argument of the process is among it";
    section.leave_out("attributes", remedy, reader);
    let mut reads_service = false;
    for entry in section.take("detectors").map(|entry| entry.list(reader)).unwrap_or_default() {
        let Some((name, entry)) = entry.open_choice(&DETECTORS, reader) else { continue };
        if DETECTORS.contains(&name.as_str()) {
            reads_service |= name == "service";
            entry.nothing(reader);
        } else {
            let why = "this is not detected: say it in resource.attributes, or have the Collector \
                       detect it";
            reader.left_out(entry.path(), why.to_owned());
        }
    }
    section.finish(reader);
    reads_service
}

fn attribute(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<KeyValue>> {
    let mut section = entry.section(reader);
    let remedy = "write the attribute's name, such as service.name";
    let name = section.require("name", remedy, reader).and_then(|entry| entry.text(reader));
    let kind = section.take("type").and_then(|entry| entry.text(reader));
    // "The entry is ignored."
    let value = section.take("value").and_then(|entry| self::value(entry, kind.as_ref(), reader));
    section.finish(reader);
    let key = name?.value;
    value.map(|given| given.map(|value| KeyValue::new(key, value)))
}

fn value(
    entry: Entry,
    kind: Option<&Given<String>>,
    reader: &mut SectionReader<'_>,
) -> Option<Given<Value>> {
    let path = entry.path().to_owned();
    let list = |entry: Entry, reader: &mut SectionReader<'_>| entry.list(reader).into_iter();
    let (name, from) = match kind {
        Some(given) => (given.value.as_str(), Some(&given.from)),
        None => ("string", None),
    };
    let value = match name {
        // Even if it looks like another type: a version that looks like a number is still a version.
        "string" => entry.verbatim(reader)?.value.into(),
        "bool" => Value::Bool(entry.boolean(reader)?.value),
        "int" => Value::I64(entry.integer(reader)?.value),
        "double" => Value::F64(entry.number(reader)?.value),
        "string_array" => Value::Array(Array::String(
            list(entry, reader)
                .filter_map(|entry| Some(StringValue::from(entry.verbatim(reader)?.value)))
                .collect(),
        )),
        "bool_array" => Value::Array(Array::Bool(
            list(entry, reader).filter_map(|entry| Some(entry.boolean(reader)?.value)).collect(),
        )),
        "int_array" => Value::Array(Array::I64(
            list(entry, reader).filter_map(|entry| Some(entry.integer(reader)?.value)).collect(),
        )),
        "double_array" => Value::Array(Array::F64(
            list(entry, reader).filter_map(|entry| Some(entry.number(reader)?.value)).collect(),
        )),
        unknown => {
            let remedy = "write one of string, bool, int, double, string_array, bool_array, \
                          int_array, double_array";
            if let Some(from) = from {
                reader.problems.add(from, Some(unknown.to_owned()), remedy);
            }
            return None;
        }
    };
    Some(reader.given(path, value))
}
