//! Does a drawing read well, whatever the spans?

use opentelemetry::KeyValue;

use super::*;

const LONG: &str = "a text that is so long that it could not be in any one line together with anything \
    that the line is there for, so that it has to be cut";

#[test]
fn a_trace_is_drawn_once_its_root_has_ended() {
    let mut console = Console::new();
    console.open.started(TRACE);
    let [load, ship, charge, root] = checkout();

    assert!(console.ended([load, ship]).is_empty());
    let drawn = console.ended([root, charge]);

    assert_eq!(drawn.len(), 1, "one write a trace");
    assert_drawn(
        &drawn,
        "
14:03:21.000Z  63.2ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  4 spans  2 failed
┃ · ✗ GET /checkout/{id}  Failure: no stock  src/shop.rs:41   63.2ms  ██████████████████████████████
    · load_cart  items=3                                      10.1ms  ████▊
┃   · charge  user_id=4815                                    20.4ms       █████████▋
    · ✗ ship  NoStock  src/shop.rs:41                        312.0µs                  ▏
",
    );
    assert!(console.finished().is_empty());
}

#[test]
fn a_span_alone_is_one_line_under_its_trace() {
    let mut console = Console::new();
    let load = span(1, NO_PARENT, "load_cart", 0, 10_100);

    assert_drawn(
        &console.ended([with(load, [KeyValue::new("items", 3)])]),
        "
14:03:21.000Z  10.1ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c
  · load_cart  items=3   10.1ms  ███████████████████████████████████████████████████████████████████
",
    );
}

#[test]
fn a_part_of_another_process_s_trace_says_so() {
    let mut console = Console::new();
    console.open.started(TRACE);
    console.open.started(TRACE);
    let first = remote(span(1, REMOTE, "GET /cart", 0, 10_000));
    let second = remote(span(3, REMOTE, "POST /cart", 12_000, 20_000));
    let load = span(2, 1, "load_cart", 2_000, 8_000);
    let store = failed(span(4, 3, "store_cart", 14_000, 18_000), "std::io::Error", "disk full");

    assert_drawn(
        &console.ended([load, first, store, second]),
        "
14:03:21.000Z  20.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  4 spans  1 failed
┃ · GET /cart  continues b7ad…3331                         10.0ms  ████████████████▌
┃   · load_cart                                             6.0ms     █████████▉
  · POST /cart  continues b7ad…3331                         8.0ms                      █████████████
    · ✗ store_cart  io::Error: disk full  src/shop.rs:41    4.0ms                         ██████▋
",
    );
}

#[test]
fn a_cancelled_span_is_not_a_failed_one() {
    let mut console = Console::new();
    let quote = with(
        span(2, 1, "quote", 1_000, 5_000),
        [KeyValue::new("traced.outcome", "cancelled"), KeyValue::new("carrier", "ups")],
    );

    assert_drawn(
        &console.ended([quote, span(1, NO_PARENT, "quotes", 0, 5_000)]),
        "
14:03:21.000Z  5.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  2 spans
┃ · quotes                               5.0ms  ████████████████████████████████████████████████████
┃   · ⊘ quote  cancelled  carrier=ups    4.0ms            █████████████████████████████████████████▋
",
    );
}

#[test]
fn foreign_text_stays_in_its_place() {
    let mut console = Console::new();
    let mut evil = span(2, 1, "evil", 0, 5_000);
    evil.name = "load\n✗ fake\u{1b}[2J".into();
    let evil = with(
        evil,
        [KeyValue::new("q", "a b\"\u{202e}"), KeyValue::new("q\tq", ""), KeyValue::new("n", "x=y")],
    );
    let wide = with(
        span(3, 1, "買い物かごを読み込む", 1_000, 5_000),
        [
            KeyValue::new("名前", "日本語".repeat(20)),
            KeyValue::new("twice", 1),
            KeyValue::new("twice", 2),
        ],
    );
    let long = failed(span(4, 1, "long", 2_000, 3_000), "a::Wrapped<b::C>", LONG);
    let root = failed(span(1, NO_PARENT, LONG, 0, 5_000), "E", LONG);

    assert_drawn(
        &console.ended([evil, wide, long, root]),
        r#"
14:03:21.000Z  5.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  4 spans  2 failed
┃ · ✗ a text that is so long that it could not be in any one li…    5.0ms  █████████████████████████
    E: a text that is so long that it could not be in any one line together with anything that the …
    src/shop.rs:41
┃   · load\n✗ fake\u{1b}[2J  q="a b\"\u{202e}"  q\tq=""  n="x=y"    5.0ms  █████████████████████████
    · 買い物かごを読み込む  +2                                      4.0ms       ████████████████████
    · ✗ long                                                        1.0ms            █████
      Wrapped<b::C>: a text that is so long that it could not be in any one line together with anyt…
      src/shop.rs:41
"#,
    );
}

#[test]
fn an_error_goes_before_attributes() {
    let mut console = Console::new();
    let mut query = span(1, NO_PARENT, "query", 0, 5_000);
    query.attributes.clear();
    let query = with(query, [KeyValue::new("table", "carts"), KeyValue::new("database", "shop")]);

    assert_drawn(
        &console.ended([failed(query, "", "connection to the database was closed before")]),
        "
14:03:21.000Z  5.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  1 failed
  · ✗ query  connection to the database was closed before  +2    5.0ms  ████████████████████████████
",
    );
}

#[test]
fn details_are_all_there() {
    let mut console = Console::new();
    console.open.started(TRACE);
    console.open.started(TRACE);
    let first = with(
        remote(span(1, REMOTE, "GET /customers/{customer_id}/orders/{order_id}", 0, 10_000)),
        [KeyValue::new("customer.id", 4815), KeyValue::new("order.id", "A-2026-000017")],
    );
    let just_fits = with(
        span(2, 1, "load_order", 1_000, 9_000),
        [KeyValue::new("order", 17), KeyValue::new("bytes", 10_240)],
    );
    let fits_not = with(
        span(3, 2, "query", 2_000, 8_000),
        [KeyValue::new("order", 17), KeyValue::new("bytes", 102_400)],
    );
    let second = remote(span(4, REMOTE, "POST /payments", 12_000, 20_000));
    let second = with(second, [KeyValue::new("order.id", "A-2026-000017")]);
    let second = failed(second, "shop::pay::Declined", "the bank says no");
    let charge = with(
        failed(span(5, 4, "charge", 14_000, 18_000), "shop::pay::Declined", "the bank says no"),
        [
            KeyValue::new("bank", "First Bank of Somewhere Else"),
            KeyValue::new("amount", 1999),
            KeyValue::new("currency", "EUR"),
            KeyValue::new("attempt", 3),
            KeyValue::new("retry", false),
        ],
    );

    assert_drawn(
        &console.ended([fits_not, just_fits, first, charge, second]),
        "
14:03:21.000Z  20.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  5 spans  2 failed
┃ · GET /customers/{customer_id}/orders/{order_id}  +2           10.0ms  █████████████▌
    continues b7ad…3331
┃   · load_order  order=17  bytes=10240                           8.0ms   ██████████▊
┃     · query  order=17  bytes=102400                             6.0ms     ████████▏
  · ✗ POST /payments  continues b7ad…3331  +1                     8.0ms                  ██████████▊
    · ✗ charge  Declined: the bank says no  src/shop.rs:41  +5    4.0ms                     █████▍
",
    );
}

#[test]
fn late_parts_stand_side_by_side() {
    let mut console = Console::new();
    console.ended([span(1, NO_PARENT, LONG, 0, 1_000)]);
    let tasks = [
        span(2, 1, "first", 2_000, 5_000),
        span(3, 2, "send", 3_000, 4_000),
        span(4, 1, "second", 4_000, 6_000),
    ];

    assert_drawn(
        &console.ended(tasks),
        "
14:03:21.002Z  4.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  3 spans
┃ · first     3.0ms  ███████████████████████████████████████████████████████████▎
    late, under a text that is so long that it could not be in any one line together with anything …
┃   · send    1.0ms                      ███████████████████▊
  · second    2.0ms                                          ███████████████████████████████████████
    late, under a text that is so long that it could not be in any one line together with anything …
",
    );
}

#[test]
fn colours_only_where_asked_for() {
    let mut console = Console::with(Look::plain(100).colored(Some(Background::Dark)));

    let drawn = console.ended(checkout()).concat();

    assert_eq!(drawn.matches("\u{1b}[").count() % 2, 0);
    assert!(drawn.contains("\u{1b}[31m· ✗ GET /checkout/{id}\u{1b}[0m"), "{drawn}");
    let plain = drawn.split("\u{1b}[").enumerate().map(|(at, text)| match at {
        0 => text,
        _ => text.split_once('m').expect("an SGR code ends with m").1,
    });
    let mut colourless = Console::new();
    assert_eq!(plain.collect::<String>(), colourless.ended(checkout()).concat());
}

#[test]
fn a_trace_as_deep_as_may_be_is_drawn() {
    let mut console = Console::new();
    console.open.started(TRACE);
    let deep = (1..=10_000).rev().map(|id| span(id, id - 1, "deep", id, 20_000 - id));

    console.waterfall.ended(deep);

    let drawn = console.drawn().concat();
    // Each is in a longer one, so the longest are the uppermost. The head, 500, and how many are left.
    assert_eq!(drawn.lines().count(), 502);
    let last = drawn.lines().last().unwrap_or_default();
    assert_eq!(last.trim(), "9500 more spans, none longer than 19.0ms");
    assert!(drawn.contains("(499) · deep"), "{drawn}");
}

#[test]
fn ids_that_make_no_tree_are_drawn_once_each() {
    let mut console = Console::new();
    console.open.started(TRACE);
    let own_parent = span(2, 2, "own parent", 1, 2);
    let cycle = [span(3, 4, "ping", 1, 2), span(4, 3, "pong", 1, 2)];
    let (one, again) = (span(5, 1, "one", 3, 4), span(5, 1, "again", 3, 4));
    let root = span(1, NO_PARENT, "root", 0, 9);

    assert!(console.ended(cycle).is_empty());
    let drawn = console.ended([own_parent, one, again, root]).concat();
    let rest = console.finished().concat();

    assert_eq!((drawn.lines().count(), rest.lines().count()), (4, 4), "{drawn}{rest}");
    for name in ["own parent", "ping", "pong", "one", "again", "root"] {
        assert_eq!((drawn.clone() + &rest).matches(name).count(), 1, "{name}");
    }
}

#[test]
fn a_clock_that_goes_back_does_no_harm() {
    let mut console = Console::new();

    assert_drawn(
        &console.ended([span(2, 1, "b", 9, 3), span(1, NO_PARENT, "a", 5, 1)]),
        "
14:03:21.000Z  0ns  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  2 spans
  · a        0ns  ▏
    · b      0ns                                                                                   ▏
",
    );
}

#[test]
fn of_a_thousand_rows_those_that_failed_are_there() {
    let mut console = Console::new();
    let names = (0..1_000_u64).map(|id| {
        let name: String = format!("step {id}");
        let mut step = span(id + 2, 1, "step", id * 1_000, id * 1_000 + 900 - id / 2);
        step.name = name.into();
        if id >= 990 { failed(step, "E", "no luck") } else { step }
    });
    let mut spans: Vec<SpanData> = names.collect();
    spans.push(span(1, NO_PARENT, "import", 0, 1_000_000));

    console.waterfall.ended(spans);
    let drawn = console.drawn().concat();

    let rows = drawn.lines().filter(|line| line.contains("· "));
    assert_eq!(rows.count(), 500);
    for id in 990..1_000 {
        assert!(drawn.contains(&format!("✗ step {id} ")), "{id}: {drawn}");
    }
    assert!(drawn.contains("501 more spans, none longer than "), "{drawn}");
}
