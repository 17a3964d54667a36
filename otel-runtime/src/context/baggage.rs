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
mod tests {
    use std::collections::HashMap;

    use opentelemetry::KeyValue;

    use super::*;

    /// Several headers of one name.
    struct Headers<'a>(&'a [&'a str]);

    impl Extractor for Headers<'_> {
        fn get(&self, _: &str) -> Option<&str> {
            self.0.first().copied()
        }

        fn keys(&self) -> Vec<&str> {
            vec![BAGGAGE]
        }

        fn get_all(&self, key: &str) -> Option<Vec<&str>> {
            (key == BAGGAGE && !self.0.is_empty()).then(|| self.0.to_vec())
        }
    }

    fn extract(headers: &[&str]) -> Context {
        BaggagePropagator::default().extract_with_context(&Context::new(), &Headers(headers))
    }

    fn inject(context: &Context) -> Option<String> {
        let mut carrier = HashMap::new();
        BaggagePropagator::default().inject_context(context, &mut carrier);
        carrier.remove(BAGGAGE)
    }

    /// Key, value and properties of all members, by key.
    fn members(context: &Context) -> Vec<(String, String, String)> {
        let mut members: Vec<_> = context
            .baggage()
            .iter()
            .map(|(key, (value, properties))| {
                (key.to_string(), value.to_string(), properties.as_str().to_owned())
            })
            .collect();
        members.sort();
        members
    }

    fn value(headers: &[&str], key: &str) -> Option<String> {
        extract(headers).baggage().get(key).map(ToString::to_string)
    }

    #[test]
    fn any_value_arrives_as_it_was_set() {
        let all: String = (' '..='~').collect();
        let values = [
            "",
            " ",
            " a b ",
            "100%",
            "100%25",
            "%",
            "a=b=c",
            "a,b;c",
            "\"quoted\"",
            "C:\\temp",
            "é ü 漢 🦀",
            "line\r\nbreak\t\0",
            &all,
        ];
        for value in values {
            let set = Context::new().with_baggage([KeyValue::new("key", value.to_owned())]);

            let header = inject(&set).expect("a member");

            assert!(header.bytes().all(|byte| byte.is_ascii_graphic()), "{header}");
            assert!(!header.contains(['"', '\\', ',', ';']), "{header}");
            assert_eq!(self::value(&[&header], "key").as_deref(), Some(value), "{header}");
        }
    }

    #[test]
    fn what_came_in_goes_out() {
        let table = [
            "key=value",
            "a=1,b=2,c=",
            "a=100%25",
            "a%20b=1",
            "a=1;p;q=%22;r=s,b=2;t",
            "a=%E6%BC%A2",
        ];
        for header in table {
            assert_eq!(inject(&extract(&[header])).as_deref(), Some(header));
        }
    }

    #[test]
    fn several_headers_are_one_list() {
        let context = extract(&["a=1, b = 2;p = q ; r", "", " ,\tc=3\t,", "a=4"]);

        let expected = [("a", "4", ""), ("b", "2", "p = q;r"), ("c", "3", "")]
            .map(|(key, value, of)| (key.to_owned(), value.to_owned(), of.to_owned()));
        assert_eq!(members(&context), expected);
    }

    #[test]
    fn a_malformed_member_is_skipped_and_the_others_stay() {
        let malformed = [
            "",
            "a",
            "=1",
            "=",
            ";p",
            "a b=1",
            "a(b)=1",
            "é=1",
            "a=1 2",
            "a=\"1\"",
            "a=\\",
            "a=é",
            "a=\u{1b}[31m",
            "a=1;=p",
            "a=1;p q",
            "a=1;p=\"q\"",
            "\u{fffd}",
        ];
        for malformed in malformed {
            let context = extract(&["x=1", &format!("y=2,{malformed},z=3")]);
            let keys: Vec<_> = members(&context).into_iter().map(|(key, ..)| key).collect();
            assert_eq!(keys, ["x", "y", "z"], "{malformed:?}");
        }
    }

    #[test]
    fn what_is_encoded_in_an_odd_way_is_decoded_as_far_as_it_goes() {
        let table = [
            ("a=%41%c3%a9", "Aé"),
            ("a=%ff", "\u{fffd}"),
            ("a=50%", "50%"),
            ("a=%4", "%4"),
            ("a=%zz", "%zz"),
            ("a=b=c", "b=c"),
            ("a=a+b", "a+b"),
        ];
        for (header, expected) in table {
            assert_eq!(value(&[header], "a").as_deref(), Some(expected), "{header}");
        }
    }

    #[test]
    fn a_header_without_any_member_leaves_the_baggage_alone() {
        let context = Context::new().with_baggage([KeyValue::new("tenant", "7")]);

        for headers in [&[] as &[&str], &[""], &["no member"]] {
            let extracted =
                BaggagePropagator::default().extract_with_context(&context, &Headers(headers));
            assert_eq!(members(&extracted), members(&context), "{headers:?}");
        }
        assert_eq!(inject(&Context::new()), None);
    }

    #[test]
    fn beyond_64_members_or_8192_bytes_whole_members_are_left_out() {
        let list =
            |count: usize| (0..count).map(|n| format!("k{n:03}={n}")).collect::<Vec<_>>().join(",");
        assert_eq!(members(&extract(&[&list(64)])).len(), 64);
        assert_eq!(members(&extract(&[&list(65)])).len(), 64);
        assert_eq!(members(&extract(&[&list(40), &list(200)])).len(), 40, "the first 64, twice");

        let fits = format!("k={}", "v".repeat(8190));
        assert_eq!(value(&[&fits], "k").map(|value| value.len()), Some(8190));
        let too_long = format!("a=1,k={}", "v".repeat(8190));
        assert_eq!(members(&extract(&[&too_long])).len(), 1);
        assert_eq!(members(&extract(&["a=1", &fits, "b=2"])).len(), 1);
    }

    #[test]
    fn what_goes_out_is_within_the_limits_though_encoding_makes_it_longer() {
        let context = Context::new().with_baggage([
            KeyValue::new("a", "1"),
            KeyValue::new("b", "%".repeat(3000)),
            KeyValue::new("c", "é".repeat(1000)),
            KeyValue::new("d", "2"),
        ]);

        let header = inject(&context).expect("some fit");

        assert!(header.len() <= 8192, "{}", header.len());
        let keys: Vec<_> = members(&extract(&[&header])).into_iter().map(|(key, ..)| key).collect();
        assert_eq!(keys, ["a", "c", "d"]);
    }

    #[test]
    fn properties_that_a_program_sets_cannot_begin_another_member() {
        let member = KeyValueMetadata::new("a", "1", "; p = q,evil=1 \\\"\r\né; r%20 ;");
        let header = inject(&Context::new().with_baggage([member])).expect("a member");

        assert_eq!(header, "a=1;p = q%2Cevil=1 %5C%22%0D%0A%C3%A9; r%20");
    }

    #[test]
    fn its_field_is_the_header() {
        assert_eq!(BaggagePropagator::default().fields().collect::<Vec<_>>(), [BAGGAGE]);
    }
}
