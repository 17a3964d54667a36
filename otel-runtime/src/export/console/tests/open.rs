//! Does whoever waits see what is still open?

use super::*;

#[test]
fn a_trace_that_is_open_for_long_is_drawn_as_far_as_it_has_come_and_then_as_a_whole() {
    let mut console = Console::new();
    console.open.started(TRACE);
    let load = span(2, 1, "load", 0, 4_000);
    let row = span(3, 2, "row", 1_000, 2_000);

    assert!(console.ended([load, row]).is_empty(), "it may end any moment");
    console.waterfall.limits.open_after = Duration::ZERO;
    assert_drawn(
        &console.ended([]),
        "
14:03:21.000Z  4.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  2 spans
  still open after 0 s
┃ · load  its caller is open    4.0ms  █████████████████████████████████████████████████████████████
┃   · row                       1.0ms                 ███████████████▎
",
    );
    assert!(console.ended([]).is_empty(), "once is enough");
    assert_drawn(
        &console.ended([span(1, NO_PARENT, "import", 0, 8_000)]),
        "
14:03:21.000Z  8.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  3 spans
┃ · import     8.0ms  ██████████████████████████████████████████████████████████████████████████████
┃   · load     4.0ms  ███████████████████████████████████████
┃     · row    1.0ms            █████████▊
",
    );
}

#[test]
fn a_trace_of_which_no_span_has_ended_is_told_to_be_open() {
    let mut console = Console::new();
    console.waterfall.limits.open_after = Duration::ZERO;
    console.open.started(TRACE);

    assert_drawn(
        &console.ended([]),
        "
shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  0 spans  still open after 0 s
",
    );
    console.open.closed(TRACE);
    assert!(console.ended([]).is_empty());
    console.open.started(TRACE);
    assert_eq!(console.ended([]).len(), 1, "another one with this id is told of, too");
}

#[test]
fn somebody_looks_again_while_a_trace_is_open() {
    let mut console = Console::new();
    assert_eq!(console.waterfall.idle(), None);

    console.open.started(TRACE);
    let again = console.waterfall.idle().expect("a time");

    assert!(again < console.waterfall.limits.open_after);
}
