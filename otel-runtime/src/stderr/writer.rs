//! How is stderr written to without waiting for whoever reads it?
//!
//! By a thread that is there while there is something to write. A pipe that is full and that nobody
//! reads blocks that thread, and nobody else for longer than [`PATIENCE`].

use std::collections::VecDeque;
use std::io::{self, Write};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
#[cfg(feature = "console")]
use std::task::{Poll, Waker};
use std::thread;
use std::time::Duration;

/// How long somebody waits until what he says is written, so that it is there when the program ends.
const PATIENCE: Duration = Duration::from_millis(300);

/// How many bytes may wait to be written; beyond that, what is new is not written.
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
    /// How many texts there ever were, and how many of them have been written.
    asked: u64,
    written: u64,
    /// The process whose thread writes: after a fork, the child has none.
    writer: Option<u32>,
    /// Somebody has waited in vain since anything was written.
    is_stuck: bool,
    #[cfg(feature = "console")]
    wakers: Vec<Waker>,
}

/// Writes a text, in one piece, and waits a moment until it is written.
pub(super) fn write(text: Vec<u8>) {
    let mut queue = lock();
    if !enqueue(&mut queue, text) || queue.is_stuck {
        return;
    }
    let up_to = queue.asked;
    let waits = |queue: &mut Queue| queue.written < up_to;
    let (mut queue, waited) =
        WRITTEN.wait_timeout_while(queue, PATIENCE, waits).unwrap_or_else(PoisonError::into_inner);
    queue.is_stuck |= waited.timed_out();
}

/// A stream whose every write is written in one piece, later.
#[cfg(feature = "console")]
pub(crate) struct Stream;

#[cfg(feature = "console")]
impl Write for Stream {
    fn write(&mut self, text: &[u8]) -> io::Result<usize> {
        if enqueue(&mut lock(), text.to_vec()) {
            Ok(text.len())
        } else {
            Err(io::ErrorKind::WouldBlock.into())
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Resolves when all has been written that was to be when this was called.
#[cfg(feature = "console")]
pub(crate) fn written() -> impl Future<Output = ()> + Send {
    let up_to = lock().asked;
    std::future::poll_fn(move |cx| {
        let mut queue = lock();
        if queue.written >= up_to {
            return Poll::Ready(());
        }
        queue.wakers.push(cx.waker().clone());
        Poll::Pending
    })
}

/// False if there is no room, or no thread to write it.
fn enqueue(queue: &mut Queue, text: Vec<u8>) -> bool {
    if queue.bytes + text.len() > MAX_BYTES {
        return false;
    }
    let this = std::process::id();
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

/// Writes what there is.
fn write_all() {
    let mut queue = lock();
    while let Some(text) = queue.texts.pop_front() {
        drop(queue);
        // Whoever closed stderr does not want to know.
        let _ = io::stderr().write_all(&text);
        queue = lock();
        queue.bytes -= text.len();
        queue.written += 1;
        queue.is_stuck = false;
        #[cfg(feature = "console")]
        {
            let wakers = std::mem::take(&mut queue.wakers);
            drop(queue);
            wakers.into_iter().for_each(Waker::wake);
            queue = lock();
        }
        WRITTEN.notify_all();
    }
    queue.writer = None;
}

fn lock() -> MutexGuard<'static, Queue> {
    QUEUE.lock().unwrap_or_else(PoisonError::into_inner)
}
