//! Which spans does a program with every kind of request send?

use std::collections::BTreeMap;
use std::fmt::Write;

use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::trace::v1::span::SpanKind;
use opentelemetry_proto::tonic::trace::v1::status::StatusCode;
use otel_tests::program::{program, run};
use otel_tests::receiver::{Received, Receiver};

const SPANS: usize = 32;

/// Each trace, in the order in which they begin.
const TREES: &str = "
client GET 200
  server GET /checkout/{item} 200
    client shop.v1.Stock/Count OK
      server shop.v1.Stock/Count OK
        internal shelf
client GET 409 error
  server GET /checkout/{item} 409
    client shop.v1.Stock/Count NOT_FOUND error
      server shop.v1.Stock/Count NOT_FOUND
        internal shelf error
client GET 404 error
  server GET 404
client POST 200
  server POST /deliveries/{item} 200
    client shop.v1.Stock/Deliver OK
      server shop.v1.Stock/Deliver OK
client GET 200
  server GET /watch/{item} 200
    client shop.v1.Stock/Watch OK
      server shop.v1.Stock/Watch OK
        internal shelf
        internal shelf
        internal shelf
client GET 200
  server GET /watch/{item} 200 cancelled error
    client shop.v1.Stock/Watch CANCELLED cancelled
      server shop.v1.Stock/Watch CANCELLED cancelled
        internal shelf
client GET cancelled
  server GET /checkout/{item} cancelled error
    client shop.v1.Stock/Count CANCELLED cancelled
      server shop.v1.Stock/Count CANCELLED cancelled
";

#[test]
fn every_kind_of_request_has_its_spans_in_one_trace() {
    let this = std::env::current_exe().expect("this program has a path");
    let profile = this.ancestors().nth(2).expect("it is two directories deep");
    let backend = Receiver::http();

    let (stdout, stderr) = run(program(profile.join("examples/http_and_grpc"))
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

    assert!(stdout.contains("/checkout/book: 200 OK, one of 7 pieces"), "{stdout}");
    assert_eq!(stderr, "", "nothing to say");
    assert_eq!(trees(&backend.spans(SPANS)), TREES);
    assert!(backend.is_idle());
}

#[test]
fn tracing_takes_ten_lines_of_it_at_most() {
    let source = include_str!("../http_and_grpc.rs");
    let lines = source.lines().filter(|line| line.ends_with("// telemetry")).count();
    assert!((1..=10).contains(&lines), "{lines}");
    let all = source.lines().filter(|line| {
        line.contains("otel_runtime") && !line.contains("//") && !line.contains("traced;")
    });
    assert_eq!(all.count(), 0, "each of them is marked");
}

fn trees(spans: &[Received]) -> String {
    let mut below: BTreeMap<&[u8], Vec<&Received>> = BTreeMap::new();
    for span in spans {
        below.entry(&span.span.parent_span_id).or_default().push(span);
    }
    for siblings in below.values_mut() {
        siblings.sort_by_key(|span| span.span.start_time_unix_nano);
    }
    let mut drawn = "\n".to_owned();
    draw(&below, &[], 0, &mut drawn);
    drawn
}

fn draw(below: &BTreeMap<&[u8], Vec<&Received>>, parent: &[u8], depth: usize, drawn: &mut String) {
    for received in below.get(parent).into_iter().flatten() {
        let span = &received.span;
        let kind = match span.kind() {
            SpanKind::Client => "client",
            SpanKind::Server => "server",
            _ => "internal",
        };
        let _ = write!(drawn, "{:1$}{kind} {2}", "", 2 * depth, span.name);
        for key in ["http.response.status_code", "rpc.response.status_code", "traced.outcome"] {
            match received.attribute(key) {
                Some(Value::IntValue(value)) => drop(write!(drawn, " {value}")),
                Some(Value::StringValue(value)) => drop(write!(drawn, " {value}")),
                _ => {}
            }
        }
        let is_error = span.status.as_ref().is_some_and(|it| it.code() == StatusCode::Error);
        drawn.push_str(if is_error { " error\n" } else { "\n" });
        draw(below, &span.span_id, depth + 1, drawn);
    }
}
