//! Do `#[instrument]` and `#[traced]` make one trace, and lines that belong to it?

use std::collections::BTreeMap;
use std::process::Command;

use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, text};

/// The example, which is built before the tests of its package.
fn example() -> Command {
    let this = std::env::current_exe().expect("this program has a path");
    let profile = this.ancestors().nth(2).expect("it is two directories deep");
    let mut command = program(profile.join("examples/beside_tracing"));
    command.env_remove("RUST_LOG").env("NO_COLOR", "1");
    command
}

/// `checkout`, and three for each item.
const SPANS: usize = 7;

#[test]
fn both_halves_of_a_program_are_one_trace_and_each_line_has_the_ids_of_the_innermost_span() {
    let backend = Receiver::http();
    let (stdout, stderr) = run(example()
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
        .env("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf"));
    assert_eq!(stderr, "", "nothing to say");
    let received = backend.spans(SPANS);

    let trace = &received[0].span.trace_id;
    assert!(received.iter().all(|it| it.span.trace_id == *trace), "{received:?}");
    let names: BTreeMap<_, _> =
        received.iter().map(|it| (hex(&it.span.span_id), it.span.name.as_str())).collect();
    let mut spans: Vec<_> = received
        .iter()
        .map(|it| {
            let parent = names.get(&hex(&it.span.parent_span_id)).copied().unwrap_or("nobody");
            (it.span.name.as_str(), parent)
        })
        .collect();
    spans.sort_unstable();
    assert_eq!(
        spans,
        [
            ("checkout", "nobody"),
            ("count", "reserve"),
            ("count", "reserve"),
            ("reserve", "checkout"),
            ("reserve", "checkout"),
            ("select", "count"),
            ("select", "count"),
        ]
    );
    let events: Vec<_> = received.iter().flat_map(|it| &it.span.events).collect();
    assert!(events.is_empty(), "a line is no event of a span as well: {events:?}");
    let counted = received
        .iter()
        .find(|it| it.span.name == "count" && it.attribute("item") == Some(&text("unicorn")));
    let counted = counted.expect("a span for each item");
    assert!(counted.attribute("in_stock").is_some(), "of the innermost span: {counted:?}");

    let lines: Vec<(&str, &str)> = stdout
        .lines()
        .map(|line| {
            let (_, said) = line.split_once("beside_tracing: ").expect("the target of a line");
            let of = id(line, "span_id=").map_or("nobody", |id| names[id]);
            if of != "nobody" {
                assert_eq!(id(line, "trace_id="), Some(hex(trace).as_str()), "{line}");
            }
            (of, said)
        })
        .collect();
    let said: Vec<_> = lines
        .iter()
        .map(|(of, said)| {
            let of_what = ["open", "checking", "reserving", "not", "counted", "selecting"];
            let what = of_what.into_iter().find(|what| said.contains(what));
            (*of, what.expect("a line that the example writes"))
        })
        .collect();
    assert_eq!(
        said,
        [
            ("nobody", "open"),
            ("checkout", "checking"),
            ("reserve", "reserving"),
            ("select", "selecting"),
            ("count", "counted"),
            ("reserve", "reserving"),
            ("select", "selecting"),
            ("count", "counted"),
            ("reserve", "not"),
        ]
    );
}

/// What stands behind `key`, up to the next space.
fn id<'a>(line: &'a str, key: &str) -> Option<&'a str> {
    line.split_once(key)?.1.split(' ').next()
}

fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;

    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}
