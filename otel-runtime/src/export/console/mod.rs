//! Which trace is complete, and is drawn?
//!
//! A local trace is complete when its last open local root has ended. If a span ends after that and its
//! parent is still open, it waits for the parent, and both are drawn together as a late part; it waits
//! no longer than [`PATIENCE`]. The spans that wait are bounded: over the limit, the oldest trace is
//! drawn as it stands.
//!
//! A trace that stays open for [`OPEN_AFTER`] is drawn as far as it has come, and once more as a whole when it
//! is complete.

mod bar;
mod canvas;
mod convention;
mod draw;
mod filter;
mod flood;
mod history;
mod line;
mod look;
mod part;
mod pen;
mod rows;
mod services;
#[cfg(not(unix))]
#[path = "not_shared.rs"]
mod shared;
#[cfg(unix)]
mod shared;
mod span;
#[cfg(test)]
mod tests;
mod text;
mod tree;

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use opentelemetry::TraceId;
use opentelemetry_sdk::trace::SpanData;

use self::canvas::Canvas;
use self::draw::State;
use self::flood::Flood;
pub(crate) use self::look::Look;
use self::part::Part;
use self::services::OWN;
pub(crate) use self::shared::Meeting;
use self::shared::Member;
use self::span::ShownSpan;
use self::tree::Place;
use crate::export::open_traces::OpenTraces;
use crate::export::settings::Shown;

/// How many bytes of spans may wait for their traces to be complete.
const MAX_BYTES: usize = 10 << 20;
/// How many traces may be waited for.
const MAX_TRACES: usize = 1_024;
/// How long a span waits for its parent once no root of its trace is open.
const PATIENCE: Duration = Duration::from_secs(5);
/// After how long a trace that is open is drawn as such.
const OPEN_AFTER: Duration = Duration::from_secs(10);

/// Draws finished local traces.
pub(crate) struct Waterfall {
    /// Draws; other processes on this terminal may send it what they would draw.
    canvas: Arc<Mutex<Canvas>>,
    /// This process among those on the terminal, unless it is to be alone.
    member: Option<Member>,
    all: bool,
    open: OpenTraces,
    /// The spans that have ended and are not drawn yet.
    held: HashMap<TraceId, Held>,
    bytes: usize,
    arrivals: u64,
    /// The open traces that were drawn as such, and when they were looked for.
    told_open: HashSet<TraceId>,
    looked: Instant,
    limits: Limits,
}

struct Limits {
    bytes: usize,
    traces: usize,
    patience: Duration,
    open_after: Duration,
}

/// The spans of a trace that are not drawn yet.
struct Held {
    spans: Vec<ShownSpan>,
    /// Its place in the order in which traces came.
    arrival: u64,
    since: Instant,
    has_root: bool,
    has_news: bool,
}

impl Waterfall {
    /// A waterfall that writes each trace of `service` that is to be `shown` to `out` at once.
    pub(crate) fn new(
        out: Box<dyn Write + Send>,
        look: Look,
        shown: Shown,
        service: &str,
    ) -> (OpenTraces, Self) {
        let open = OpenTraces::default();
        let all = look.all;
        let canvas = Canvas::new(out, look, shown, service, open.clone());
        let waterfall = Self {
            canvas: Arc::new(Mutex::new(canvas)),
            member: None,
            all,
            open: open.clone(),
            held: HashMap::new(),
            bytes: 0,
            arrivals: 0,
            told_open: HashSet::new(),
            looked: Instant::now(),
            limits: Limits {
                bytes: MAX_BYTES,
                traces: MAX_TRACES,
                patience: PATIENCE,
                open_after: OPEN_AFTER,
            },
        };
        (open, waterfall)
    }

    /// Draws in so many columns from now on; 0 for a width that is not known.
    pub(crate) fn draw_in(&mut self, columns: usize) {
        self.canvas().look.draw_in(columns);
    }

    /// Draws no more than can be read, and tells how much it leaves out, unless all is asked for.
    pub(crate) fn leave_out(&mut self) {
        if !self.all {
            self.canvas().flood = Flood::limited();
        }
    }

    /// Draws as one with the other processes that meet there, as `service`.
    pub(crate) fn meet(&mut self, meeting: Meeting, service: &str) {
        self.member = Some(Member::new(meeting, service, Arc::clone(&self.canvas)));
    }

    /// Takes in spans that have ended and draws every trace that is now complete.
    pub(crate) fn ended(&mut self, spans: impl IntoIterator<Item = SpanData>) {
        for span in spans {
            let shown = ShownSpan::new(&span, OWN, self.all);
            self.hold(span.span_context.trace_id(), shown);
        }
        self.draw_due();
        if self.is_full() {
            for oldest in self.by_arrival() {
                self.draw_held(oldest, State::Incomplete);
                if !self.is_full() {
                    break;
                }
            }
        }
        // Where many traces are open, it takes a while to find those that have been for long.
        if self.looked.elapsed() >= self.limits.open_after / 10 {
            self.looked = Instant::now();
            self.draw_open();
        }
    }

    /// Draws the spans that have waited too long; returns after how long to look again, if any wait.
    pub(crate) fn idle(&mut self) -> Option<Duration> {
        self.ended(Vec::new());
        let held = (!self.held.is_empty()).then_some(self.limits.patience);
        let open = (!self.open.is_empty()).then_some(self.limits.open_after / 2);
        let mut canvas = self.canvas();
        canvas.draw_due();
        held.into_iter().chain(open).chain(canvas.next()).min()
    }

    /// Draws the spans that are left: of traces that were open when the program ended.
    pub(crate) fn finish(&mut self) {
        for trace in self.by_arrival() {
            self.draw_held(trace, State::Unfinished);
        }
        if let Some(member) = &mut self.member {
            member.leave();
        }
        self.canvas().finish();
    }

    fn is_full(&self) -> bool {
        self.bytes > self.limits.bytes || self.held.len() > self.limits.traces
    }

    fn hold(&mut self, trace: TraceId, span: ShownSpan) {
        let is_root = span.is_local_root();
        if is_root {
            self.open.closed(trace);
        }
        let arrivals = &mut self.arrivals;
        let held = self.held.entry(trace).or_insert_with(|| {
            *arrivals += 1;
            Held {
                spans: Vec::new(),
                arrival: *arrivals,
                since: Instant::now(),
                has_root: false,
                has_news: true,
            }
        });
        held.has_root |= is_root;
        held.has_news = true;
        self.bytes += span.bytes();
        held.spans.push(span);
    }

    fn draw_due(&mut self) {
        let mut due = self.by_arrival();
        due.retain(|trace| !self.open.is_open(*trace));
        for trace in due {
            let held = &self.held[&trace];
            if held.has_root {
                self.draw_placed(trace);
            } else if held.since.elapsed() >= self.limits.patience {
                self.draw_held(trace, State::Complete);
            } else if held.has_news {
                self.draw_placed(trace);
            }
        }
    }

    fn by_arrival(&self) -> Vec<TraceId> {
        let traces = self.held.iter().map(|(trace, held)| (held.arrival, *trace));
        let mut traces: Vec<_> = traces.collect();
        traces.sort_unstable_by_key(|(arrival, _)| *arrival);
        traces.into_iter().map(|(_, trace)| trace).collect()
    }

    /// Draws what has come of traces that have been open for long, each once.
    fn draw_open(&mut self) {
        let open = self.open.open_for(self.limits.open_after);
        let are_open: HashSet<TraceId> = open.iter().map(|(trace, _)| *trace).collect();
        self.told_open.retain(|trace| are_open.contains(trace));
        for (trace, time) in open {
            if self.told_open.insert(trace) {
                let spans = self.held.get(&trace).map_or_else(Vec::new, |held| held.spans.clone());
                self.canvas().draw(&Part { trace, spans, state: State::Open(time) });
            }
        }
    }

    /// Draws all spans of `trace` that wait.
    fn draw_held(&mut self, trace: TraceId, state: State) {
        if let Some(held) = self.held.remove(&trace) {
            self.bytes -= bytes(&held.spans);
            self.draw(trace, held.spans, state);
        }
    }

    /// Draws the spans of `trace` that wait, except those that wait for their parent.
    fn draw_placed(&mut self, trace: TraceId) {
        let Some(held) = self.held.remove(&trace) else { return };
        let is_known = |place: Place<'_>| place != Place::Orphan;
        let are_placed = self.canvas().forest(trace, &held.spans).are_placed(is_known);
        let mut are_placed = are_placed.into_iter();
        let (placed, waiting): (Vec<_>, Vec<_>) =
            held.spans.into_iter().partition(|_| are_placed.next() == Some(true));

        self.bytes -= bytes(&placed);
        if !waiting.is_empty() {
            let since = if held.has_root { Instant::now() } else { held.since };
            let held = Held { spans: waiting, since, has_root: false, has_news: false, ..held };
            self.held.insert(trace, held);
        }
        if !placed.is_empty() {
            self.draw(trace, placed, State::Complete);
        }
    }

    fn draw(&mut self, trace: TraceId, spans: Vec<ShownSpan>, state: State) {
        let part = Part { trace, spans, state };
        let is_sent = self.member.as_mut().is_some_and(|member| member.send(&part));
        if is_sent {
            self.canvas().remember(part);
        } else {
            self.canvas().add(part);
        }
    }

    fn canvas(&self) -> MutexGuard<'_, Canvas> {
        self.canvas.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn bytes(spans: &[ShownSpan]) -> usize {
    spans.iter().map(ShownSpan::bytes).sum()
}
