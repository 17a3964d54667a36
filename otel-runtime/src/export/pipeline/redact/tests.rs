//! Does anything leave that was planted somewhere in a span?

use std::borrow::Cow;
use std::sync::Arc;
use std::time::UNIX_EPOCH;

use opentelemetry::trace::{Event, Link, SpanContext, SpanId, Status, TraceFlags, TraceId};
use opentelemetry::{Array, InstrumentationScope, KeyValue, StringValue, Value};
use opentelemetry_sdk::trace::SpanData;

use super::*;
use crate::privacy::{Class, Detector, Finding, Mode};
use crate::record::fields::{self, Scalar};
use crate::record::tests::random::{self, Random, Sample};
use crate::record::tests::spans;
use crate::record::{Fields, Function, Origin, Span, field};

const CARD: &str = "4539578763621486";
const CARD_NUMBER: i64 = 4_539_578_763_621_486;
const SECRET: &str = "hunter2-canary";
const ADDRESS: &str = "ada.l@acme-corp.dev";

/// What no mode but `off` lets leave, and what only some keep back.
const ALWAYS: [&str; 2] = [CARD, SECRET];

/// A text with a value in it that its neighbours give away, if it does not do so itself.
fn text(value: &str) -> String {
    match value {
        SECRET => format!("login password={SECRET} ok"),
        value => format!("paid with card {value} ok"),
    }
}

/// A span of another library that has `planted` in every position.
fn span_with(planted: &str) -> SpanData {
    let attributes = || {
        let texts: Vec<StringValue> = vec!["clean".to_owned().into(), planted.to_owned().into()];
        let mut all = vec![
            KeyValue::new("note", planted.to_owned()),
            KeyValue::new(format!("key {planted}"), "value"),
            KeyValue::new("notes", Value::Array(Array::String(texts))),
        ];
        if planted.contains(CARD) {
            #[expect(clippy::cast_precision_loss, reason = "it is small enough")]
            let float = CARD_NUMBER as f64;
            all.push(KeyValue::new("card.number", CARD_NUMBER));
            all.push(KeyValue::new("card.float", float));
            all.push(KeyValue::new("card.numbers", Value::Array(Array::I64(vec![1, CARD_NUMBER]))));
            all.push(KeyValue::new("card.floats", Value::Array(Array::F64(vec![0.5, float]))));
        }
        all
    };
    let mut data = random::plain();
    data.name = Cow::Owned(format!("name {planted}"));
    data.attributes = attributes();
    data.events.events = vec![
        Event::new(format!("event {planted}"), UNIX_EPOCH, attributes(), 0),
        Event::new(
            "exception",
            UNIX_EPOCH,
            vec![
                KeyValue::new("exception.message", planted.to_owned()),
                KeyValue::new("exception.stacktrace", format!("at main\n  {planted}\n")),
                KeyValue::new("exception.type", format!("Error<{planted}>")),
            ],
            0,
        ),
    ];
    data.links.links = vec![Link::new(data.span_context.clone(), attributes(), 0)];
    data.status = Status::error(format!("failed: {planted}"));
    data.instrumentation_scope = InstrumentationScope::builder(format!("scope {planted}"))
        .with_version(format!("version {planted}"))
        .with_schema_url(format!("https://schemas.dev/?{planted}"))
        .with_attributes(attributes())
        .build();
    data
}

/// What leaves a program's own exporter, which is to be the same.
#[track_caller]
fn leaves_alike(redactor: &Redactor, data: SpanData) {
    let (finished, fields) = left(redactor.clone(), data.clone());
    let by_stage = SpanData::from(Span { finished: &finished, fields: &fields });
    let mut by_exporter = redactor.span(data);
    // The scope of an attribute has no order, and a span's own is compared where it is looked at.
    by_exporter.instrumentation_scope = by_stage.instrumentation_scope.clone();
    assert_eq!(by_exporter, by_stage);
}

#[test]
fn the_pipeline_and_an_exporter_of_the_programs_own_let_the_same_leave() {
    for planted in [CARD, SECRET, ADDRESS, "order 7"] {
        for mode in Mode::ALL {
            let redactor = Redactor::new(mode).allow("note");
            leaves_alike(&redactor, span_with(&text(planted)));
            let scope = redactor.span(span_with(&text(planted))).instrumentation_scope;
            let (finished, _) = left(redactor, span_with(&text(planted)));
            assert_eq!(&scope, finished.origin.scope());
        }
    }
    for seed in 0..300 {
        let data = Random::new(seed).without_nan().span().data;
        for mode in Mode::ALL {
            leaves_alike(&Redactor::new(mode).allow("a"), data.clone());
        }
    }
}

/// The bytes that would leave.
fn left(mode: Redactor, data: SpanData) -> (Finished, Fields) {
    let (mut finished, old) = Finished::from_sdk(data, &Limits::default());
    let mut new = Vec::new();
    let mut redaction = Redaction::new(mode, Limits::default());
    let is_changed = redaction.span(&mut finished, &old, &mut new);
    (finished, if is_changed { new } else { old })
}

fn shows(finished: &Finished, fields: &[u8], planted: &str) -> bool {
    let has = |bytes: &[u8]| bytes.windows(planted.len()).any(|it| it == planted.as_bytes());
    let number = planted.parse::<i64>().ok();
    let data = SpanData::from(Span { finished, fields });
    let attributes = data.attributes.iter();
    let attributes = attributes.chain(data.events.iter().flat_map(|it| &it.attributes));
    let mut attributes = attributes.chain(data.links.iter().flat_map(|it| &it.attributes));
    has(fields)
        || has(format!("{:?}", finished.origin).as_bytes())
        || number.is_some_and(|number| {
            attributes.any(|it| it.value.to_string().contains(&number.to_string()))
        })
}

#[test]
fn what_was_planted_in_any_position_leaves_in_no_mode_that_looks_for_it() {
    for planted in [CARD, SECRET, ADDRESS] {
        for mode in Mode::ALL {
            let (finished, fields) = left(Redactor::new(mode), span_with(&text(planted)));
            let leaves = match mode {
                Mode::Off => true,
                Mode::Secrets => !ALWAYS.contains(&planted),
                _ => false,
            };
            assert_eq!(shows(&finished, &fields, planted), leaves, "{planted} {mode}");
        }
    }
}

#[test]
fn what_stands_beside_what_was_found_leaves_as_it_was() {
    let data = span_with(&text(SECRET));
    let (finished, fields) = left(Redactor::new(Mode::Secrets), data.clone());
    let left = SpanData::from(Span { finished: &finished, fields: &fields });

    let clean = span_with("login password=[credential] ok");
    let status = |it: &SpanData| format!("{:?}", it.status);
    assert_eq!((left.name.as_ref(), status(&left)), (clean.name.as_ref(), status(&clean)));
    assert_eq!(left.attributes, clean.attributes);
    assert_eq!(left.events.events, clean.events.events);
    assert_eq!(left.links, clean.links);
    assert_eq!(left.instrumentation_scope, clean.instrumentation_scope);
    assert_eq!(left.span_context, data.span_context);
    assert_eq!((left.start_time, left.end_time), (data.start_time, data.end_time));
}

#[test]
fn a_span_in_which_nothing_is_found_is_not_touched() {
    for mode in [Mode::Secrets, Mode::Personal] {
        let (_, old) = Finished::from_sdk(span_with("order 7"), &Limits::default());
        let (finished, new) = left(Redactor::new(mode), span_with("order 7"));
        assert_eq!(new, old, "{mode}");
        assert!(matches!(finished.origin, Origin::Library(_)));
    }
}

#[test]
fn only_what_is_listed_leaves_where_a_list_says_what_does() {
    let mut data = span_with("order 7");
    data.attributes.push(KeyValue::new("error.type", "NoStock"));
    data.attributes.push(KeyValue::new("listed", true));
    data.attributes.push(KeyValue::new("not.listed", true));
    data.attributes.push(KeyValue::new("shop.items", 3));
    let redactor = Redactor::new(Mode::AllowList).allow("listed").allow("shop.*").allow("note");

    let (finished, fields) = left(redactor.clone(), data);
    let left = SpanData::from(Span { finished: &finished, fields: &fields });

    let keys = |all: &[KeyValue]| all.iter().map(|it| it.key.to_string()).collect::<Vec<_>>();
    assert_eq!(keys(&left.attributes), ["note", "error.type", "listed", "shop.items"]);
    assert_eq!(left.name, "[redacted]");
    assert_eq!(left.status, Status::error(""));
    let events: Vec<_> =
        left.events.iter().map(|it| (it.name.as_ref(), keys(&it.attributes))).collect();
    assert_eq!(
        events,
        [("[redacted]", vec!["note".to_owned()]), ("exception", vec!["exception.type".to_owned()])]
    );
    assert_eq!(keys(&left.links[0].attributes), ["note"]);
    let of_scope: Vec<_> = left.instrumentation_scope.attributes().cloned().collect();
    assert_eq!(keys(&of_scope), ["note"]);
    assert!(redactor.stats().unknown > 10);
}

#[test]
fn a_trace_state_loses_the_members_in_which_something_is_found() {
    let state = |header: &str| {
        let mut data = random::plain();
        let state = header.parse().expect("a trace state");
        let (trace, span) = (TraceId::from_bytes([1; 16]), SpanId::from_bytes([2; 8]));
        let context = SpanContext::new(trace, span, TraceFlags::SAMPLED, true, state);
        data.links.links = vec![Link::new(context.clone(), Vec::new(), 0)];
        data.span_context = context;
        let (finished, fields) = left(Redactor::new(Mode::Secrets), data);
        let data = SpanData::from(Span { finished: &finished, fields: &fields });
        let [own, linked] =
            [&data.span_context, &data.links[0].span_context].map(|it| it.trace_state().header());
        assert_eq!(own, linked);
        own
    };
    // Fourteen digits that may be a card are a random number here.
    for kept in ["", "a=1,b=2", "ot=th:c;rv:45395787636214", "ot=rv:45395787636214,a=1"] {
        assert_eq!(state(kept), kept);
    }
    assert_eq!(state(&format!("a=1,card={CARD},b=2")), "a=1,b=2");
    assert_eq!(state(&format!("ot=th:c;x:{CARD},b=2")), "b=2");
    assert_eq!(state(&format!("card={CARD}")), "");
}

fn function(name: &'static str, file: &'static str, scope: &'static str) -> &'static Function {
    let mut place = Vec::new();
    for (key, value) in [("code.function.name", name), ("code.file.path", file)] {
        fields::scalar(&mut place, field::span::ATTRIBUTES, key, Scalar::String(value));
    }
    Box::leak(Box::new(Function {
        name,
        number: 3,
        path: name,
        scope: Box::leak(Box::new(InstrumentationScope::builder(scope).build())),
        place: place.into(),
        place_count: 2,
    }))
}

#[test]
fn what_is_common_to_all_spans_of_a_function_is_looked_at_once() {
    let clean = function("load", "src/main.rs", "shop");
    let secret =
        function("paid with card 4539578763621486", "src/card 4539578763621486.rs", "shop");
    let redactor = Redactor::new(Mode::Secrets);
    let mut redaction = Redaction::new(redactor.clone(), Limits::default());
    for _ in 0..3 {
        let mut finished = Finished::of(clean);
        assert!(!redaction.span(&mut finished, &[], &mut Vec::new()));
        assert!(matches!(finished.origin, Origin::Function(it) if std::ptr::eq(it, clean)));
    }
    for _ in 0..3 {
        let (mut finished, mut fields) = (Finished::of(secret), Vec::new());
        assert!(redaction.span(&mut finished, &[], &mut fields));
        assert!(!shows(&finished, &fields, CARD));
        let data = SpanData::from(Span { finished: &finished, fields: &fields });
        assert_eq!(data.name, "paid with card [financial]");
        assert_eq!(data.attributes.len(), 2);
        assert_eq!(data.instrumentation_scope.name(), "shop");
    }
    assert_eq!(redactor.stats().financial, 3);
}

#[test]
fn a_function_whose_span_has_another_name_goes_back_to_its_own_where_only_constants_leave() {
    let (mut finished, mut fields) =
        (Finished::of(function("load", "src/main.rs", "shop")), Vec::new());
    finished.named = true;
    let mut old = Fields::new();
    crate::record::wire::Message::text(&mut old, field::span::NAME, "GET /orders/7");

    assert!(left_of(Mode::AllowList, &mut finished, &old, &mut fields));
    assert_eq!(SpanData::from(Span { finished: &finished, fields: &fields }).name, "load");
}

fn left_of(mode: Mode, finished: &mut Finished, old: &[u8], out: &mut Vec<u8>) -> bool {
    Redaction::new(Redactor::new(mode), Limits::default()).span(finished, old, out)
}

#[test]
fn a_value_is_cut_after_it_was_looked_at() {
    let limits = Limits { value_length: Some(24), ..Limits::default() };
    let mut redaction = Redaction::new(Redactor::new(Mode::Secrets), limits);
    let mut data = random::plain();
    data.attributes = vec![
        KeyValue::new("a", format!("to the card {CARD}, please")),
        KeyValue::new("b", "x".repeat(25)),
        KeyValue::new("c", "y".repeat(24)),
        KeyValue::new("d", Value::Array(Array::String(vec!["z".repeat(30).into()]))),
    ];
    let recorded = limits.to_look_at(64);
    let (mut finished, old) = Finished::from_sdk(data, &recorded);
    let mut new = Vec::new();
    assert!(redaction.span(&mut finished, &old, &mut new));
    let data = SpanData::from(Span { finished: &finished, fields: &new });

    let values: Vec<_> = data.attributes.iter().map(|it| it.value.to_string()).collect();
    let expected = ["to the card [financial],", &"x".repeat(24), &"y".repeat(24)];
    assert_eq!(values[..3], expected);
    assert_eq!(values[3], format!("[\"{}\"]", "z".repeat(24)));
}

/// Finds the word `panic` hard to bear.
struct Panics;

impl Detector for Panics {
    fn detect(&self, _: Option<&str>, text: &str, _: &mut Vec<Finding>) {
        assert!(!text.contains("panic"), "{text}");
    }
}

/// Says that something is where nothing can be.
struct OutOfPlace;

impl Detector for OutOfPlace {
    fn detect(&self, _: Option<&str>, text: &str, found: &mut Vec<Finding>) {
        if text.starts_with('ä') {
            found.push(Finding::new(1..2, Class::Contact, "test"));
        } else if text.starts_with("beyond") {
            found.push(Finding::new(0..text.len() + 1, Class::Contact, "test"));
        }
    }
}

#[test]
fn a_value_is_dropped_that_a_detector_panics_at_and_the_others_stay() {
    let redactor = Redactor::new(Mode::Secrets).detector(Panics).detector(OutOfPlace);
    let mut data = random::plain();
    data.attributes = vec![
        KeyValue::new("a", "don't panic"),
        KeyValue::new("b", "calm"),
        KeyValue::new("c", "ä"),
        KeyValue::new("d", "beyond the end"),
    ];
    data.status = Status::error("panic");
    let (finished, fields) = left(redactor.clone(), data);
    let data = SpanData::from(Span { finished: &finished, fields: &fields });

    assert_eq!(data.attributes, [KeyValue::new("b", "calm")]);
    assert_eq!(data.status, Status::error(""));
    assert_eq!(redactor.stats().failed, 2);
}

#[test]
fn a_dry_run_changes_nothing_and_names_what_it_would_have() {
    let redactor = Redactor::new(Mode::Secrets).dry_run(true);
    let data = span_with(&text(CARD));
    let (_, old) = Finished::from_sdk(data.clone(), &Limits::default());

    let (_, new) = left(redactor.clone(), data);

    assert_eq!(new, old);
    let told = redactor.would_redact();
    let count = |key: &str| {
        told.iter().find(|it| it.key == key && it.class == Class::Financial).map(|it| it.count)
    };
    assert_eq!(count("note"), Some(4));
    assert_eq!(count("span.name"), Some(1));
    assert_eq!(count("status.message"), Some(1));
    assert!(count("key").is_some());
    assert!(!format!("{told:?}{redactor:?}").contains(CARD));
    assert_eq!(redactor.stats().financial, told.iter().map(|it| it.count).sum::<u64>());
}

#[test]
fn spans_of_any_shape_come_through_and_what_cannot_be_read_stays_behind() {
    for seed in 0..1_000 {
        let mut random = Random::new(seed).without_nan();
        let samples: Vec<Sample> = (0..3).map(|_| random.span()).collect();
        for mode in Mode::ALL {
            let mut block = Block::with_capacity(samples.len(), 0);
            for Sample { finished, fields, .. } in &samples {
                assert!(block.push(finished, finished.end, fields));
            }
            let redactor = Redactor::new(mode).detector(OutOfPlace);
            let mut redaction = Redaction::new(redactor.clone(), Limits::default());
            let block = redaction.rewrite(block);
            assert_eq!(block.len(), samples.len());
            for (span, Sample { finished, .. }) in spans(&block).zip(&samples) {
                assert_eq!(span.finished.span_id, finished.span_id, "seed {seed}");
            }
        }
        let Sample { mut finished, mut fields, .. } = random.span();
        random.damage(&mut fields);
        left_of(Mode::Secrets, &mut finished, &fields, &mut Vec::new());
    }
}

#[test]
fn keys_that_become_the_same_are_one_attribute() {
    let mut data = random::plain();
    data.attributes = ["4539578763621486", "5425233430109903"]
        .map(|card| KeyValue::new(format!("card {card}"), "x"))
        .to_vec();
    let (finished, fields) = left(Redactor::new(Mode::Secrets), data);
    let data = SpanData::from(Span { finished: &finished, fields: &fields });
    assert_eq!(data.attributes, [KeyValue::new("card [financial]", "x")]);
}

#[test]
fn the_scope_of_a_span_of_another_library_is_looked_at() {
    let scope = InstrumentationScope::builder(format!("card {CARD}")).build();
    let mut finished = Finished {
        origin: Origin::Library(Arc::new(scope)),
        ..Finished::of(function("load", "src/main.rs", "shop"))
    };
    assert!(!left_of(Mode::Secrets, &mut finished, &[], &mut Vec::new()));
    assert_eq!(finished.origin.scope().name(), "card [financial]");
}
