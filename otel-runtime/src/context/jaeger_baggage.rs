//! How is baggage written into Jaeger's headers, and read back?

use opentelemetry::Context;
use opentelemetry::baggage::{Baggage, BaggageExt};
use opentelemetry::propagation::{Extractor, Injector};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

use super::baggage::{MAX_BYTES, MAX_MEMBERS, is_token, tell_left_out};
use super::fields::{UBER_CTX, begins_with};
use crate::process::inbound::{self, Inbound};

pub(super) const JAEGER_BAGGAGE: &str = "jaeger-baggage";

/// What Jaeger's clients leave as it is.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Writes the baggage of `context`: beside a span a header for each entry, and one list without.
pub(super) fn inject(context: &Context, is_traced: bool, injector: &mut dyn Injector) {
    let baggage = context.baggage();
    if baggage.is_empty() {
        return;
    }
    let mut members: Vec<_> = baggage
        .iter()
        .filter(|(key, _)| is_token(key.as_str()))
        .map(|(key, (value, _))| (key.as_str(), value.as_str()))
        .collect();
    // The API keeps its members in no particular order.
    members.sort_unstable();
    let (mut list, mut bytes, mut left_out) = (String::new(), 0, 0);
    for (index, (key, value)) in members.into_iter().enumerate() {
        let value: String = utf8_percent_encode(value, ENCODED).collect();
        let length = UBER_CTX.len() + key.len() + value.len();
        if index >= MAX_MEMBERS || bytes + length > MAX_BYTES {
            left_out += length;
            continue;
        }
        bytes += length;
        if is_traced {
            injector.set(&format!("{UBER_CTX}{key}"), value);
        } else {
            let separator = if list.is_empty() { "" } else { "," };
            list.extend([separator, key, "=", &value]);
        }
    }
    if !list.is_empty() {
        injector.set(JAEGER_BAGGAGE, list);
    }
    if left_out > 0 {
        tell_left_out(bytes + left_out);
    }
}

/// `context` with the baggage of the carrier in place of its own; `None` if the carrier has none.
pub(super) fn extract(
    context: &Context,
    is_traced: bool,
    extractor: &dyn Extractor,
) -> Option<Context> {
    let mut found = Found::default();
    // The names of all headers are a list that has to be made: only where a Jaeger client sent them.
    if is_traced {
        let names = extractor.keys();
        let entries = names.iter().filter_map(|name| Some((entry(name)?, *name)));
        for (key, name) in entries.take(MAX_MEMBERS + 1) {
            // As HTTP/2 has it, whatever the carrier made of it.
            found.add(&key.to_ascii_lowercase(), extractor.get(name).unwrap_or("\u{fffd}"));
        }
    }
    let lists = extractor.get_all(JAEGER_BAGGAGE).unwrap_or_default();
    let members = lists.iter().flat_map(|list| list.split(','));
    let members = members.map(|it| it.trim_matches([' ', '\t'])).filter(|it| !it.is_empty());
    for member in members.take(MAX_MEMBERS + 1) {
        let (key, value) = member.split_once('=').unwrap_or(("", member));
        found.add(key.trim_end_matches([' ', '\t']), value.trim_start_matches([' ', '\t']));
    }
    if found.is_cut {
        inbound::refuse(Inbound::Baggage, found.bytes);
    }
    (!found.baggage.is_empty()).then(|| context.with_baggage(found.baggage))
}

/// The key of an entry whose header, or environment variable, has this name.
fn entry(name: &str) -> Option<&str> {
    let is_entry = begins_with(name, UBER_CTX) || name.starts_with("UBERCTX_");
    is_entry.then(|| &name[UBER_CTX.len()..])
}

#[derive(Default)]
struct Found {
    baggage: Baggage,
    members: usize,
    bytes: usize,
    is_cut: bool,
}

impl Found {
    fn add(&mut self, key: &str, value: &str) {
        self.members += 1;
        self.bytes += key.len() + value.len();
        let is_full = self.members > MAX_MEMBERS || self.bytes > MAX_BYTES;
        if is_full || !is_token(key) || !value.bytes().all(|it| matches!(it, b' '..=b'~')) {
            self.is_cut = true;
        } else {
            self.baggage.insert(key.to_owned(), decoded(value));
        }
    }
}

/// Jaeger's clients for Go and Java encode a space as a plus sign, and a plus sign as `%2B`.
fn decoded(value: &str) -> String {
    let plain: Vec<u8> = value.bytes().map(|it| if it == b'+' { b' ' } else { it }).collect();
    percent_decode(&plain).decode_utf8_lossy().into_owned()
}

#[cfg(test)]
mod tests;
