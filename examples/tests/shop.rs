//! Is the shop the same with `tracing`, and how many of its lines are about telemetry?

use std::collections::{BTreeMap, BTreeSet};
use std::process::Command;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use otel_tests::program::{program, run};
use otel_tests::receiver::Receiver;

/// An example, which is built before the tests of its package.
fn example(name: &str) -> Command {
    let this = std::env::current_exe().expect("this program has a path");
    let profile = this.ancestors().nth(2).expect("it is two directories deep");
    program(profile.join("examples").join(name))
}

/// Two orders with a receipt have ten spans each, one that is refused has five.
const SPANS: usize = 25;

/// What a shop tells: every span, by its service, kind and name, with its parent's; and the lines that it logs, with
/// the trace that each belongs to.
fn told(shop: &str) -> (Vec<String>, BTreeMap<String, BTreeSet<String>>) {
    let backend = Receiver::grpc();
    let (stdout, _) = run(example(shop)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
        .env("NO_COLOR", "1"));
    let received = backend.spans(SPANS);

    let names: BTreeMap<_, _> =
        received.iter().map(|it| (&it.span.span_id, it.span.name.clone())).collect();
    let mut spans: Vec<_> = received
        .iter()
        .map(|it| {
            let Some(Value::StringValue(service)) = it.resource("service.name") else {
                panic!("{it:?}");
            };
            let parent = names.get(&it.span.parent_span_id).map_or("nobody", String::as_str);
            format!("{service}: {:?} {} of {parent}", it.span.kind(), it.span.name)
        })
        .collect();
    spans.sort();

    let traces: BTreeSet<String> = received.iter().map(|it| hex(&it.span.trace_id)).collect();
    let mut lines: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for line in stdout.lines().filter(|line| line.contains(" INFO ") || line.contains(" WARN ")) {
        let (_, id) = line.split_once("trace_id=").expect("every line has an id");
        let id = id.get(..32).expect("32 digits");
        assert!(traces.contains(id), "{line}");
        let (_, said) = line.rsplit_once(": ").expect("a message");
        let (said, _) = said.split_once(' ').unwrap_or((said, ""));
        lines.entry(id.to_owned()).or_default().insert(said.to_owned());
    }
    (spans, lines)
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]).map(digit).collect()
}

fn digit(value: u8) -> char {
    char::from_digit(value.into(), 16).expect("half a byte")
}

#[test]
fn the_shop_has_the_same_spans_and_lines_with_tracing() {
    let (spans, lines) = told("shop");
    let (by_tracing, lines_by_tracing) = told("shop_by_tracing");

    assert_eq!(spans, by_tracing);
    let said = |lines: &BTreeMap<String, BTreeSet<String>>| {
        let mut said: Vec<_> = lines.values().cloned().collect();
        said.sort();
        said
    };
    assert_eq!(said(&lines), said(&lines_by_tracing));
    // Each order is one trace through all of the services, and so are its lines.
    let of_an_order = ["counted", "ordered", "sent", "the"].map(str::to_owned).into();
    assert_eq!(lines.values().filter(|it| **it == of_an_order).count(), 2, "{lines:?}");
}

#[test]
fn the_shop_takes_half_the_lines_for_its_telemetry() {
    let marked = |file: &str| file.lines().filter(|line| line.contains("// telemetry")).count();
    let code = |file: &str| {
        let is_code = |line: &&str| !line.trim().is_empty() && !line.trim().starts_with("//");
        file.lines().filter(is_code).count()
    };
    let ours: usize = [
        include_str!("../shop/main.rs"),
        include_str!("../shop/mail.rs"),
        include_str!("../shop/orders.rs"),
        include_str!("../shop/stock.rs"),
    ]
    .map(marked)
    .iter()
    .sum();
    let with_tracing: usize = [
        include_str!("../shop_by_tracing/main.rs"),
        include_str!("../shop_by_tracing/mail.rs"),
        include_str!("../shop_by_tracing/orders.rs"),
        include_str!("../shop_by_tracing/stock.rs"),
    ]
    .map(marked)
    .iter()
    .sum::<usize>()
        + code(include_str!("../shop_by_tracing/telemetry.rs"));

    println!("{ours} lines, {with_tracing} with tracing");
    assert!(ours * 2 <= with_tracing, "{ours}, {with_tracing}");
}
