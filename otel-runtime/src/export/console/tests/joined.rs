//! Do the processes of one terminal draw as one?

use std::path::{Path, PathBuf};
use std::time::Instant;

use super::super::shared::Meeting;
use super::*;

/// A directory of its own for the processes of one test.
struct Room(PathBuf);

impl Room {
    fn new(name: &str) -> Self {
        let name = format!("otel-console-{name}-{}", std::process::id());
        Self(std::env::temp_dir().join(name))
    }

    fn meeting(&self) -> Meeting {
        Meeting::of(&self.0, 4).expect("a place to meet")
    }

    /// A process of this service on the terminal.
    fn process(&self, service: &str) -> Console {
        let mut console = Console::with(Look::plain(100));
        // Long enough that nothing is drawn before it is looked at.
        let hour = Duration::from_secs(3_600);
        {
            let mut canvas = console.waterfall.canvas();
            canvas.patience.for_callees = hour;
            canvas.patience.for_caller = hour;
        }
        console.waterfall.meet(self.meeting(), service);
        console
    }
}

impl Drop for Room {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}

/// Waits until `is_so`, which another thread brings about.
#[track_caller]
fn wait(is_so: impl Fn() -> bool) {
    let begin = Instant::now();
    while !is_so() {
        assert!(begin.elapsed() < Duration::from_secs(30), "it does not happen");
        std::thread::yield_now();
    }
}

fn client() -> SpanData {
    SpanData { span_kind: SpanKind::Client, ..span(2, 1, "GET", 1_000, 9_000) }
}

fn server() -> SpanData {
    remote(SpanData { span_kind: SpanKind::Server, ..span(3, 2, "GET /stock", 2_000, 8_000) })
}

#[test]
fn two_services_are_one_tree() {
    let room = Room::new("tree");
    let mut shop = room.process("shop");
    let mut warehouse = room.process("warehouse");
    wait(|| shop.waterfall.canvas().others == 1);

    assert!(warehouse.ended([server()]).is_empty(), "another process draws it");
    assert!(shop.ended([client(), span(1, NO_PARENT, "checkout", 0, 10_000)]).is_empty());
    shop.waterfall.canvas().patience.for_callees = Duration::ZERO;

    wait(|| !shop.screen.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty());
    assert_drawn(
        &shop.drawn(),
        "
14:03:21.000Z  10.0ms  shop@1.2.0  warehouse  trace 0af7651916cd43dd8448eb211c80319c  3 spans
┃ · checkout  shop@1.2.0        10.0ms  ████████████████████████████████████████████████████████████
┃   ▸ GET                        8.0ms        ████████████████████████████████████████████████
┃     ◂ GET /stock  warehouse    6.0ms              ████████████████████████████████████
",
    );
}

#[test]
fn a_service_whose_caller_does_not_come_is_drawn_by_itself() {
    let room = Room::new("caller");
    let mut shop = room.process("shop");
    let mut warehouse = room.process("warehouse");
    wait(|| shop.waterfall.canvas().others == 1);

    warehouse.ended([server()]);
    shop.waterfall.canvas().patience.for_callees = Duration::ZERO;
    shop.waterfall.idle();
    assert!(shop.drawn().is_empty(), "it waits longer for a caller than for who was called");
    shop.waterfall.canvas().patience.for_caller = Duration::ZERO;
    wait(|| !shop.screen.0.lock().unwrap_or_else(PoisonError::into_inner).is_empty());

    let drawn = shop.drawn().concat();
    assert!(drawn.contains("◂ GET /stock  continues 0000…0002"), "{drawn}");
}

#[test]
fn what_waits_is_drawn_when_the_others_are_gone_and_at_the_end() {
    let room = Room::new("gone");
    let mut shop = room.process("shop");
    let warehouse = room.process("warehouse");
    wait(|| shop.waterfall.canvas().others == 1);

    assert!(shop.ended([span(1, NO_PARENT, "first", 0, 10_000)]).is_empty());
    drop(warehouse);
    wait(|| shop.waterfall.canvas().others == 0);
    assert!(shop.drawn().concat().contains("first"));

    let _warehouse = room.process("warehouse");
    wait(|| shop.waterfall.canvas().others == 1);
    assert!(shop.ended([of_trace(2, span(1, NO_PARENT, "second", 0, 10_000))]).is_empty());
    assert!(shop.finished().concat().contains("second"));
}

#[test]
fn the_next_process_draws_when_the_first_has_ended() {
    let room = Room::new("next");
    let mut shop = room.process("shop");
    let mut warehouse = room.process("warehouse");
    wait(|| shop.waterfall.canvas().others == 1);

    shop.finished();
    let drawn = warehouse.ended([span(1, NO_PARENT, "alone", 0, 10_000)]).concat();
    assert!(drawn.contains("alone"), "{drawn:?}");

    let mut worker = room.process("worker");
    wait(|| warehouse.waterfall.canvas().others == 1);
    assert!(worker.ended([of_trace(2, span(1, NO_PARENT, "job", 0, 10_000))]).is_empty());
    assert!(warehouse.finished().concat().contains("· job"));
}

#[test]
fn one_that_does_not_answer_is_not_waited_for() {
    let room = Room::new("silent");
    // Listens, holds the lock, and takes nothing.
    let meeting = room.meeting();
    let _lock = meeting.lock().expect("a lock");
    let _listener = meeting.listen().expect("a socket");
    let mut shop = room.process("shop");

    let begin = Instant::now();
    let drawn = shop.ended([span(1, NO_PARENT, "first", 0, 10_000)]).concat();
    assert!(drawn.contains("first"), "{drawn:?}");
    for trace in 2..100 {
        shop.ended([of_trace(trace, span(1, NO_PARENT, "next", 0, 10_000))]);
    }

    assert_eq!(shop.drawn().len(), 0, "`ended` has returned them");
    assert!(
        begin.elapsed() < Duration::from_secs(4),
        "one of a hundred waits: {:?}",
        begin.elapsed()
    );
}

#[test]
fn strangers_and_their_bytes_do_no_harm() {
    use std::os::unix::fs::PermissionsExt;

    let room = Room::new("strangers");
    let mut shop = room.process("shop");
    for bytes in
        [&b"GET / HTTP/1.1\r\n\r\n"[..], &[0, 0, 0, 4, 255, 255, 255, 255], &[0, 0, 1, 0, 7], &[]]
    {
        let mut stranger = room.meeting().connect().expect("a connection");
        stranger.write_all(bytes).expect("it is read");
        drop(stranger);
    }
    wait(|| shop.waterfall.canvas().others == 0);

    assert_eq!(shop.ended([span(1, NO_PARENT, "fine", 0, 1)]).len(), 1);
    let mode = |path: &Path| path.metadata().expect("it is there").permissions().mode() & 0o777;
    assert_eq!(mode(&room.0), 0o700);
    for file in std::fs::read_dir(&room.0).expect("a directory") {
        let path = file.expect("a file").path();
        assert_eq!(mode(&path), 0o600, "{path:?}");
    }
}

#[test]
fn a_directory_that_others_may_enter_is_not_used() {
    use std::os::unix::fs::PermissionsExt;

    let room = Room::new("open-door");
    assert!(Meeting::of(&room.0, 4).is_some());
    std::fs::set_permissions(&room.0, std::fs::Permissions::from_mode(0o755)).expect("ours");
    assert!(Meeting::of(&room.0, 4).is_none());
    let link = std::env::temp_dir().join(format!("otel-console-link-{}", std::process::id()));
    std::fs::set_permissions(&room.0, std::fs::Permissions::from_mode(0o700)).expect("ours");
    std::os::unix::fs::symlink(&room.0, &link).expect("a link");
    let through_link = Meeting::of(&link, 4);
    std::fs::remove_file(&link).expect("it is there");
    assert!(through_link.is_none());
}
