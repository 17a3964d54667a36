//! How is baggage written into a W3C `baggage` header, and read back?

use std::sync::LazyLock;
use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::baggage::{Baggage, BaggageExt, BaggageMetadata};
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::{Context, Key, StringValue};
use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::process::inbound::{self, Inbound};
use crate::process::stderr;

const BAGGAGE: &str = "baggage";

static FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [BAGGAGE.to_owned()]);

/// Section 3.3.2: at least this many members have to be passed on, and this many bytes.
pub(super) const MAX_MEMBERS: usize = 64;
pub(super) const MAX_BYTES: usize = 8192;

/// Characters that cannot stand in a list of properties. Properties are passed on as they came.
const NOT_IN_PROPERTIES: &AsciiSet = &CONTROLS.add(b'"').add(b',').add(b'\\');

/// Section 3.3.1.3: characters that cannot stand in a value; and the percent sign, which would be
/// decoded. The equals sign is allowed, but some parsers stop at it.
const NOT_IN_VALUE: &AsciiSet = &NOT_IN_PROPERTIES.add(b' ').add(b';').add(b'%').add(b'=');

/// Propagates [`Baggage`] in the header `baggage`, as
/// [W3C Baggage](https://www.w3.org/TR/baggage/) has it.
///
/// Unlike `opentelemetry_sdk`'s propagator of the same name:
///
/// - Several headers are one list. Of two members with one key, the last holds.
/// - A value arrives as it was set, whatever is in it: what a header cannot hold is percent-encoded, and
///   so is the percent sign. Octets that are no UTF-8 when decoded become U+FFFD.
/// - Properties, the metadata of the API, are passed on in the encoding in which they came, without white space
///   around them.
/// - A member that does not follow the specification is skipped, and the others stay. Its content is not
///   reported anywhere.
/// - At most 64 members and 8192 bytes are read and written: what the specification demands at least.
///   Of more, the first whole members are read, and those that fit are written, in the order of their
///   keys. A line on stderr says once in a process that members were left out, and of how many bytes.
///   `Stats::refused` counts lists that were not read whole.
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
        let baggage = context.baggage();
        if baggage.is_empty() {
            return;
        }
        let header = write(baggage);
        if !header.is_empty() {
            injector.set(BAGGAGE, header);
        }
    }

    /// Returns `context` with the baggage of the carrier in place of its own; if the carrier has none,
    /// `context` as it is.
    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let Some(headers) = extractor.get_all(BAGGAGE) else { return context.clone() };
        let baggage = read(&headers);
        if baggage.is_empty() { context.clone() } else { context.with_baggage(baggage) }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

fn write(baggage: &Baggage) -> String {
    // The API keeps its members in no particular order.
    let mut members: Vec<_> = baggage.iter().collect();
    members.sort_unstable_by_key(|(key, _)| key.as_str());
    let room = |member: &Member<'_>| {
        let (key, (value, properties)) = member;
        key.as_str().len() + value.as_str().len() + properties.as_str().len() + 3
    };
    let mut header = String::with_capacity(members.iter().map(room).sum());
    let mut left_out = 0;
    for (index, member) in members.iter().enumerate() {
        let before = header.len();
        if before > 0 {
            header.push(',');
        }
        push_member(&mut header, member);
        if index >= MAX_MEMBERS || header.len() > MAX_BYTES {
            left_out += header.len() - before;
            header.truncate(before);
        }
    }
    if left_out > 0 {
        tell_left_out(header.len() + left_out);
    }
    header
}

/// A member as the API has it.
type Member<'a> = (&'a Key, &'a (StringValue, BaggageMetadata));

fn push_member(header: &mut String, (key, (value, properties)): &Member<'_>) {
    header.push_str(key.as_str());
    header.push('=');
    push_encoded(header, value.as_str(), NOT_IN_VALUE);
    let properties = properties.as_str().trim_matches([';', ' ', '\t']);
    if !properties.is_empty() {
        header.push(';');
        push_encoded(header, properties, NOT_IN_PROPERTIES);
    }
}

fn push_encoded(header: &mut String, text: &str, set: &'static AsciiSet) {
    // Most texts have nothing to encode.
    if text.bytes().all(|byte| PLAIN[usize::from(byte)]) {
        header.push_str(text);
    } else {
        header.extend(utf8_percent_encode(text, set));
    }
}

fn read(headers: &[&str]) -> Baggage {
    let mut baggage = Baggage::new();
    let (mut bytes, mut members, mut is_whole) = (0, 0, true);
    for text in headers.iter().flat_map(|header| Members(Some(header))) {
        bytes += text.len() + 1;
        let is_full = bytes > MAX_BYTES + 1 || members == MAX_MEMBERS;
        if is_full && !trimmed(text).is_empty() {
            is_whole = false;
            break;
        }
        if let Some((key, value)) = simple(text) {
            members += 1;
            baggage.insert(key.to_owned(), decoded(value));
        } else if let Some((key, value, properties)) = parse(text) {
            members += 1;
            baggage.insert_with_metadata(key.to_owned(), decoded(value), properties.as_str());
        } else if !trimmed(text).is_empty() {
            is_whole = false;
        }
    }
    if !is_whole {
        inbound::refuse(Inbound::Baggage, inbound::length(headers));
    }
    baggage
}

/// The texts between the commas of a header. They are short, so a loop over the bytes is the fastest.
struct Members<'a>(Option<&'a str>);

impl<'a> Iterator for Members<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        let rest = self.0?;
        let comma = rest.bytes().position(|byte| byte == b',');
        self.0 = comma.map(|comma| &rest[comma + 1..]);
        Some(comma.map_or(rest, |comma| &rest[..comma]))
    }
}

/// A member without white space or properties, as most are.
fn simple(member: &str) -> Option<(&str, &str)> {
    let bytes = member.as_bytes();
    let equals = bytes.iter().position(|byte| !OF_TOKEN[usize::from(*byte)])?;
    if equals == 0 || bytes[equals] != b'=' {
        return None;
    }
    let (key, value) = (&member[..equals], &member[equals + 1..]);
    is_value(value).then_some((key, value))
}

fn decoded(value: &str) -> String {
    if !value.bytes().any(|byte| byte == b'%') {
        return value.to_owned();
    }
    let mut bytes = Vec::with_capacity(value.len());
    bytes.extend(percent_decode_str(value));
    String::from_utf8(bytes)
        .unwrap_or_else(|error| String::from_utf8_lossy(error.as_bytes()).into_owned())
}

/// Section 3.3.1: `key OWS "=" OWS value *( OWS ";" OWS property )`
fn parse(member: &str) -> Option<(&str, &str, String)> {
    let (pair, properties) = member.split_once(';').unwrap_or((member, ""));
    let (key, value) = pair.split_once('=')?;
    let (key, value) = (trimmed(key), trimmed(value));
    if !is_token(key) || !is_value(value) {
        return None;
    }
    let mut kept = String::new();
    for property in properties.split(';').map(trimmed).filter(|property| !property.is_empty()) {
        if !is_property(property) {
            return None;
        }
        if !kept.is_empty() {
            kept.push(';');
        }
        // White space around the equals sign is not of the value: a tab would go out encoded, as if it were.
        match property.split_once('=') {
            Some((key, value)) => kept.extend([trimmed(key), "=", trimmed(value)]),
            None => kept.push_str(property),
        }
    }
    Some((key, value, kept))
}

fn trimmed(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}

/// RFC 7230, section 3.2.6.
pub(super) fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| OF_TOKEN[usize::from(byte)])
}

/// Section 3.3.1.3: `*baggage-octet`.
fn is_value(text: &str) -> bool {
    text.bytes().all(|byte| OF_VALUE[usize::from(byte)])
}

/// Section 3.3.1.4: `key OWS "=" OWS value / key`
fn is_property(text: &str) -> bool {
    match text.split_once('=') {
        Some((key, value)) => is_token(trimmed(key)) && is_value(trimmed(value)),
        None => is_token(text),
    }
}

/// For each byte, whether it is of this class: a header is checked byte by byte.
type Class = [bool; 256];

const OF_TOKEN: Class = class(b"!#$%&'*+-.^_`|~", true);
const OF_VALUE: Class = class(b"\",;\\", false);
/// Characters that need no encoding anywhere.
const PLAIN: Class = class(b"-._~/:@", true);

/// With `with`, letters, digits and `others`; without it, all visible characters except `others`.
const fn class(others: &[u8], with: bool) -> Class {
    let mut class = [false; 256];
    let mut byte = 0u8;
    while byte < 128 {
        let mut is_other = false;
        let mut at = 0;
        while at < others.len() {
            is_other |= others[at] == byte;
            at += 1;
        }
        class[byte as usize] = if with {
            byte.is_ascii_alphanumeric() || is_other
        } else {
            byte.is_ascii_graphic() && !is_other
        };
        byte += 1;
    }
    class
}

/// The content of the members must stay out of every log: people put personal data into baggage.
pub(super) fn tell_left_out(bytes: usize) {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        stderr::warn(&format!(
            "baggage of {bytes} bytes goes out, and members of it are left out: a header holds \
             {MAX_MEMBERS} members in {MAX_BYTES} bytes; this is told once",
        ));
    }
}

#[cfg(test)]
mod tests;
