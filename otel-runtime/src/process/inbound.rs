//! How often did other processes send what could not be used, or not whole?

use std::sync::atomic::{AtomicU64, Ordering};

use crate::process::shorten::beginning;
use crate::process::stderr;

/// What was refused, or cut.
#[derive(Clone, Copy, Debug)]
#[repr(usize)]
pub(crate) enum Inbound {
    /// A header that names the caller's span, in any format.
    Parent,
    /// A `tracestate`.
    TraceState,
    /// Members of a list of baggage.
    #[cfg_attr(not(feature = "sdk"), allow(dead_code, reason = "baggage is not read"))]
    Baggage,
    /// The name of a gRPC method, when no more are learned.
    #[cfg_attr(not(feature = "tonic"), allow(dead_code, reason = "methods are not learned"))]
    Method,
    /// A text that is recorded, such as a path.
    #[cfg_attr(not(feature = "tower"), allow(dead_code, reason = "nothing else is recorded"))]
    Text,
}

static REFUSED: [AtomicU64; 5] = [const { AtomicU64::new(0) }; 5];

/// Counts one more, and reports the first of its kind on stderr, without its content. To be called once for each
/// carrier that is read, and only when something of it is refused: a good request pays nothing.
///
/// `bytes` is the length of all its values together.
#[cold]
#[inline(never)]
pub(crate) fn refuse(what: Inbound, bytes: usize) {
    if REFUSED[what as usize].fetch_add(1, Ordering::Relaxed) == 0 {
        let what = what.told(bytes);
        stderr::warn(&format!("{what}; `Stats::refused` counts such cases, and this is told once"));
    }
}

/// How often this was refused so far.
#[cfg(feature = "sdk")]
pub(crate) fn count(what: Inbound) -> u64 {
    REFUSED[what as usize].load(Ordering::Relaxed)
}

/// The beginning of a text that another process sent, of at most `most` bytes; counts one that is longer.
#[cfg_attr(not(feature = "tower"), allow(dead_code, reason = "only layers record such texts"))]
#[inline]
pub(crate) fn cut(text: &str, most: usize) -> &str {
    if text.len() > most {
        refuse(Inbound::Text, text.len());
    }
    beginning(text, most)
}

/// How long these values are together.
pub(crate) fn length(values: &[&str]) -> usize {
    values.iter().map(|value| value.len()).sum()
}

impl Inbound {
    fn told(self, bytes: usize) -> String {
        match self {
            Inbound::Parent => format!(
                "the header that names a caller's span, of {bytes} bytes, is malformed or there twice: its trace is \
                 not continued"
            ),
            Inbound::TraceState => format!(
                "a `tracestate` of {bytes} bytes came in that is malformed or too long: all of it, or what is too \
                 long, is dropped"
            ),
            Inbound::Baggage => format!(
                "baggage of {bytes} bytes came in that is malformed or too large: members of it are left out"
            ),
            Inbound::Method => {
                "no more names of gRPC methods are learned, since too many were called; spans of others are called \
                 `grpc` unless `ServerLayer::methods` lists them"
                    .to_owned()
            }
            Inbound::Text => format!(
                "a text of {bytes} bytes came in that is too long for an attribute: its beginning is recorded"
            ),
        }
    }
}
