//! When is what several processes have of a trace drawn as one?
//!
//! A process that is alone on its terminal draws at once. With others it waits a moment: for the parts of
//! those that were called, whose spans end a little later than the caller's, and longer for the caller.

use std::collections::HashMap;
use std::io::Write;
use std::time::{Duration, Instant};

use opentelemetry::TraceId;

use super::draw::{Drawing, State};
use super::filter;
use super::flood::Flood;
use super::history::History;
use super::look::Look;
use super::part::Part;
use super::services::Services;
use super::span::ShownSpan;
use super::tree::{Forest, Place};
use crate::export::open_traces::OpenTraces;
use crate::export::settings::Shown;

/// For how many spans that were drawn the name is remembered.
const MAX_NAMES: usize = 16_384;
/// How long a trace whose root is there waits for more from other processes.
const FOR_CALLEES: Duration = Duration::from_millis(250);
/// How long a trace whose root is not there waits for it.
const FOR_CALLER: Duration = Duration::from_secs(2);
/// How many bytes of spans may wait for other processes.
const MAX_BYTES: usize = 10 << 20;

/// What draws parts of traces.
pub(super) struct Canvas {
    out: Box<dyn Write + Send>,
    pub(super) look: Look,
    shown: Shown,
    pub(super) services: Services,
    open: OpenTraces,
    pub(super) history: History,
    pub(super) flood: Flood,
    /// How many other processes send their parts here.
    pub(super) others: usize,
    waiting: HashMap<TraceId, Waiting>,
    bytes: usize,
    pub(super) patience: Patience,
}

/// How long parts wait.
pub(super) struct Patience {
    pub(super) for_callees: Duration,
    pub(super) for_caller: Duration,
}

/// The parts of a trace that wait for more.
struct Waiting {
    part: Part,
    since: Instant,
}

impl Canvas {
    pub(super) fn new(
        out: Box<dyn Write + Send>,
        look: Look,
        shown: Shown,
        service: &str,
        open: OpenTraces,
    ) -> Self {
        Self {
            out,
            look,
            shown,
            services: Services::new(service),
            open,
            history: History::new(MAX_NAMES),
            flood: Flood::unlimited(),
            others: 0,
            waiting: HashMap::new(),
            bytes: 0,
            patience: Patience { for_callees: FOR_CALLEES, for_caller: FOR_CALLER },
        }
    }

    /// Takes in a part, and draws it now or soon.
    pub(super) fn add(&mut self, part: Part) {
        if self.others == 0 && !self.waiting.contains_key(&part.trace) {
            self.draw(&part);
            self.remember(part);
            return;
        }
        self.bytes += part.spans.iter().map(ShownSpan::bytes).sum::<usize>();
        let Part { trace, spans, state } = part;
        let new =
            || Waiting { part: Part { trace, spans: Vec::new(), state }, since: Instant::now() };
        let waiting = self.waiting.entry(trace).or_insert_with(new);
        waiting.part.spans.extend(spans);
        waiting.since = Instant::now();
        if state != State::Complete {
            waiting.part.state = state;
        }
        self.draw_due();
    }

    /// Draws what has waited long enough.
    pub(super) fn draw_due(&mut self) {
        self.tell_left_out(false);
        if self.others == 0 || self.bytes > MAX_BYTES {
            self.draw_all();
            return;
        }
        let is_due = |(trace, waiting): (&TraceId, &Waiting)| {
            let forest = self.forest(*trace, &waiting.part.spans);
            let has_root = forest.tops.iter().any(|(_, place)| *place == Place::Root);
            // Where nothing is open, the rest of a trace of this process is on its way.
            let patience = if has_root && !self.open.is_open(*trace) {
                self.patience.for_callees
            } else {
                self.patience.for_caller
            };
            (waiting.since.elapsed() >= patience).then_some(*trace)
        };
        let due: Vec<TraceId> = self.waiting.iter().filter_map(is_due).collect();
        for trace in due {
            self.draw_waiting(trace);
        }
    }

    /// Draws all that waits.
    fn draw_all(&mut self) {
        let mut all: Vec<_> = self.waiting.iter().map(|(trace, it)| (it.since, *trace)).collect();
        all.sort_unstable_by_key(|(since, _)| *since);
        for (_, trace) in all {
            self.draw_waiting(trace);
        }
    }

    /// Draws all that waits, and says what was not drawn.
    pub(super) fn finish(&mut self) {
        self.draw_all();
        self.tell_left_out(true);
    }

    fn tell_left_out(&mut self, last: bool) {
        if let Some(text) = self.flood.told(last) {
            self.write(&text);
        }
    }

    /// After how long to look again, if anything waits.
    pub(super) fn next(&self) -> Option<Duration> {
        let waits = (!self.waiting.is_empty()).then_some(self.patience.for_callees);
        waits.into_iter().chain(self.flood.next()).min()
    }

    fn draw_waiting(&mut self, trace: TraceId) {
        let Some(Waiting { part, .. }) = self.waiting.remove(&trace) else { return };
        let bytes: usize = part.spans.iter().map(ShownSpan::bytes).sum();
        self.bytes -= bytes;
        self.draw(&part);
        self.remember(part);
    }

    /// Draws a part, if whoever looks wants to see it.
    pub(super) fn draw(&mut self, part: &Part) {
        let Part { trace, spans, state } = part;
        if !filter::is_wanted(&self.shown, spans) {
            return;
        }
        self.tell_left_out(false);
        if !self.flood.admits(*trace, spans) {
            return;
        }
        let forest = self.forest(*trace, spans);
        let (services, state) = (&self.services, *state);
        let text = Drawing { trace: *trace, services, spans, forest, state }.text(&self.look);
        self.flood.drawn(spans, text.lines().count());
        self.write(&text);
    }

    fn write(&mut self, text: &str) {
        // If the terminal is gone, that is no reason to disturb the program.
        let _ = self.out.write_all(text.as_bytes()).and_then(|()| self.out.flush());
    }

    /// A part was drawn: spans that come later may belong under its spans.
    pub(super) fn remember(&mut self, part: Part) {
        self.history.remember(part.trace, part.spans);
    }

    pub(super) fn forest(&self, trace: TraceId, spans: &[ShownSpan]) -> Forest<'_> {
        Forest::new(spans, |span| self.history.name(trace, span))
    }
}
