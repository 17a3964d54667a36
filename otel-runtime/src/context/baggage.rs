//! How is baggage written into a W3C `baggage` header, and read back?

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::Context;
use opentelemetry::baggage::{Baggage, BaggageExt, BaggageMetadata, KeyValueMetadata};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::process::stderr;

const BAGGAGE: &str = "baggage";

static FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [BAGGAGE.to_owned()]);

/// Section 3.3.2: as many members have to be passed on, in as many bytes.
const MAX_MEMBERS: usize = 64;
const MAX_BYTES: usize = 8192;

/// What cannot stand in a list of properties, which are passed on as they came.
const NOT_IN_PROPERTIES: &AsciiSet = &CONTROLS.add(b'"').add(b',').add(b'\\');

/// Section 3.3.1.3: what cannot stand in a value, and the percent sign, which would be decoded. The
/// equals sign could, but parsers are known that stop at it.
const NOT_IN_VALUE: &AsciiSet = &NOT_IN_PROPERTIES.add(b' ').add(b';').add(b'%').add(b'=');

/// Propagates [`Baggage`] in the header `baggage`, as
/// [W3C Baggage](https://www.w3.org/TR/baggage/) has it.
///
/// Unlike `opentelemetry_sdk`'s propagator of the same name:
///
/// - Several headers are one list. Of two members with one key, the last holds.
/// - A value arrives as it was set, whatever is in it: what a header cannot hold is percent-encoded, and
///   so is the percent sign. Octets that are no UTF-8 when decoded become U+FFFD.
/// - Properties, the metadata of the API, are passed on as they came, in their encoding.
/// - A member that is not as the specification has it is skipped, and the others stay. Nothing of it is
///   told to anybody.
/// - At most 64 members and 8192 bytes are read and written: what the specification demands at least.
///   Of more, the first whole members are read, and those that fit are written, in the order of their
///   keys. A line on stderr says once in a process that members were left out, and of how many bytes.
///
/// Without any valid member in the carrier, the baggage of the context stays.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::Context;
/// use opentelemetry::baggage::BaggageExt;
/// use opentelemetry::propagation::TextMapPropagator;
/// use otel_runtime::context::BaggagePropagator;
///
/// let headers = HashMap::from([("baggage".to_owned(), "discount=100%25;ttl=1".to_owned())]);
///
/// let context = BaggagePropagator::default().extract(&headers);
/// assert_eq!(context.baggage().get("discount").map(ToString::to_string).as_deref(), Some("100%"));
///
/// let mut outgoing = HashMap::new();
/// BaggagePropagator::default().inject_context(&context, &mut outgoing);
/// assert_eq!(outgoing, headers);
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct BaggagePropagator {}

impl TextMapPropagator for BaggagePropagator {
    /// Writes `baggage`, unless there is none.
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let header = write(context.baggage());
        if !header.is_empty() {
            injector.set(BAGGAGE, header);
        }
    }

    /// Returns `context` with the baggage of the carrier in place of its own, or as it is if there is
    /// none.
    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let members = read(&extractor.get_all(BAGGAGE).unwrap_or_default());
        if members.is_empty() { context.clone() } else { context.with_baggage(members) }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

fn write(baggage: &Baggage) -> String {
    let mut members: Vec<_> = baggage
        .iter()
        .map(|(key, (value, properties))| member(key.as_str(), value.as_str(), properties))
        .collect();
    // The API keeps them in no order.
    members.sort_unstable();
    let mut header = String::new();
    let mut is_all = members.len() <= MAX_MEMBERS;
    for member in members.iter().take(MAX_MEMBERS) {
        let separator = if header.is_empty() { "" } else { "," };
        if header.len() + separator.len() + member.len() > MAX_BYTES {
            is_all = false;
            continue;
        }
        header.push_str(separator);
        header.push_str(member);
    }
    if !is_all {
        tell_left_out("goes out", members.iter().map(|member| member.len() + 1).sum());
    }
    header
}

fn member(key: &str, value: &str, properties: &BaggageMetadata) -> String {
    let mut member = format!("{key}={}", utf8_percent_encode(value, NOT_IN_VALUE));
    let properties = properties.as_str().trim_matches([';', ' ', '\t']);
    if !properties.is_empty() {
        member.push(';');
        member.extend(utf8_percent_encode(properties, NOT_IN_PROPERTIES));
    }
    member
}

fn read(headers: &[&str]) -> Vec<KeyValueMetadata> {
    let mut members = Vec::new();
    let mut bytes = 0;
    for text in headers.iter().flat_map(|header| header.split(',')) {
        bytes += text.len() + 1;
        if trimmed(text).is_empty() {
            continue;
        }
        if bytes > MAX_BYTES + 1 || members.len() == MAX_MEMBERS {
            tell_left_out("came in", headers.iter().map(|header| header.len()).sum());
            break;
        }
        members.extend(parse(text));
    }
    members
}

/// Section 3.3.1: `key OWS "=" OWS value *( OWS ";" OWS property )`
fn parse(member: &str) -> Option<KeyValueMetadata> {
    let (pair, properties) = member.split_once(';').unwrap_or((member, ""));
    let (key, value) = pair.split_once('=')?;
    let (key, value) = (trimmed(key), trimmed(value));
    let properties: Vec<_> =
        properties.split(';').map(trimmed).filter(|property| !property.is_empty()).collect();
    if !is_token(key) || !is_value(value) || !properties.iter().all(|it| is_property(it)) {
        return None;
    }
    let value = percent_decode_str(value).decode_utf8_lossy().into_owned();
    Some(KeyValueMetadata::new(key.to_owned(), value, properties.join(";").as_str()))
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// RFC 7230, section 3.2.6.
fn is_token(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte);
    !text.is_empty() && text.bytes().all(is_allowed)
}

/// Section 3.3.1.3: `*baggage-octet`.
fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_graphic() && !b"\",;\\".contains(&byte))
}

/// Section 3.3.1.4: `key OWS "=" OWS value / key`
fn is_property(text: &str) -> bool {
    match text.split_once('=') {
        Some((key, value)) => is_token(trimmed(key)) && is_value(trimmed(value)),
        None => is_token(text),
    }
}

/// What it says must stay out of every log: baggage is where people put what is personal.
fn tell_left_out(way: &str, bytes: usize) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        stderr::warn(&format!(
            "baggage of {bytes} bytes {way}, and members of it are left out: a header holds \
             {MAX_MEMBERS} members in {MAX_BYTES} bytes; this is told once",
        ));
    }
}

#[cfg(test)]
mod tests;
