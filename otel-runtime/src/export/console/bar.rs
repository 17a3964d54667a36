//! Where in the trace did a span run, as a bar?

use std::time::{Duration, SystemTime};

use super::span::ShownSpan;

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The time from the first start to the last end.
#[derive(Clone, Copy)]
pub(super) struct Window {
    pub(super) start: SystemTime,
    pub(super) duration: Duration,
}

impl Window {
    pub(super) fn of<'a>(spans: impl Iterator<Item = &'a ShownSpan> + Clone) -> Self {
        let start = spans.clone().map(|span| span.start).min().unwrap_or(SystemTime::UNIX_EPOCH);
        let end = spans.map(|span| span.end).max().unwrap_or(start);
        Self { start, duration: since(end, start) }
    }

    /// The bar of what ran in the window `inner`, where this window has so many columns. It begins in the
    /// column of the start, and is as long as that took, to an eighth of a column, but never nothing.
    pub(super) fn bar(self, inner: Window, columns: usize) -> String {
        let columns_at = |time: Duration, parts: usize| {
            let parts = parts as u128;
            let whole = self.duration.as_nanos().max(1);
            usize::try_from((time.as_nanos() * parts + whole / 2) / whole).unwrap_or(usize::MAX)
        };
        let start = columns_at(since(inner.start, self.start), columns).min(columns - 1);
        let length = columns_at(inner.duration, columns * 8).clamp(1, (columns - start) * 8);
        format!("{}{}{}", " ".repeat(start), "█".repeat(length / 8), EIGHTHS[length % 8])
    }
}

/// Zero if the clock was set back in between.
pub(super) fn since(end: SystemTime, start: SystemTime) -> Duration {
    end.duration_since(start).unwrap_or_default()
}
