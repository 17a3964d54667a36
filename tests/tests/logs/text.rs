//! What does a line of text look like?

use std::fmt;

use opentelemetry::trace::{
    SpanContext, TraceContextExt, TraceFlags, TraceState, Tracer, TracerProvider,
};
use opentelemetry::{Context, SpanId, TraceId};
use otel_runtime::logs::with_trace_context;
use otel_runtime::traced;
use otel_tests::capture::{self as spans, provider};
use tracing::{Event, Subscriber, info};
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::layer::Layer;
use tracing_subscriber::registry::LookupSpan;

use crate::{Lines, bridged_spans, capture, prefix, subscriber, text};

fn lines_and_spans(lines: &Lines) -> impl Subscriber + Send + Sync + use<> {
    subscriber([bridged_spans(), text(lines)])
}

#[traced]
fn works() {
    info!(rows = 3, "found");
}

#[test]
fn a_line_begins_with_the_ids_of_the_function_that_it_is_written_in() {
    let lines = Lines::default();
    let spans = capture(lines_and_spans(&lines), works);

    let expected = format!("{} INFO logs::text: found rows=3\n", prefix(spans.one("works")));
    assert_eq!(lines.text(), expected);
}

#[traced]
async fn waits() {
    tokio::task::yield_now().await;
    info!("after the wait");
}

#[test]
fn so_do_those_of_async_functions_and_of_spans_that_are_made_by_hand() {
    let lines = Lines::default();
    let spans = capture(lines_and_spans(&lines), || {
        let runtime = tokio::runtime::Builder::new_current_thread().build();
        runtime.expect("a runtime").block_on(waits());
        provider().tracer("other").in_span("manual", |_| info!("by hand"));
    });

    assert!(lines.with("after the wait").starts_with(&prefix(spans.one("waits"))));
    assert!(lines.with("by hand").starts_with(&prefix(spans.one("manual"))));
}

#[tracing::instrument]
fn instrumented() {
    info!("instrumented");
    inner();
    info!("instrumented again");
}

#[traced]
fn inner() {
    info!("inner");
    innermost();
}

#[tracing::instrument]
fn innermost() {
    info!("the innermost");
}

#[test]
fn of_traced_and_instrumented_functions_a_line_belongs_to_the_innermost() {
    let lines = Lines::default();
    let spans = capture(lines_and_spans(&lines), instrumented);

    for (said, name) in [
        ("instrumented: logs::text: instrumented again", "instrumented"),
        (": inner", "inner"),
        ("the innermost", "innermost"),
    ] {
        assert!(lines.with(said).starts_with(&prefix(spans.one(name))), "{name}");
    }
    assert_eq!(spans.parent_of("innermost"), "inner");
    assert_eq!(spans.parent_of("inner"), "instrumented");
}

#[test]
fn outside_of_spans_a_line_is_as_it_was() {
    let lines = Lines::default();
    tracing::subscriber::with_default(lines_and_spans(&lines), || info!("nowhere"));

    assert_eq!(lines.text(), " INFO logs::text: nowhere\n");
}

#[test]
fn a_trace_that_is_not_sampled_has_ids_too() {
    let lines = Lines::default();
    let unsampled = SpanContext::new(
        TraceId::from(7),
        SpanId::from(8),
        TraceFlags::default(),
        true,
        TraceState::default(),
    );
    crate::install();
    tracing::subscriber::with_default(lines_and_spans(&lines), || {
        let _attached = Context::new().with_remote_span_context(unsampled).attach();
        works();
    });

    let line = lines.one();
    assert!(line.starts_with(&format!("trace_id={:032x} span_id=", 7)), "{line}");
    assert!(line.contains(" trace_flags=00 "), "{line}");
    assert!(spans::spans_of(TraceId::from(7)).is_empty());
}

#[traced]
fn says_ids_itself() {
    info!(trace_id = "mine", span_id = 7, "found");
}

#[test]
fn what_the_event_has_itself_is_not_said_twice() {
    let lines = Lines::default();
    let _ = capture(lines_and_spans(&lines), says_ids_itself);

    let expected = "trace_flags=01  INFO logs::text: found trace_id=\"mine\" span_id=7\n";
    assert_eq!(lines.text(), expected);
}

/// A format of the program's own.
struct Own(fn(Writer<'_>) -> fmt::Result);

impl<S, N> FormatEvent<S, N> for Own
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        _: &FmtContext<'_, S, N>,
        writer: Writer<'_>,
        _: &Event<'_>,
    ) -> fmt::Result {
        self.0(writer)
    }
}

fn own(
    lines: &Lines,
    format: fn(Writer<'_>) -> fmt::Result,
) -> impl Subscriber + Send + Sync + use<> {
    let layer = tracing_subscriber::fmt::layer()
        .log_internal_errors(false)
        .with_ansi(true)
        .with_writer(lines.clone())
        .event_format(with_trace_context(Own(format)));
    subscriber([layer.boxed()])
}

#[traced]
fn works_twice() {
    info!("one");
    info!("two");
}

#[test]
fn a_format_of_the_programs_own_gets_a_prefix_and_keeps_its_colours() {
    let lines = Lines::default();
    let spans = capture(
        own(&lines, |mut writer| {
            let colour = if writer.has_ansi_escapes() { "\u{1b}[31m" } else { "" };
            writeln!(writer, "{colour}mine")
        }),
        works_twice,
    );

    let prefix = prefix(spans.one("works_twice"));
    // The first line tells what the format writes, and has no colours yet.
    assert_eq!(lines.text(), format!("{prefix}mine\n{prefix}\u{1b}[31mmine\n"));
}

#[test]
fn a_format_that_looks_like_json_and_is_none_gets_a_prefix() {
    for format in [
        (|mut writer| writeln!(writer, "{{\"a\"}} b {{c}}")) as fn(Writer<'_>) -> fmt::Result,
        |mut writer| writeln!(writer, "{{\"a\":1}}{{\"b\":2}}"),
        |mut writer| writeln!(writer, "{{\"a\":1,"),
        |_| Ok(()),
    ] {
        let lines = Lines::default();
        let spans = capture(own(&lines, format), works);

        assert!(lines.text().starts_with(&prefix(spans.one("works"))), "{}", lines.text());
    }
}

#[test]
fn a_format_that_fails_writes_nothing_with_ids_or_without() {
    let lines = Lines::default();
    let _ = capture(
        own(&lines, |mut writer| {
            writer.write_str("half")?;
            Err(fmt::Error)
        }),
        works,
    );

    assert_eq!(lines.text(), "");
}

#[test]
fn pretty_lines_and_compact_ones_have_the_ids_once() {
    let (pretty, compact) = (Lines::default(), Lines::default());
    let layer = || tracing_subscriber::fmt::layer().with_ansi(false);
    let layers = [
        layer().pretty().with_writer(pretty.clone()).map_event_format(with_trace_context).boxed(),
        layer().compact().with_writer(compact.clone()).map_event_format(with_trace_context).boxed(),
    ];
    let spans = capture(subscriber(layers), works);

    for lines in [pretty, compact] {
        assert!(lines.text().starts_with(&prefix(spans.one("works"))), "{}", lines.text());
        assert_eq!(lines.text().matches("trace_id").count(), 1);
    }
}

#[test]
fn of_two_layers_one_has_colours_and_both_have_the_ids_once() {
    for coloured_first in [true, false] {
        let (terminal, file) = (Lines::default(), Lines::default());
        let mut layers = vec![
            tracing_subscriber::fmt::layer()
                .with_ansi(true)
                .with_writer(terminal.clone())
                .map_event_format(with_trace_context)
                .boxed(),
            tracing_subscriber::fmt::layer()
                .json()
                .with_writer(file.clone())
                .map_event_format(with_trace_context)
                .boxed(),
        ];
        if !coloured_first {
            layers.reverse();
        }
        let spans = capture(subscriber(layers), works);

        let id = spans.one("works").span_context.trace_id().to_string();
        assert!(terminal.text().contains("\u{1b}["));
        assert!(!file.text().contains('\u{1b}'));
        assert_eq!(terminal.text().matches(&id).count(), 1);
        assert_eq!(file.text().matches(&id).count(), 1);
    }
}

struct Escapes;

impl fmt::Display for Escapes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a\u{1b}[31mred\nline")
    }
}

#[traced]
fn says_escapes() {
    info!("{Escapes}");
}

#[test]
fn what_the_format_makes_of_a_message_stays_as_it_is() {
    let (with, without) = (Lines::default(), Lines::default());
    let layer = || tracing_subscriber::fmt::layer().without_time().with_ansi(true);
    let layers = [
        layer().with_writer(with.clone()).map_event_format(with_trace_context).boxed(),
        layer().with_writer(without.clone()).boxed(),
    ];
    let spans = capture(subscriber(layers), says_escapes);

    assert_eq!(with.text(), prefix(spans.one("says_escapes")) + &without.text());
}
