//! Is a length right where it takes one byte more?

use std::collections::BTreeSet;
use std::ops::Range;

use opentelemetry::trace::{Event, Status};
use opentelemetry::{Array, KeyValue, Value};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::SpanData;
use prost::Message;

use super::{Encoder, assert_same, ours, theirs};
use crate::record::tests::random::{Sample, plain};

/// The greatest lengths that one, two and three bytes can express, and one more than that.
const ONE_BYTE: usize = 1 << 7;
const TWO_BYTES: usize = 1 << 14;
const THREE_BYTES: usize = 1 << 21;

/// Compares spans that have something of each of these lengths; returns how long the encoded spans
/// were.
fn compare(lengths: Range<usize>, with: impl Fn(&mut SpanData, String)) -> BTreeSet<usize> {
    let resource = Resource::builder_empty().build();
    let mut encoder = Encoder::new(&resource);
    let mut seen = BTreeSet::new();
    for len in lengths {
        let mut data = plain();
        with(&mut data, "a".repeat(len));
        let sample = [Sample::new(data)];

        let theirs = theirs(&resource, &sample);

        assert_same(&ours(&mut encoder, &sample), &theirs, &format!("length {len}"));
        seen.insert(theirs.resource_spans[0].scope_spans[0].spans[0].encoded_len());
    }
    seen
}

#[test]
fn of_a_span() {
    for boundary in [ONE_BYTE, TWO_BYTES, THREE_BYTES] {
        // A plain span has 56 bytes, and two to five to say that there is a name.
        let seen = compare(boundary - 64..boundary - 50, |span, text| span.name = text.into());

        assert!(seen.contains(&(boundary - 1)), "{seen:?}");
        assert!(seen.contains(&boundary), "{seen:?}");
    }
}

#[test]
fn of_what_is_around_a_span() {
    let around = 100;
    for boundary in [ONE_BYTE, TWO_BYTES] {
        compare(boundary - around..boundary, |span, text| span.name = text.into());
    }
}

#[test]
fn of_an_attribute() {
    let value = |text: String| Value::Array(Array::String(vec![text.into(), "".into()]));
    for boundary in [ONE_BYTE, TWO_BYTES] {
        let lengths = boundary - 20..boundary + 2;
        compare(lengths.clone(), |span, text| span.attributes = vec![KeyValue::new("key", text)]);
        compare(lengths.clone(), |span, text| span.attributes = vec![KeyValue::new(text, 1)]);
        compare(lengths, |span, text| span.attributes = vec![KeyValue::new("key", value(text))]);
    }
}

#[test]
fn of_an_event_and_of_a_status() {
    for boundary in [ONE_BYTE, TWO_BYTES] {
        let lengths = boundary - 20..boundary + 2;
        compare(lengths.clone(), |span, text| {
            span.events.events = vec![Event::new(text, span.start_time, Vec::new(), 0)];
        });
        compare(lengths, |span, text| span.status = Status::error(text));
    }
}
