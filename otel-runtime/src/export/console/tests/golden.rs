//! Does a trace of a whole shop read well at each width?
//!
//! `BLESS=1 cargo test -p otel-runtime --all-features golden` writes the files anew. Read them as a user would
//! before you commit them.

use std::path::PathBuf;

use opentelemetry::trace::{Event, Link};

use super::super::draw::{Drawing, State};
use super::super::services::Services;
use super::super::span::ShownSpan;
use super::super::tree::Forest;
use super::*;

/// An order, from the request of a browser to the worker that ships it: HTTP, gRPC, a database that is asked
/// 300 times, a message, a retry, an error.
fn order(services: &mut Services, all: bool) -> Vec<ShownSpan> {
    let spans = [request(), stock(), payment(), message()].concat();
    spans
        .iter()
        .map(|(service, span)| ShownSpan::new(span, services.number(service), all))
        .collect()
}

type Of = (&'static str, SpanData);

fn kind(kind: SpanKind, span: SpanData) -> SpanData {
    SpanData { span_kind: kind, ..span }
}

fn text(key: &'static str, value: &'static str) -> KeyValue {
    KeyValue::new(key, value)
}

fn number(key: &'static str, value: i64) -> KeyValue {
    KeyValue::new(key, value)
}

/// The request, and a loop over a database.
fn request() -> Vec<Of> {
    let request = kind(SpanKind::Server, span(1, NO_PARENT, "POST /orders", 0, 218_000));
    let request = with(
        request,
        [
            text("http.request.method", "POST"),
            text("http.route", "/orders"),
            text("url.path", "/orders"),
            text("server.address", "shop.example"),
            number("http.response.status_code", 201),
        ],
    );
    let place = with(span(2, 1, "place_order", 400, 217_000), [number("customer.id", 4815)]);
    let place = with(place, [text("order.id", "A-2026-000017"), number("items", 300)]);
    let load = span(3, 2, "load_prices", 1_000, 62_000);
    let mut spans = vec![("shop", request), ("shop", place), ("shop", load)];
    for item in 0..300 {
        let start = 1_200 + item * 200;
        let took = if item == 117 { 2_000 } else { 130 };
        let query = span(1_000 + item, 3, "SELECT prices", start, start + took);
        let query = with(
            kind(SpanKind::Client, query),
            [
                text("db.system.name", "sqlite"),
                text("db.query.summary", "SELECT prices"),
                text("db.query.text", "SELECT price FROM prices WHERE item = ?"),
                number("db.response.returned_rows", 1),
            ],
        );
        spans.push(("shop", query));
    }
    spans
}

/// A call by gRPC, and what is done for it.
fn stock() -> Vec<Of> {
    let stock = kind(SpanKind::Client, span(4, 2, "warehouse.v1.Stock/Reserve", 63_000, 101_000));
    let grpc = |span| {
        with(
            span,
            [
                text("rpc.system.name", "grpc"),
                text("rpc.method", "warehouse.v1.Stock/Reserve"),
                text("rpc.response.status_code", "OK"),
            ],
        )
    };
    let reserve = remote(span(5, 4, "warehouse.v1.Stock/Reserve", 64_000, 100_000));
    let find = with(span(6, 5, "find_shelf", 65_000, 90_000), [text("shelf", "17-C")]);
    let reserve = grpc(kind(SpanKind::Server, reserve));
    vec![("shop", grpc(stock)), ("warehouse", reserve), ("warehouse", find)]
}

/// Three attempts to be paid.
fn payment() -> Vec<Of> {
    let mut charge = span(7, 2, "charge", 102_000, 205_000);
    charge.events.events = vec![
        Event::new("retry", at(140_000), vec![number("attempt", 2)], 0),
        Event::new("retry", at(180_000), vec![number("attempt", 3)], 0),
    ];
    let charge = with(charge, [text("currency", "EUR"), number("amount", 1_999)]);
    let mut spans = vec![("shop", charge)];
    for (id, start, status) in [(8, 103_000, 503), (9, 141_000, 503), (10, 181_000, 200)] {
        let pay = kind(SpanKind::Client, span(id, 7, "POST", start, start + 23_000));
        let pay = with(
            pay,
            [
                text("http.request.method", "POST"),
                text("server.address", "bank.example"),
                number("server.port", 8443),
                text("url.full", "https://bank.example:8443/v2/payments?x=1"),
                number("http.response.status_code", status),
            ],
        );
        spans.push(("shop", if status == 200 { pay } else { failed(pay, "503", "") }));
    }
    spans
}

/// A message to a worker, which panics, and a call that is given up.
fn message() -> Vec<Of> {
    let send = kind(SpanKind::Producer, span(11, 2, "send orders", 206_000, 207_000));
    let send = with(send, [text("messaging.system", "nats")]);
    let mut ship =
        remote(kind(SpanKind::Consumer, span(12, 11, "process orders", 209_000, 216_500)));
    let message = SpanContext::new(
        TraceId::from(0xabc),
        SpanId::from(0x1234_5678_9abc_def0),
        TraceFlags::SAMPLED,
        true,
        TraceState::NONE,
    );
    ship.links.links = vec![Link::new(message, Vec::new(), 0)];
    let ship = with(ship, [text("messaging.system", "nats")]);
    let mut print = failed(span(13, 12, "print_label", 210_000, 214_000), "panic", "no paper left");
    let place = vec![
        text("exception.type", "panic"),
        text("exception.message", "no paper left"),
        text("code.file.path", "src/label.rs"),
        number("code.line.number", 41),
    ];
    print.events.events = vec![Event::new("exception", at(214_000), place, 0)];
    let quote = with(
        span(14, 2, "ask_other_carrier", 207_500, 209_000),
        [text("traced.outcome", "cancelled"), text("carrier", "ups")],
    );
    vec![("shop", send), ("worker", ship), ("worker", print), ("shop", quote)]
}

fn drawn(columns: usize, all: bool) -> String {
    let mut services = Services::new("shop");
    let spans = order(&mut services, all);
    drawing(&services, &spans).text(&Look::plain(columns).detailed(all))
}

fn drawing<'a>(services: &'a Services, spans: &'a [ShownSpan]) -> Drawing<'a> {
    let forest = Forest::new(spans, |_| None);
    Drawing { trace: TRACE, services, spans, forest, state: State::Complete }
}

/// The picture of the README, which `BLESS=1` draws anew.
#[test]
fn the_picture_of_the_readme_is_what_a_terminal_shows() {
    let mut services = Services::new("shop");
    let spans = order(&mut services, false);
    let look = Look::plain(120).colored(Some(Background::Dark));
    let drawn = drawing(&services, &spans).text(&look);
    let picture = anstyle_svg::Term::new().render_svg(&drawn);

    assert_golden("../../../../../docs/terminal.svg", &picture);
}

fn file(name: &str) -> PathBuf {
    [env!("CARGO_MANIFEST_DIR"), "src/export/console/tests/golden", name].iter().collect()
}

#[track_caller]
fn assert_golden(name: &str, drawn: &str) {
    let file = file(name);
    if std::env::var_os("BLESS").is_some() {
        std::fs::write(&file, drawn).expect("a file that can be written");
    }
    let expected = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(drawn == expected, "{name} is to be\n{expected}\nand is\n{drawn}");
}

#[test]
fn a_shop_reads_well_at_each_width() {
    for columns in [20, 40, 80, 120, 200] {
        let drawn = drawn(columns, false);
        // The id of the trace is written whole, whatever the width.
        let lines = drawn.lines().filter(|line| !line.contains("trace 0af7"));
        let widest = lines.map(super::super::text::width).max();
        assert!(widest <= Some(columns), "{columns}: {widest:?}\n{drawn}");
        assert!(!drawn.contains(" \n"), "trailing blanks:\n{drawn}");
        assert_golden(&format!("order-{columns}.txt"), &drawn);
    }
}
