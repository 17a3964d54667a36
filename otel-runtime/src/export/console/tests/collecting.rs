//! Is every trace drawn, and when?

use super::super::history::History;
use super::super::span::ShownSpan;
use super::*;

#[test]
fn a_trace_waits_for_its_last_open_root() {
    let mut console = Console::new();
    console.open.started(TRACE);
    console.open.started(TRACE);
    // The client has its answer before the server, in the same process, is done.
    let client = span(1, NO_PARENT, "checkout", 0, 50_000);
    let server = remote(span(2, 1, "GET /cart", 5_000, 60_000));

    assert!(console.ended([client]).is_empty());

    assert_drawn(
        &console.ended([span(3, 2, "load_cart", 10_000, 20_000), server]),
        "
14:03:21.000Z  60.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  3 spans
┃ · checkout        50.0ms  ████████████████████████████████████████████████████████████
┃   · GET /cart     55.0ms        ██████████████████████████████████████████████████████████████████
┃     · load_cart   10.0ms              ████████████
",
    );
}

#[test]
fn a_lost_root_is_not_waited_for() {
    let mut console = Console::new();
    console.open.started(TRACE);
    console.open.started(TRACE);
    let root = span(1, NO_PARENT, "checkout", 0, 50_000);

    assert!(console.ended([root]).is_empty());
    console.open.lost(TRACE);

    assert_eq!(console.ended([]).len(), 1);
}

#[test]
fn a_task_that_outlives_its_root_is_drawn_as_one_late_part() {
    let mut console = Console::new();
    console.open.started(TRACE);
    let render = span(3, 2, "render", 10_000, 20_000);
    let root = span(1, NO_PARENT, "GET /checkout", 0, 30_000);
    let send = span(4, 2, "send", 40_000, 80_000);
    let task = span(2, 1, "mail_receipt", 5_000, 90_000);

    assert_drawn(
        &console.ended([render, root]),
        "
14:03:21.000Z  30.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c
  · GET /checkout   30.0ms  ████████████████████████████████████████████████████████████████████████
",
    );
    assert!(console.ended([send]).is_empty(), "its parent is still open");
    assert_drawn(
        &console.ended([task]),
        "
14:03:21.005Z  85.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  3 spans
┃ · mail_receipt  late, under GET /checkout   85.0ms  ██████████████████████████████████████████████
    · render                                  10.0ms     █████▍
┃   · send                                    40.0ms                     █████████████████████▋
",
    );
}

#[test]
fn a_parent_that_does_not_come_is_not_waited_for_for_ever() {
    let mut console = Console::new();
    console.open.started(TRACE);
    let orphan = span(3, 2, "charge", 10_000, 20_000);
    let root = span(1, NO_PARENT, "GET /checkout", 0, 30_000);
    assert_eq!(console.ended([orphan, root]).len(), 1);

    assert!(console.ended([]).is_empty());
    assert_eq!(console.waterfall.idle(), Some(console.waterfall.limits.patience));
    console.waterfall.limits.patience = Duration::ZERO;

    assert_drawn(
        &console.ended([]),
        "
14:03:21.010Z  10.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c
  · charge  its caller is open or lost   10.0ms  ███████████████████████████████████████████████████
",
    );
    assert!(console.ended([]).is_empty());
    assert_eq!(console.waterfall.idle(), None);
}

#[test]
fn what_is_open_at_the_end_is_drawn_unfinished() {
    let mut console = Console::new();
    console.open.started(TRACE);
    console.open.started(TRACE);
    let charge = span(3, 2, "charge", 10_000, 20_000);
    let ship = span(5, 4, "ship", 15_000, 25_000);
    assert!(console.ended([charge, ship]).is_empty());

    assert_drawn(
        &console.finished(),
        "
14:03:21.010Z  15.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  2 spans  unfinished
  · charge  its caller is open   10.0ms  ███████████████████████████████████████▍
  · ship  its caller is open     10.0ms                      ███████████████████████████████████████
",
    );

    let charge = span(3, 2, "charge", 10_000, 20_000);
    let root = span(1, NO_PARENT, "GET /checkout", 0, 30_000);
    assert!(console.ended([charge, root]).is_empty());

    assert_drawn(
        &console.finished(),
        "
14:03:21.000Z  30.0ms  shop@1.2.0  trace 0af7651916cd43dd8448eb211c80319c  2 spans  unfinished
  · GET /checkout                30.0ms  ███████████████████████████████████████████████████████████
  · charge  its caller is open   10.0ms                      ███████████████████▋
",
    );
}

#[test]
fn over_the_limit_the_oldest_trace_is_drawn_as_it_stands() {
    let mut console = Console::new();
    console.waterfall.limits.traces = 2;
    for trace in 1..=3 {
        console.open.started(TraceId::from(trace));
    }
    let child = || span(2, 1, "charge", 0, 1_000);

    assert!(console.ended([of_trace(1, child()), of_trace(2, child())]).is_empty());
    assert_drawn(
        &console.ended([of_trace(3, child())]),
        "
14:03:21.000Z  1.0ms  shop@1.2.0  trace 00000000000000000000000000000001  incomplete
  · charge  its caller is open    1.0ms  ███████████████████████████████████████████████████████████
",
    );

    console.waterfall.limits.bytes = 3 * ShownSpan::new(&child(), 0, false).bytes();
    let drawn = console.ended([of_trace(2, child()), of_trace(3, child())]);
    assert_eq!(drawn.len(), 1);
    assert!(drawn[0].contains("trace 00000000000000000000000000000002"), "{drawn:?}");

    // A span that comes later belongs to a trace that was drawn.
    let late = span(5, 2, "retry", 1_000, 2_000);
    let root = span(1, NO_PARENT, "GET /checkout", 0, 3_000);
    assert_drawn(
        &console.ended([of_trace(1, late), of_trace(1, root)]),
        "
14:03:21.000Z  3.0ms  shop@1.2.0  trace 00000000000000000000000000000001  2 spans
  · GET /checkout                3.0ms  ████████████████████████████████████████████████████████████
  · retry  late, under charge    1.0ms                      ████████████████████
",
    );
}

#[test]
fn drawn_traces_are_forgotten_in_time() {
    let mut console = Console::new();
    console.waterfall.canvas().history = History::new(2);
    for trace in 1..=3 {
        console.ended([of_trace(trace, span(1, NO_PARENT, "root", 0, 1_000))]);
    }
    let late = |trace| of_trace(trace, span(2, 1, "late", 0, 1_000));

    assert!(console.ended([late(1)]).is_empty(), "its root is forgotten");
    assert_eq!(console.ended([late(3)]).len(), 1);
    assert_eq!(console.finished().len(), 1);
}

#[test]
fn a_terminal_that_is_gone_does_no_harm() {
    struct Gone;
    impl Write for Gone {
        fn write(&mut self, _: &[u8]) -> io::Result<usize> {
            Err(io::ErrorKind::BrokenPipe.into())
        }

        fn flush(&mut self) -> io::Result<()> {
            Err(io::ErrorKind::BrokenPipe.into())
        }
    }
    let (_, mut waterfall) = Waterfall::new(Box::new(Gone), Look::plain(0), Shown::default(), "");

    waterfall.ended(checkout());
    waterfall.finish();
}

#[test]
fn it_can_live_on_another_thread() {
    fn assert_send<T: Send>() {}
    fn assert_sync<T: Sync>() {}
    assert_send::<Waterfall>();
    assert_send::<OpenTraces>();
    assert_sync::<OpenTraces>();
}
