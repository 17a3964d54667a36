//! What is drawn when there is more than anybody can read?

use super::super::flood::Flood;
use super::*;

/// A terminal on which a second has room for ten lines.
fn terminal(second: Duration) -> Console {
    let console = Console::new();
    console.waterfall.canvas().flood = Flood::of(10, second);
    console
}

fn trace(id: u64) -> SpanData {
    of_trace(id.into(), span(1, NO_PARENT, "GET /fast", 0, 2_000 + id))
}

const HOUR: Duration = Duration::from_secs(3_600);

#[test]
fn ten_thousand_traces_a_second_are_a_screenful_and_a_line_that_says_so() {
    let mut console = terminal(HOUR);

    console.waterfall.ended((1..=10_000).map(trace));
    let drawn = console.drawn().concat();
    assert_eq!(drawn.lines().count(), 10, "two lines a trace: {drawn}");

    assert_drawn(
        &console.finished(),
        "
9995 more traces, 9995 spans; the slowest: 12.0ms  GET /fast  trace 00000000000000000000000000002710
",
    );
    assert!(console.finished().is_empty());
}

#[test]
fn a_failure_is_seen_among_ten_thousand_that_are_fine() {
    let mut console = terminal(HOUR);
    console.waterfall.ended((1..=10_000).map(trace));
    console.drawn();

    let drawn = console.ended([failed(trace(20_000), "E", "")]).concat();

    assert!(drawn.contains("✗ GET /fast"), "{drawn}");
    console.waterfall.ended((20_001..20_100).map(|id| failed(trace(id), "E", "")));
    let told = console.finished().concat();
    let told = told.lines().last().expect("a line");
    assert!(told.starts_with("10090 more traces, 10090 spans, 95 failed; the slowest: "), "{told}");
}

#[test]
fn the_next_second_has_room_again() {
    let mut console = terminal(Duration::ZERO);

    console.waterfall.ended((1..=100).map(trace));

    let drawn = console.drawn().concat();
    assert_eq!(drawn.lines().count(), 200, "{drawn}");
    assert_eq!(console.waterfall.idle(), None);
}

#[test]
fn somebody_looks_again_to_tell_what_was_left_out() {
    let mut console = terminal(HOUR);
    console.waterfall.ended((1..=10).map(trace));

    assert_eq!(console.waterfall.idle(), Some(HOUR));
}

#[test]
fn a_pipe_gets_everything() {
    let mut console = Console::new();

    console.waterfall.ended((1..=1_000).map(trace));

    assert_eq!(console.drawn().concat().lines().count(), 2_000);
    assert!(console.finished().is_empty());
}

#[test]
fn what_waits_in_memory_is_bounded_however_much_there_is() {
    let mut console = terminal(HOUR);
    for id in 1..=20_000_u64 {
        console.open.started(TraceId::from(u128::from(id)));
    }

    // Of each trace a child has ended, and its root is open.
    for batch in 0..20_u64 {
        let ids = batch * 1_000 + 1..=batch * 1_000 + 1_000;
        console.waterfall.ended(ids.map(|id| of_trace(id.into(), span(2, 1, "child", 0, 1))));
        assert!(console.waterfall.held.len() <= console.waterfall.limits.traces);
        assert!(console.waterfall.bytes <= console.waterfall.limits.bytes);
    }
    let told = console.finished().concat();
    assert!(told.contains("19995 more traces"), "{told}");
}
