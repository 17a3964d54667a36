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
✗ GET /checkout/{id}   63.2ms  trace 0af7…319c  shop@1.2.0  Failure: no stock  src/shop.rs:41
  load_cart            10.1ms  ███▎                  items=3
  charge               20.4ms     ██████▌            user_id=4815
  ✗ ship              312.0µs            ▏           NoStock  src/shop.rs:41
",
    );
    assert!(console.finished().is_empty());
}

#[test]
fn a_span_alone_is_one_line() {
    let mut console = Console::new();
    let load = span(1, NO_PARENT, "load_cart", 0, 10_100);

    assert_drawn(
        &console.ended([with(load, [KeyValue::new("items", 3)])]),
        "
load_cart   10.1ms  trace 0af7…319c  shop@1.2.0  items=3
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
GET /cart        10.0ms  trace 0af7…319c  shop@1.2.0  continues b7ad…3331
  load_cart       6.0ms    ██████
POST /cart        8.0ms              ████████  continues b7ad…3331
  ✗ store_cart    4.0ms                ████    io::Error: disk full  src/shop.rs:41
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
quotes       5.0ms  trace 0af7…319c  shop@1.2.0
  ⊘ quote    4.0ms      ████████████████  cancelled  carrier=ups
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
✗ a text that is so long that it could not be i…    5.0ms  trace 0af7…319c  shop@1.2.0
  E: a text that is so long that it could not be in any one line together with anything that the li…
  src/shop.rs:41
  load\n✗ fake\u{1b}[2J                             5.0ms  ████████████████████
    q="a b\"\u{202e}"  q\tq=""  n="x=y"
  買い物かごを読み込む                              4.0ms      ████████████████
    名前=日本語日本語日本語日本語日本語日本語日…  twice=2
  ✗ long                                            1.0ms          ████
    Wrapped<b::C>: a text that is so long that it could not be in any one line together with anythi…
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
✗ query    5.0ms  trace 0af7…319c  shop@1.2.0
  connection to the database was closed before  table=carts  database=shop
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
        r#"
GET /customers/{customer_id}/orders/{order_id}   10.0ms  trace 0af7…319c  shop@1.2.0
  continues b7ad…3331  customer.id=4815  order.id=A-2026-000017
  load_order                                      8.0ms   ████████             order=17  bytes=10240
    query                                         6.0ms    ██████
      order=17  bytes=102400
✗ POST /payments                                  8.0ms              ████████  continues b7ad…3331
  Declined: the bank says no  src/shop.rs:41  order.id=A-2026-000017
  ✗ charge                                        4.0ms                ████
    Declined: the bank says no  src/shop.rs:41  bank="First Bank of Somewhere Else"  amount=1999
    currency=EUR  attempt=3  retry=false
"#,
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
first     3.0ms  trace 0af7…319c  shop@1.2.0
  late, under a text that is so long that it could not be in any one line…
  send    1.0ms       █████
second    2.0ms            ██████████
  late, under a text that is so long that it could not be in any one line…
",
    );
}

#[test]
fn colours_only_where_asked_for() {
    let mut console = Console::with_color(true);
    let [load, ship, charge, root] = checkout();

    let drawn = console.ended([load, ship, charge, root]).concat();

    assert_eq!(drawn.matches("\u{1b}[").count() % 2, 0);
    assert!(drawn.starts_with("\u{1b}[31m✗ GET /checkout/{id}\u{1b}[0m"), "{drawn}");
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
    assert_eq!(drawn.lines().count(), 10_000);
    let last = drawn.lines().last().unwrap_or_default();
    assert!(last.starts_with("                (9999) deep"), "{last}");
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

    assert_eq!((drawn.lines().count(), rest.lines().count()), (3, 4), "{drawn}{rest}");
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
a        0ns  trace 0af7…319c  shop@1.2.0
  b      0ns                     ▏
",
    );
}
