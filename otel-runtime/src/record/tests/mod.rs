//! Are spans of the SDK unchanged after a conversion to ours and back?

pub(crate) mod random;

use std::time::{Duration, UNIX_EPOCH};

use opentelemetry::trace::{Event, SpanKind, Status};
use opentelemetry::{Array, InstrumentationScope, KeyValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::wire::Message;
use super::{Block, Finished, Limits, Span, field};
use random::{Random, Sample};

/// A span of the SDK, converted to ours and back.
fn there_and_back(data: SpanData, limits: &Limits) -> SpanData {
    let (finished, fields) = Finished::from_sdk(data, limits);
    Span { finished: &finished, fields: &fields }.into()
}

/// All spans of a block.
pub(crate) fn spans(block: &Block) -> impl Iterator<Item = Span<'_>> {
    (0..block.len()).filter_map(|index| block.get(index))
}

#[test]
fn any_span_comes_back_as_it_was() {
    for seed in 0..3_000 {
        let mut random = Random::new(seed).without_nan();
        let samples: Vec<Sample> = (0..3).map(|_| random.span()).collect();
        let mut block = Block::with_capacity(samples.len(), 0);
        for Sample { finished, fields, .. } in &samples {
            assert!(block.push(finished, finished.end, fields));
        }

        let back: Vec<SpanData> = spans(&block).map(SpanData::from).collect();

        assert_eq!(block.len(), samples.len());
        for (back, Sample { data, .. }) in back.iter().zip(&samples) {
            assert_eq!(back, data, "seed {seed}");
        }
    }
}

#[test]
fn of_attributes_with_one_key_the_last_stays_at_the_place_of_the_first() {
    let mut data = random::plain();
    data.attributes =
        vec![KeyValue::new("a", 1), KeyValue::new("b", 2), KeyValue::new("a", "three")];

    let back = there_and_back(data, &Limits::default());

    assert_eq!(back.attributes, [KeyValue::new("a", "three"), KeyValue::new("b", 2)]);
    assert_eq!(back.dropped_attributes_count, 0);
}

#[test]
fn values_are_cut() {
    let array = |text: &'static str| Value::Array(Array::String(vec![text.into(), "ab".into()]));
    let mut data = random::plain();
    data.name = "longer".into();
    data.attributes =
        vec![KeyValue::new("longer", "größer"), KeyValue::new("array", array("abcd"))];
    data.events.events.push(Event::new("longer", UNIX_EPOCH, data.attributes.clone(), 0));
    let limits = Limits { value_length: Some(3), ..Limits::default() };

    let back = there_and_back(data, &limits);

    let expected = [KeyValue::new("longer", "grö"), KeyValue::new("array", array("abc"))];
    assert_eq!(back.name, "longer");
    assert_eq!(back.attributes, expected);
    assert_eq!(back.events[0].name, "longer");
    assert_eq!(back.events[0].attributes, expected);
}

#[test]
fn what_is_left_out_is_added_to_what_was_dropped_before() {
    let attributes: Vec<_> = (0..5).map(|at| KeyValue::new(format!("key {at}"), at)).collect();
    let mut data = random::plain();
    data.attributes = attributes.clone();
    data.dropped_attributes_count = 10;
    data.events.events.push(Event::new("event", UNIX_EPOCH, attributes.clone(), u32::MAX));
    let limits = Limits { attributes_per_span: 3, attributes_per_event: 1, ..Limits::default() };

    let back = there_and_back(data, &limits);

    assert_eq!(back.attributes, attributes[..3]);
    assert_eq!(back.dropped_attributes_count, 12);
    assert_eq!(back.events[0].attributes, attributes[..1]);
    assert_eq!(back.events[0].dropped_attributes_count, u32::MAX);
}

#[test]
fn a_span_does_not_end_before_it_starts() {
    let mut data = random::plain();
    data.start_time = UNIX_EPOCH + Duration::from_secs(2);
    data.end_time = UNIX_EPOCH + Duration::from_secs(1);

    let back = there_and_back(data, &Limits::default());

    assert_eq!(back.end_time, back.start_time);
}

#[test]
fn what_cannot_be_read_is_left_out() {
    for seed in 0..2_000 {
        let mut random = Random::new(seed);
        let Sample { finished, mut fields, .. } = random.span();

        random.damage(&mut fields);
        let data = SpanData::from(Span { finished: &finished, fields: &fields });

        assert_eq!(data.span_context.span_id(), finished.span_id, "seed {seed}");
        assert_eq!(data.span_kind, finished.kind, "seed {seed}");
    }
}

#[test]
fn ids_of_another_length_are_invalid() {
    let (finished, mut fields) = Finished::from_sdk(random::plain(), &Limits::default());
    let mut link = Vec::new();
    link.bytes(field::link::TRACE_ID, &[1; 15]);
    link.bytes(field::link::SPAN_ID, &[1; 9]);
    fields.bytes(field::span::LINKS, &link);

    let data = SpanData::from(Span { finished: &finished, fields: &fields });

    assert!(!data.links[0].span_context.is_valid());
    assert_eq!(data.status, Status::Unset);
    assert_eq!(data.span_kind, SpanKind::Internal);
    assert_eq!(data.instrumentation_scope, InstrumentationScope::default());
}
