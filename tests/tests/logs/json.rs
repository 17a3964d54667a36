//! Is a line of JSON one object, with each key once?

use std::fmt;

use otel_runtime::logs::with_trace_context;
use otel_runtime::traced;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::Value;
use tracing::{Event, Subscriber, info};
use tracing_subscriber::fmt::format::{FmtSpan, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::{Boxed, Lines, bridged_spans, capture, subscriber};

/// The members of an object, in their order.
///
/// # Panics
///
/// When it is none, or has a key twice.
fn members(line: &str) -> Vec<(String, Value)> {
    struct All;
    impl<'de> Visitor<'de> for All {
        type Value = Vec<(String, Value)>;

        fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
            f.write_str("an object")
        }

        fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
            let mut all: Vec<(String, Value)> = Vec::new();
            while let Some((key, value)) = map.next_entry::<String, Value>()? {
                assert!(all.iter().all(|(known, _)| *known != key), "`{key}` twice");
                all.push((key, value));
            }
            Ok(all)
        }
    }
    let mut read = serde_json::Deserializer::from_str(line);
    let all = read.deserialize_map(All).unwrap_or_else(|error| panic!("{line}: {error}"));
    read.end().unwrap_or_else(|error| panic!("{line}: {error}"));
    all
}

fn member(line: &str, key: &str) -> Value {
    let found = members(line).into_iter().find(|(known, _)| known == key);
    found.unwrap_or_else(|| panic!("no `{key}` in {line}")).1
}

fn json(lines: &Lines) -> Boxed {
    tracing_subscriber::fmt::layer()
        .json()
        .with_writer(lines.clone())
        .map_event_format(with_trace_context)
        .boxed()
}

fn flattened(lines: &Lines) -> Boxed {
    tracing_subscriber::fmt::layer()
        .json()
        .flatten_event(true)
        .with_file(true)
        .with_line_number(true)
        .with_thread_names(true)
        .with_writer(lines.clone())
        .map_event_format(with_trace_context)
        .boxed()
}

#[traced]
fn works() {
    info!(rows = 3, "found \"it\"");
}

#[test]
fn the_ids_are_strings_in_front() {
    for layer in [json, flattened] {
        let lines = Lines::default();
        let spans = capture(subscriber([layer(&lines)]), works);

        let line = lines.one();
        let context = &spans.one("works").span_context;
        let keys: Vec<String> = members(&line).into_iter().map(|(key, _)| key).collect();
        assert_eq!(keys[..4], ["trace_id", "span_id", "trace_flags", "timestamp"]);
        assert_eq!(member(&line, "trace_id"), context.trace_id().to_string());
        assert_eq!(member(&line, "span_id"), context.span_id().to_string());
        assert_eq!(member(&line, "trace_flags"), "01");
        assert_eq!(member(&line, "level"), "INFO");
    }
}

#[test]
fn outside_of_spans_a_line_is_as_it_was() {
    let (with, without) = (Lines::default(), Lines::default());
    let plain = tracing_subscriber::fmt::layer().json().without_time();
    let ours = tracing_subscriber::fmt::layer().json().without_time();
    let layers = [
        ours.with_writer(with.clone()).map_event_format(with_trace_context).boxed(),
        plain.with_writer(without.clone()).boxed(),
    ];
    tracing::subscriber::with_default(subscriber(layers), || info!(rows = 3, "found"));

    assert_eq!(with.text(), without.text());
}

#[traced]
fn says_everything_itself() {
    info!(
        trace_id = 7,
        level = "high",
        message = "mine",
        target = "aim",
        timestamp = 0,
        threadName = "t"
    );
}

#[test]
fn of_a_key_that_the_event_has_too_the_events_holds() {
    let lines = Lines::default();
    let spans = capture(subscriber([flattened(&lines)]), says_everything_itself);

    let line = lines.one();
    assert_eq!(member(&line, "trace_id"), 7);
    assert_eq!(
        member(&line, "span_id"),
        spans.one("says_everything_itself").span_context.span_id().to_string()
    );
    assert_eq!(member(&line, "level"), "high");
    assert_eq!(member(&line, "message"), "mine");
    assert_eq!(member(&line, "target"), "aim");
    assert_eq!(member(&line, "timestamp"), 0);
    assert_eq!(member(&line, "threadName"), "t");

    // In an object of their own they are no other's.
    let lines = Lines::default();
    let spans = capture(subscriber([json(&lines)]), says_everything_itself);
    let line = lines.one();
    let id = spans.one("says_everything_itself").span_context.trace_id().to_string();
    assert_eq!(member(&line, "trace_id"), id);
    assert_eq!(member(&line, "level"), "INFO");
    assert_eq!(member(&line, "fields")["trace_id"], 7);
    assert_eq!(member(&line, "fields")["level"], "high");
}

#[test]
fn where_no_span_is_each_key_is_there_once_too() {
    let lines = Lines::default();
    let layers = subscriber([flattened(&lines)]);
    tracing::subscriber::with_default(layers, says_everything_itself_without_a_span);

    assert_eq!(member(&lines.one(), "level"), "high");
}

fn says_everything_itself_without_a_span() {
    info!(level = "high", "mine");
}

#[tracing::instrument]
fn instrumented(id: u32) {
    info!("inside");
}

#[test]
fn what_tells_of_spans_has_their_ids_but_for_their_beginning() {
    let lines = Lines::default();
    let layer = tracing_subscriber::fmt::layer()
        .json()
        .with_span_events(FmtSpan::FULL)
        .with_writer(lines.clone())
        .map_event_format(with_trace_context)
        .boxed();
    let spans = capture(subscriber([layer, bridged_spans()]), || instrumented(7));

    let id = spans.one("instrumented").span_context.span_id().to_string();
    let mut told = Vec::new();
    for line in lines.all() {
        let members = members(&line);
        let span_id = members.iter().find(|(key, _)| key == "span_id");
        let message = member(&line, "fields")["message"].as_str().expect("a message").to_owned();
        assert_eq!(
            span_id.map(|(_, id)| id.as_str()),
            (message != "new").then_some(Some(&id[..])),
            "{line}"
        );
        told.push(message);
    }
    assert_eq!(told, ["new", "enter", "inside", "exit", "close"]);
}

/// A format of the program's own.
struct Own(&'static str);

impl<S, N> FormatEvent<S, N> for Own
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        _: &Event<'_>,
    ) -> fmt::Result {
        writer.write_str(self.0)
    }
}

#[test]
fn json_of_a_format_of_the_programs_own_gets_the_ids_too() {
    for (written, rest) in [
        ("{}\n", "}\n"),
        ("{\"a\":1}\n", ",\"a\":1}\n"),
        ("{ \"a\" : [1, 2.50] }", ",\"a\":[1, 2.50]}"),
        ("{\n  \"a\": {\"b\": 1e400}\n}\n", ",\"a\":{\"b\": 1e400}}\n"),
        ("{\"a\":1,\"\\u0061\":2}\r\n", ",\"a\":1}\r\n"),
    ] {
        let lines = Lines::default();
        let layer = tracing_subscriber::fmt::layer()
            .with_writer(lines.clone())
            .event_format(with_trace_context(Own(written)));
        let spans = capture(subscriber([layer.boxed()]), works);

        let context = &spans.one("works").span_context;
        let ids = format!(
            "{{\"trace_id\":\"{}\",\"span_id\":\"{}\",\"trace_flags\":\"01\"",
            context.trace_id(),
            context.span_id(),
        );
        assert_eq!(lines.text(), format!("{ids}{rest}"));
    }
    let lines = Lines::default();
    let has_one = Own("{\"span_id\":\"mine\"}\n");
    let layer = tracing_subscriber::fmt::layer()
        .with_writer(lines.clone())
        .event_format(with_trace_context(has_one));
    let _ = capture(subscriber([layer.boxed()]), works);
    assert_eq!(member(&lines.one(), "span_id"), "mine");
    assert_eq!(members(&lines.one()).len(), 3);
}
