//! How is stderr written to without waiting for whoever reads it?
//!
//! A thread writes, and exists only while there is something to write. A pipe that is full and that
//! nobody reads blocks that thread, but nobody else for longer than [`PATIENCE`].
//!
//! A forked child does not have that thread and starts another one. What the parent had queued is left to
//! the parent. If the parent's thread held the lock of the queue, that stays locked; then each text is
//! written by a thread of its own.

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, PoisonError};
#[cfg(feature = "console")]
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

use crate::process::lock::lock;

/// How long a caller waits until its text is written, so that the text is there when the program ends.
const PATIENCE: Duration = Duration::from_millis(300);

/// How many bytes may wait to be written; a text that would exceed this is dropped.
const MAX_BYTES: usize = 16 << 20;

static QUEUE: Mutex<Queue> = Mutex::new(Queue {
    texts: VecDeque::new(),
    bytes: 0,
    asked: 0,
    written: 0,
    writer: None,
    is_stuck: false,
    #[cfg(feature = "console")]
    wakers: Vec::new(),
});
static WRITTEN: Condvar = Condvar::new();

struct Queue {
    texts: VecDeque<Vec<u8>>,
    bytes: usize,
    /// How many texts were queued so far, and how many of them have been written.
    asked: u64,
    written: u64,
    /// The process whose writer thread is running: after a fork, the child has none.
    writer: Option<u32>,
    /// A caller has waited in vain, and nothing has been written since.
    is_stuck: bool,
    #[cfg(feature = "console")]
    wakers: Vec<Waker>,
}

/// Writes a text, in one piece, and waits a moment until it is written.
pub(super) fn write(text: Vec<u8>) {
    let Some(mut queue) = lock(&QUEUE) else {
        let _ = thread::Builder::new().spawn(move || Unlocked.write_all(&text));
        return;
    };
    if !enqueue(&mut queue, text) || queue.is_stuck {
        return;
    }
    let up_to = queue.asked;
    let waits = |queue: &mut Queue| queue.written < up_to;
    let (mut queue, waited) =
        WRITTEN.wait_timeout_while(queue, PATIENCE, waits).unwrap_or_else(PoisonError::into_inner);
    queue.is_stuck |= waited.timed_out();
}

/// Queues a text to be written later, unless nothing gets written.
#[cfg(feature = "sdk")]
pub(super) fn queue(text: Vec<u8>) {
    if let Some(mut queue) = lock(&QUEUE).filter(|queue| !queue.is_stuck) {
        enqueue(&mut queue, text);
    }
}

/// A stream that queues each write as one text, to be written later.
#[cfg(feature = "console")]
pub(crate) struct Stream;

#[cfg(feature = "console")]
impl Write for Stream {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        let is_taken = lock(&QUEUE).is_some_and(|mut queue| enqueue(&mut queue, text.to_vec()));
        if is_taken { Ok(text.len()) } else { Err(io::ErrorKind::WouldBlock.into()) }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Resolves when all that was queued before this call has been written.
#[cfg(feature = "console")]
pub(crate) fn written() -> impl Future<Output = ()> + Send {
    let up_to = lock(&QUEUE).map_or(0, |queue| queue.asked);
    std::future::poll_fn(move |cx| {
        let Some(mut queue) = lock(&QUEUE) else { return Poll::Ready(()) };
        if queue.written >= up_to {
            return Poll::Ready(());
        }
        queue.wakers.push(cx.waker().clone());
        Poll::Pending
    })
}

/// Queues a text; false if there is no room, or no thread could be started.
fn enqueue(queue: &mut Queue, text: Vec<u8>) -> bool {
    let this = std::process::id();
    if queue.writer.is_some_and(|writer| writer != this) {
        queue.texts.clear();
        queue.bytes = 0;
        queue.written = queue.asked;
        queue.is_stuck = false;
    }
    if queue.bytes + text.len() > MAX_BYTES {
        return false;
    }
    if queue.writer != Some(this) {
        let writer = thread::Builder::new().name("otel-stderr".to_owned()).spawn(write_all);
        if writer.is_err() {
            return false;
        }
        queue.writer = Some(this);
    }
    queue.asked += 1;
    queue.bytes += text.len();
    queue.texts.push_back(text);
    true
}

/// Writes all that is queued.
fn write_all() {
    let Some(mut queue) = lock(&QUEUE) else { return };
    while let Some(text) = queue.texts.pop_front() {
        drop(queue);
        // If stderr is closed, there is nobody to hear of the error.
        let _ = Unlocked.write_all(&text);
        let Some(locked) = lock(&QUEUE) else { return };
        queue = locked;
        queue.bytes -= text.len();
        queue.written += 1;
        queue.is_stuck = false;
        #[cfg(feature = "console")]
        {
            let wakers = std::mem::take(&mut queue.wakers);
            drop(queue);
            wakers.into_iter().for_each(Waker::wake);
            let Some(locked) = lock(&QUEUE) else { return };
            queue = locked;
        }
        WRITTEN.notify_all();
    }
    queue.writer = None;
}

/// Stderr without the lock of `std`, which another thread of the parent may have held at the fork, too.
struct Unlocked;

#[cfg(unix)]
impl Write for Unlocked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        use std::os::fd::AsFd;

        match io::stderr().as_fd().try_clone_to_owned() {
            Ok(stderr) => std::fs::File::from(stderr).write(bytes),
            // There is no file descriptor left, and somebody should hear of that.
            Err(_) => io::stderr().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// On these systems there is no fork.
#[cfg(not(unix))]
impl Write for Unlocked {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        io::stderr().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        io::stderr().flush()
    }
}
