//! How is a message brought to whoever watches the process?
//!
//! Never by `eprintln!`, which panics when stderr is closed, and blocks when nobody reads it.

mod writer;

#[cfg(feature = "sdk")]
use std::sync::Mutex;
use std::sync::atomic::{AtomicU8, Ordering};

#[cfg(feature = "console")]
pub(crate) use writer::{Stream, written};

#[cfg(feature = "sdk")]
use crate::process::lock::lock;
use crate::process::shorten::beginning;

/// How long a line is at most, in bytes: that much is written to a pipe in one piece, also if others
/// write to it.
const MAX_LINE: usize = 4096;

/// How much this crate says on stderr about itself: lines that begin with `otel-runtime: `, and never
/// many. Drawn traces are not among them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
#[cfg_attr(
    not(feature = "sdk"),
    allow(dead_code, unreachable_pub, reason = "without `init`, nobody sets it")
)]
#[repr(u8)]
pub enum LogLevel {
    /// Nothing; `none` or `off`.
    Off,
    /// What keeps tracing from working, which can only happen at the start; `error`.
    Error,
    /// Once that spans are being lost, and at the end how many were; `warn`.
    Warn,
    /// Also where traces are drawn; `info`, the default.
    #[default]
    Info,
    /// Everything; `debug`.
    Debug,
}

static LEVEL: AtomicU8 = AtomicU8::new(LogLevel::Info as u8);

/// Sets the level of messages from now on, for the whole process.
#[cfg(feature = "sdk")]
pub(crate) fn set_level(level: LogLevel) {
    LEVEL.store(level as u8, Ordering::Relaxed);
}

pub(crate) fn warn(text: &str) {
    line(LogLevel::Warn, text);
}

#[cfg(any(feature = "console", debug_assertions))]
pub(crate) fn info(text: &str) {
    line(LogLevel::Info, text);
}

/// Takes out of a line what must not be told.
#[cfg(feature = "sdk")]
type Filter = Box<dyn Fn(&str) -> String + Send + Sync>;

#[cfg(feature = "sdk")]
static FILTER: Mutex<Option<Filter>> = Mutex::new(None);

/// Sets what every line goes through from now on, for the whole process.
#[cfg(feature = "sdk")]
pub(crate) fn set_filter(filter: Filter) {
    if let Some(mut set) = lock(&FILTER) {
        *set = Some(filter);
    }
}

/// An error's text may have been written by a server, and hold what it was sent.
#[cfg(feature = "sdk")]
fn filtered(text: &str) -> String {
    match lock(&FILTER).as_deref() {
        Some(Some(filter)) => filter(text),
        _ => text.to_owned(),
    }
}

#[cfg(not(feature = "sdk"))]
fn filtered(text: &str) -> String {
    text.to_owned()
}

/// Whether whoever watches wants to know how far something has come.
#[cfg(feature = "sdk")]
pub(crate) fn tells_progress() -> bool {
    LogLevel::Info as u8 <= LEVEL.load(Ordering::Relaxed)
}

/// Writes a piece of a line that is written over later; waits for nothing.
#[cfg(feature = "sdk")]
pub(crate) fn progress(text: String) {
    writer::queue(text.into_bytes());
}

fn line(level: LogLevel, text: &str) {
    if level as u8 > LEVEL.load(Ordering::Relaxed) {
        return;
    }
    let text = filtered(text);
    // So that it is one line, whoever wrote it.
    let text = text.replace(char::is_control, " ");
    let line = format!("otel-runtime: {text}");
    writer::write(format!("{}\n", beginning(&line, MAX_LINE - 1)).into_bytes());
}
