//! Which baggage is passed on?

use std::collections::HashMap;

use opentelemetry::KeyValue;
use opentelemetry::baggage::KeyValueMetadata;

use super::*;

/// Several headers with one name.
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

/// Key, value and properties of all members, sorted by key.
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
    let table =
        ["key=value", "a=1,b=2,c=", "a=100%25", "a%20b=1", "a=1;p;q=%22;r=s,b=2;t", "a=%E6%BC%A2"];
    for header in table {
        assert_eq!(inject(&extract(&[header])).as_deref(), Some(header));
    }
}

#[test]
fn several_headers_are_one_list() {
    let context = extract(&["a=1, b = 2;p = q ; r", "", " ,\tc=3\t,", "a=4"]);

    let expected = [("a", "4", ""), ("b", "2", "p=q;r"), ("c", "3", "")]
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

#[test]
fn white_space_in_a_property_is_not_taken_for_a_part_of_its_value() {
    let context = extract(&["a=1 ;\tp =\tv ; q;r\t=\t"]);

    assert_eq!(members(&context), [("a".to_owned(), "1".to_owned(), "p=v;q;r=".to_owned())]);
    assert_eq!(inject(&context).as_deref(), Some("a=1;p=v;q;r="));
}
