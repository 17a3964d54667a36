//! Where in the trace did a span run, as a bar?

use std::time::{Duration, SystemTime};

use super::span::ShownSpan;

/// How many columns the whole trace has.
pub(super) const COLUMNS: usize = 20;

const EIGHTHS: [&str; 8] = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/// The time from the first start to the last end.
#[derive(Clone, Copy)]
pub(super) struct Window {
    start: SystemTime,
    pub(super) duration: Duration,
}

impl Window {
    pub(super) fn of(spans: &[ShownSpan]) -> Self {
        let start = spans.iter().map(|span| span.start).min().unwrap_or(SystemTime::UNIX_EPOCH);
        let end = spans.iter().map(|span| span.end).max().unwrap_or(start);
        Self { start, duration: since(end, start) }
    }

    /// Begins in the column of the span's start, and is as long as the span to an eighth of a
    /// column, but never nothing.
    pub(super) fn bar(self, span: &ShownSpan) -> String {
        let columns_at = |time: Duration, parts: usize| {
            let parts = parts as u128;
            let whole = self.duration.as_nanos().max(1);
            usize::try_from((time.as_nanos() * parts + whole / 2) / whole).unwrap_or(usize::MAX)
        };
        let start = columns_at(since(span.start, self.start), COLUMNS).min(COLUMNS - 1);
        let length = columns_at(duration(span), COLUMNS * 8).clamp(1, (COLUMNS - start) * 8);
        format!("{}{}{}", " ".repeat(start), "█".repeat(length / 8), EIGHTHS[length % 8])
    }
}

pub(super) fn duration(span: &ShownSpan) -> Duration {
    since(span.end, span.start)
}

/// Zero if the clock was set back in between.
fn since(end: SystemTime, start: SystemTime) -> Duration {
    end.duration_since(start).unwrap_or_default()
}
