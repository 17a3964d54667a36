//! What becomes of more traces than anybody can read?
//!
//! On a terminal a second has so many lines. The traces for which there is no room are counted, and the second
//! after ends with a line that says how many there were, and which was the slowest. Those that failed have as
//! much room again.

use std::time::{Duration, Instant};

use opentelemetry::TraceId;

use super::bar::Window;
use super::line::count;
use super::span::ShownSpan;
use super::text::duration;

/// So many lines a second are drawn: more than anybody reads, and less than any terminal can show.
const LINES: usize = 500;
const SECOND: Duration = Duration::from_secs(1);

/// The lines of this second, and what was left out of them.
pub(super) struct Flood {
    /// Without one, everything is drawn.
    limit: Option<usize>,
    second: Duration,
    begin: Instant,
    lines: usize,
    lines_of_failed: usize,
    left_out: LeftOut,
}

#[derive(Default)]
struct LeftOut {
    traces: usize,
    spans: usize,
    failed: usize,
    slowest: Option<(Duration, TraceId, String)>,
}

impl Flood {
    /// For what nobody reads as it comes: a pipe, a file.
    pub(super) fn unlimited() -> Self {
        Self {
            limit: None,
            second: SECOND,
            begin: Instant::now(),
            lines: 0,
            lines_of_failed: 0,
            left_out: LeftOut::default(),
        }
    }

    pub(super) fn limited() -> Self {
        Self { limit: Some(LINES), ..Self::unlimited() }
    }

    /// Whether there is room for a trace; it is counted, if there is none.
    pub(super) fn admits(&mut self, trace: TraceId, spans: &[ShownSpan]) -> bool {
        let failed = spans.iter().filter(|span| span.is_failed()).count();
        let lines = if failed > 0 { self.lines_of_failed } else { self.lines };
        if self.limit.is_none_or(|limit| lines < limit) {
            return true;
        }
        let took = Window::of(spans.iter()).duration;
        let left_out = &mut self.left_out;
        left_out.traces += 1;
        left_out.spans += spans.len();
        left_out.failed += usize::from(failed > 0);
        if left_out.slowest.as_ref().is_none_or(|(slowest, ..)| took > *slowest) {
            let first = spans.iter().min_by_key(|span| span.start);
            let name = first.map_or_else(String::new, |span| span.name.clone());
            left_out.slowest = Some((took, trace, name));
        }
        false
    }

    /// So many lines were drawn for it.
    pub(super) fn drawn(&mut self, spans: &[ShownSpan], lines: usize) {
        if spans.iter().any(ShownSpan::is_failed) {
            self.lines_of_failed += lines;
        } else {
            self.lines += lines;
        }
    }

    /// What was left out of the second that is over; of this one, too, if it is the `last`.
    pub(super) fn told(&mut self, last: bool) -> Option<String> {
        if !last && self.begin.elapsed() < self.second {
            return None;
        }
        self.begin = Instant::now();
        (self.lines, self.lines_of_failed) = (0, 0);
        let LeftOut { traces, spans, failed, slowest } = std::mem::take(&mut self.left_out);
        let (took, trace, name) = slowest?;
        let (traces, spans) = (count(traces, "more trace"), count(spans, "span"));
        let failed = if failed > 0 { format!(", {failed} failed") } else { String::new() };
        let took = duration(took);
        Some(format!("{traces}, {spans}{failed}; the slowest: {took}  {name}  trace {trace}\n"))
    }

    /// After how long there is something to tell, if anything was left out.
    pub(super) fn next(&self) -> Option<Duration> {
        (self.left_out.traces > 0).then_some(self.second)
    }

    #[cfg(test)]
    pub(super) fn of(limit: usize, second: Duration) -> Self {
        Self { limit: Some(limit), second, ..Self::unlimited() }
    }
}
