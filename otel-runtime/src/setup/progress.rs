//! How much is left, for whoever waits at a terminal?
//!
//! A flush or a shutdown that takes half a second shows how many spans are still to be sent, and for how long it
//! waits at most. The line is written over, and gone at the end. Into a pipe or a file nothing is written.

use std::io::{self, IsTerminal};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::process::stderr;

/// After how long the line is there, and how often it is written anew.
const PATIENCE: Duration = Duration::from_millis(500);
const INTERVAL: Duration = Duration::from_millis(200);

/// Calls `wait`, which takes `time` at most, and meanwhile tells how many spans are `held`.
pub(super) fn told<T>(
    time: Duration,
    held: impl Fn() -> u64 + Sync,
    wait: impl FnOnce() -> T,
) -> T {
    // Most flushes have nothing to wait for.
    if held() == 0 || !stderr::tells_progress() || !io::stderr().is_terminal() {
        return wait();
    }
    let end = Instant::now().checked_add(time);
    let left = || end.map_or(time, |end| end.saturating_duration_since(Instant::now()));
    thread::scope(|scope| {
        let (done, is_done) = channel::<()>();
        let (held, left) = (&held, &left);
        let watch = move || watch(&is_done, [PATIENCE, INTERVAL], held, left, &stderr::progress);
        // Without a thread to spare it is waited for in silence.
        let _ = thread::Builder::new().name("otel-progress".to_owned()).spawn_scoped(scope, watch);
        let result = wait();
        drop(done);
        result
    })
}

/// Writes the line until the sender is gone.
fn watch(
    is_done: &Receiver<()>,
    [patience, interval]: [Duration; 2],
    held: &dyn Fn() -> u64,
    left: &dyn Fn() -> Duration,
    write: &dyn Fn(String),
) {
    let mut columns: usize = 0;
    let mut pause = patience;
    while is_done.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
        let line = line(held(), left());
        // Blanks over what was longer before.
        let rest = " ".repeat(columns.saturating_sub(line.len()));
        columns = line.len();
        write(format!("\r{line}{rest}"));
        pause = interval;
    }
    if columns > 0 {
        write(format!("\r{}\r", " ".repeat(columns)));
    }
}

fn line(held: u64, left: Duration) -> String {
    let spans = if held == 1 { "1 span is" } else { &format!("{held} spans are") };
    format!("otel-runtime: {spans} still to be sent, {} s at most", left.as_secs_f64().ceil())
}

#[cfg(test)]
mod tests {
    use std::cell::{Cell, RefCell};

    use super::*;

    #[test]
    fn whoever_waits_sees_how_much_is_left_until_nothing_is() {
        let (done, is_done) = channel();
        let done = RefCell::new(Some(done));
        let left = Cell::new(3);
        let held = || {
            let counts = [0, 1, 250, 12_000];
            if left.get() == 1 {
                done.take();
            }
            counts[left.replace(left.get() - 1)]
        };
        let written = RefCell::new(Vec::new());

        let write = |text| written.borrow_mut().push(text);
        watch(&is_done, [Duration::ZERO; 2], &held, &|| Duration::from_millis(4_200), &write);

        assert_eq!(
            written.into_inner(),
            [
                "\rotel-runtime: 12000 spans are still to be sent, 5 s at most",
                "\rotel-runtime: 250 spans are still to be sent, 5 s at most  ",
                "\rotel-runtime: 1 span is still to be sent, 5 s at most    ",
                &format!("\r{}\r", " ".repeat(53)),
            ]
        );
    }

    #[test]
    fn what_does_not_take_long_says_nothing() {
        let (done, is_done) = channel();
        drop(done);
        let write = |text| panic!("{text}");

        watch(&is_done, [PATIENCE, INTERVAL], &|| 7, &|| PATIENCE, &write);

        assert_eq!(told(Duration::MAX, || 7, || 4), 4, "the result is handed on");
    }
}
