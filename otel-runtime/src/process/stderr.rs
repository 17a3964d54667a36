//! How is something told to whoever watches the process?
//!
//! Never by `eprintln!`, which panics when stderr is closed, and blocks when nobody reads it.

mod writer;

use std::sync::atomic::{AtomicU8, Ordering};

#[cfg(feature = "console")]
pub(crate) use writer::{Stream, written};

use crate::process::shorten::beginning;

/// How long a line is at most, in bytes: as much as goes into a pipe in one piece, whoever else writes.
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
    /// What keeps tracing from working, of which there is nothing after the start; `error`.
    Error,
    /// That spans are being lost, once, and how many were, at the end; `warn`.
    Warn,
    /// Where traces are drawn, too; `info`, the default.
    #[default]
    Info,
    /// Everything; `debug`.
    Debug,
}

static LEVEL: AtomicU8 = AtomicU8::new(LogLevel::Info as u8);

/// Says no more than `level` from now on, in the whole process.
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

fn line(level: LogLevel, text: &str) {
    if level as u8 > LEVEL.load(Ordering::Relaxed) {
        return;
    }
    // An error's text may have been written by a server.
    let text = text.replace(char::is_control, " ");
    let line = format!("otel-runtime: {text}");
    writer::write(format!("{}\n", beginning(&line, MAX_LINE - 1)).into_bytes());
}
