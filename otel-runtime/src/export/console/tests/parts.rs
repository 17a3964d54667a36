//! Does a span that comes from another process say the same there?

use super::super::draw::State;
use super::super::part::Part;
use super::super::services::Services;
use super::super::span::ShownSpan;
use super::*;

#[test]
fn a_span_is_the_same_in_the_process_that_draws_it() {
    let mut services = Services::new("shop");
    let number = services.number("warehouse");
    let mut spans = Vec::new();
    for (more, kind) in [
        SpanKind::Internal,
        SpanKind::Server,
        SpanKind::Client,
        SpanKind::Producer,
        SpanKind::Consumer,
    ]
    .into_iter()
    .enumerate()
    {
        let [load, ship, _, root] = checkout();
        let remote = remote(span(9, REMOTE, "GET /stock", 0, 9));
        let cancelled = with(
            span(8, 1, "quote", 0, 9),
            [
                KeyValue::new("traced.outcome", "cancelled"),
                KeyValue::new("traced.folded.count", 7),
                KeyValue::new("traced.folded.total_ns", 9_000),
                KeyValue::new("traced.folded.largest_ns", 2_000),
            ],
        );
        let mut events = span(7, 1, "events", 0, 9);
        events.events.events =
            vec![opentelemetry::trace::Event::new("retry", at(3), Vec::new(), 0); 3 + more];
        events.links.links =
            vec![
                opentelemetry::trace::Link::new(load.span_context.clone(), Vec::new(), 0);
                3 + more
            ];
        for span in [load, ship, root, remote, cancelled, events] {
            let span = SpanData { span_kind: kind.clone(), ..span };
            spans.push(ShownSpan::new(&span, number, false));
        }
    }
    for state in [State::Complete, State::Unfinished, State::Incomplete] {
        let part = Part { trace: TRACE, spans: spans.clone(), state };
        let received = Part::decode(&part.encode("warehouse"), &mut services).expect("a part");

        assert_eq!((received.trace, received.state), (TRACE, state));
        assert_eq!(received.spans, spans);
    }
}

#[test]
fn text_of_another_process_has_no_power_over_the_terminal() {
    let mut services = Services::new("shop");
    let mut evil = ShownSpan::new(&span(1, NO_PARENT, "evil", 0, 9), 0, false);
    evil.name = "\u{1b}[2J".into();
    evil.status = "\u{9b}31m".into();
    evil.attributes = vec!["a=\u{202e}".into()];
    evil.links = vec!["\r".into()];
    let part = Part { trace: TRACE, spans: vec![evil], state: State::Complete };

    let received = Part::decode(&part.encode("ware\u{7}house"), &mut services).expect("a part");

    let [span] = &*received.spans else { panic!("one span") };
    let texts = [&*span.name, &*span.status, services.name(1)].map(str::to_owned);
    let told = [&texts[..], &span.attributes[..], &span.links[..]].concat().join(" ");
    assert!(!told.contains(['\u{1b}', '\u{9b}', '\u{202e}', '\u{7}', '\r']), "{told}");
    assert!(told.contains("ware"), "{told}");
    assert!(Part::decode(b"\xff\xff", &mut services).is_none());
    assert!(Part::decode(b"", &mut services).is_none(), "no trace");
}
