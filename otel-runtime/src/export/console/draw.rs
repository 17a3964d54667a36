//! What does a trace look like?
//!
//! A function of the spans and of how it is to look: the same spans in the same look are the same text.

use std::time::{Duration, SystemTime};

use opentelemetry::TraceId;

use super::bar::Window;
use super::line::{self, Line, Page, count};
use super::look::{Look, Style};
use super::pen::{GAP, Pen, Piece};
use super::rows::{self, Row};
use super::services::{OWN, Services};
use super::span::ShownSpan;
use super::text::duration;
use super::tree::Forest;

/// What stands before the rows: whether they are on the slowest path.
const SLOWEST: &str = "┃";
const MARGIN: usize = 2;
/// How many columns a duration has.
const DURATION: usize = 7;
/// A drawing that is narrower than this has no bars.
const WITH_BARS: usize = 50;

/// The spans of a trace that are drawn together.
pub(super) struct Drawing<'a> {
    pub(super) trace: TraceId,
    pub(super) services: &'a Services,
    pub(super) spans: &'a [ShownSpan],
    pub(super) forest: Forest<'a>,
    pub(super) state: State,
}

/// Why a trace is drawn now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// All spans that can be waited for have ended.
    Complete,
    /// It has been open for so long; it will be drawn once more when it is complete.
    Open(Duration),
    /// The program ends.
    Unfinished,
    /// There is no room to keep its spans any longer.
    Incomplete,
}

/// How many columns the parts of a line have.
struct Columns {
    label: usize,
    bar: usize,
}

impl Drawing<'_> {
    /// The lines of the drawing, each with its line break.
    pub(super) fn text(&self, look: &Look) -> String {
        let rows = rows::rows(self.spans, &self.forest, look.all);
        // What a label may take is what the shortest bars leave.
        let rest = look.columns().saturating_sub(MARGIN + GAP + DURATION);
        let bar = if look.columns() < WITH_BARS { 0 } else { look.columns() / 4 };
        let label = if bar == 0 { rest } else { rest - GAP - bar };
        let lines = self.lines(&rows, label, look);
        let widths = lines.iter().map(|line| label_width(&line.label));
        let label = widths.max().unwrap_or_default();
        let bar = if bar == 0 { 0 } else { rest - GAP - label };

        let mut pen = Pen::new(look);
        self.write_head(&mut pen, look);
        let window = Window::of(self.spans.iter());
        for (row, line) in rows.iter().zip(&lines) {
            self.write(&mut pen, row, line, window, &Columns { label, bar });
        }
        pen.into_text()
    }

    fn lines(&self, rows: &[Row<'_>], columns: usize, look: &Look) -> Vec<Line> {
        let page = Page {
            spans: self.spans,
            services: self.services,
            columns,
            is_open: self.state != State::Complete,
            all: look.all,
        };
        // If all spans are of one service, the head says it for all of them.
        let first = self.spans.first().map(|span| span.service);
        let only = first.filter(|first| self.spans.iter().all(|span| span.service == *first));
        // The services of the rows from the top down to the last one.
        let mut over: Vec<usize> = Vec::new();
        let mut lines = Vec::with_capacity(rows.len());
        for row in rows {
            over.truncate(row.depth);
            lines.push(Line::new(row, over.last().copied().or(only), &page));
            over.push(self.spans[row.spans[0]].service);
        }
        lines
    }

    fn write_head(&self, pen: &mut Pen<'_>, look: &Look) {
        let window = Window::of(self.spans.iter());
        let mut pieces = Vec::new();
        // Of a trace that is open, it may be that no span has ended.
        if !self.spans.is_empty() {
            pieces.push(Piece::new(Style::Dim, time_of_day(window.start)));
            pieces.push(Piece::new(Style::Title, duration(window.duration)));
        }
        let mut services: Vec<usize> = self.spans.iter().map(|span| span.service).collect();
        services.sort_unstable();
        services.dedup();
        if services.is_empty() {
            services.push(OWN);
        }
        pieces.extend(
            services
                .into_iter()
                .map(|service| Piece::new(Style::Service(service), self.services.name(service))),
        );
        pieces.push(self.id(look));
        if self.spans.len() != 1 {
            pieces.push(Piece::new(Style::Dim, count(self.spans.len(), "span")));
        }
        match self.spans.iter().filter(|span| span.is_failed()).count() {
            0 => {}
            failed => pieces.push(Piece::new(Style::Error, format!("{failed} failed"))),
        }
        match self.state {
            State::Complete => {}
            State::Open(time) => {
                let text = format!("still open after {} s", time.as_secs());
                pieces.push(Piece::new(Style::Warning, text));
            }
            State::Unfinished => pieces.push(Piece::new(Style::Warning, "unfinished")),
            State::Incomplete => pieces.push(Piece::new(Style::Warning, "incomplete")),
        }
        pen.write_each(pieces, line::INDENT);
        pen.end_line();
    }

    /// The whole id, to be copied or followed.
    fn id(&self, look: &Look) -> Piece {
        let link = look.link.as_ref().map(|template| template.of(self.trace));
        let text = match &link {
            // Most terminals know an address when they see one.
            Some(link) if !look.takes_links => link.clone(),
            _ => format!("trace {}", self.trace),
        };
        Piece { link, is_whole: true, ..Piece::new(Style::Dim, text) }
    }

    fn write(
        &self,
        pen: &mut Pen<'_>,
        row: &Row<'_>,
        line: &Line,
        window: Window,
        columns: &Columns,
    ) {
        let span = &self.spans[row.spans[0]];
        if row.is_slowest {
            pen.write(&Piece::new(Style::Service(span.service), SLOWEST));
        }
        pen.go_to(MARGIN);
        for piece in &line.label {
            pen.write(piece);
            pen.blank(GAP);
        }
        pen.go_to(MARGIN + columns.label + GAP);
        pen.write_right(&Piece::new(Style::Plain, duration(row.window.duration)), DURATION);
        if columns.bar > 0 {
            pen.blank(GAP);
            let bar = window.bar(row.window, columns.bar);
            let style = if span.is_failed() { Style::Error } else { Style::Service(span.service) };
            pen.write(&Piece::new(style, bar));
        }
        pen.end_line();
        for pieces in &line.below {
            let indent = MARGIN + line.indent;
            pen.go_to(indent);
            pen.write_each(pieces.iter().cloned(), indent);
            pen.end_line();
        }
    }
}

fn label_width(label: &[Piece]) -> usize {
    label.iter().map(|piece| piece.width() + GAP).sum::<usize>().saturating_sub(GAP)
}

/// `14:03:21.482Z`, as the log lines of most programs write it.
fn time_of_day(time: SystemTime) -> String {
    const DAY: u128 = 24 * 60 * 60 * 1_000;
    let millis = time.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default().as_millis() % DAY;
    let [hours, minutes, seconds] = [millis / 3_600_000, millis / 60_000 % 60, millis / 1_000 % 60];
    format!("{hours:02}:{minutes:02}:{seconds:02}.{:03}Z", millis % 1_000)
}
