//! Spans by hand, and a terminal that remembers.

mod collecting;
mod convention;
mod drawing;
mod filter;
mod flood;
mod golden;
#[cfg(unix)]
mod joined;
mod links;
mod open;
mod parts;

use std::io::{self, Write};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{SpanContext, SpanKind, Status, TraceState};
use opentelemetry::{InstrumentationScope, KeyValue, SpanId, TraceFlags, TraceId};
use opentelemetry_sdk::trace::{SpanData, SpanEvents, SpanLinks};

use super::{Look, OpenTraces, Waterfall};
use crate::export::settings::{Background, Shown};

const TRACE: TraceId =
    TraceId::from_bytes(0x0af7_6519_16cd_43dd_8448_eb21_1c80_319c_u128.to_be_bytes());
const NO_PARENT: u64 = 0;
const REMOTE: u64 = 0xb7ad_6b71_6920_3331;

/// So many microseconds after 14:03:21.
fn at(micros: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_micros(50_601_000_000 + micros)
}

/// A span that ran between two times, in microseconds.
fn span(id: u64, parent: u64, name: &'static str, start: u64, end: u64) -> SpanData {
    SpanData {
        span_context: SpanContext::new(
            TRACE,
            SpanId::from(id),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        ),
        parent_span_id: SpanId::from(parent),
        parent_span_is_remote: false,
        span_kind: SpanKind::Internal,
        name: name.into(),
        start_time: at(start),
        end_time: at(end),
        attributes: vec![
            KeyValue::new("code.function.name", "shop::name"),
            KeyValue::new("code.file.path", "src/shop.rs"),
            KeyValue::new("code.line.number", 41),
        ],
        dropped_attributes_count: 0,
        events: SpanEvents::default(),
        links: SpanLinks::default(),
        status: Status::Unset,
        instrumentation_scope: InstrumentationScope::default(),
    }
}

fn remote(mut span: SpanData) -> SpanData {
    span.parent_span_is_remote = true;
    span
}

fn with<const N: usize>(mut span: SpanData, attributes: [KeyValue; N]) -> SpanData {
    span.attributes.extend(attributes);
    span
}

fn failed(mut span: SpanData, error_type: &'static str, description: &'static str) -> SpanData {
    span.status = Status::error(description);
    with(span, [KeyValue::new("error.type", error_type)])
}

fn of_trace(trace: u128, mut span: SpanData) -> SpanData {
    let context = &span.span_context;
    span.span_context = SpanContext::new(
        TraceId::from(trace),
        context.span_id(),
        context.trace_flags(),
        false,
        TraceState::NONE,
    );
    span
}

/// A terminal that keeps what is written, one entry for each write.
#[derive(Clone, Default)]
struct Screen(Arc<Mutex<Vec<String>>>);

impl Write for Screen {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8(bytes.to_vec()).map_err(io::Error::other)?;
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(text);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

struct Console {
    screen: Screen,
    open: OpenTraces,
    waterfall: Waterfall,
}

impl Console {
    fn new() -> Self {
        Self::with(Look::plain(100))
    }

    fn with(look: Look) -> Self {
        Self::showing(Shown::default(), look)
    }

    fn showing(shown: Shown, look: Look) -> Self {
        let screen = Screen::default();
        let out = Box::new(screen.clone());
        let (open, waterfall) = Waterfall::new(out, look, shown, "shop@1.2.0");
        Self { screen, open, waterfall }
    }

    /// What is drawn when these spans have ended.
    fn ended<const N: usize>(&mut self, spans: [SpanData; N]) -> Vec<String> {
        self.waterfall.ended(spans);
        self.drawn()
    }

    fn finished(&mut self) -> Vec<String> {
        self.waterfall.finish();
        self.drawn()
    }

    fn drawn(&self) -> Vec<String> {
        std::mem::take(&mut self.screen.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

#[track_caller]
fn assert_drawn(drawn: &[String], expected: &str) {
    let drawn = drawn.concat();
    assert!(drawn.lines().all(|line| super::text::width(line) <= 100), "too wide:\n{drawn}");
    assert!(!drawn.contains(" \n"), "trailing blanks:\n{drawn}");
    let expected = expected.strip_prefix('\n').unwrap_or(expected);
    assert!(drawn == expected, "drawn:\n{drawn}\nexpected:\n{expected}");
}

fn checkout() -> [SpanData; 4] {
    [
        with(span(2, 1, "load_cart", 0, 10_100), [KeyValue::new("items", 3)]),
        failed(span(4, 1, "ship", 33_000, 33_312), "shop::stock::NoStock", ""),
        with(span(3, 1, "charge", 10_200, 30_600), [KeyValue::new("user_id", 4815)]),
        failed(span(1, NO_PARENT, "GET /checkout/{id}", 0, 63_200), "shop::Failure", "no stock"),
    ]
}
