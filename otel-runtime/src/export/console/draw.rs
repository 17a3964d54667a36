//! What does a trace look like?

use opentelemetry::TraceId;

use super::bar::{self, Window};
use super::line::{self, Line};
use super::pen::{Pen, Piece, Style};
use super::span::ShownSpan;
use super::text::{clean, width};
use super::tree::{Place, Row};

/// How many columns the service's name may take.
const SERVICE: usize = 24;

/// The spans of a trace that are drawn together.
pub(super) struct Drawing<'a> {
    pub(super) trace: TraceId,
    pub(super) service: &'a str,
    pub(super) spans: &'a [ShownSpan],
    pub(super) rows: Vec<Row<'a>>,
    pub(super) state: State,
}

/// Why a trace is drawn now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum State {
    /// All spans that can be waited for have ended.
    Complete,
    /// The program ends.
    Unfinished,
    /// There is no room to keep its spans any longer.
    Incomplete,
}

impl<'a> Drawing<'a> {
    /// The lines of the drawing, each with its line break.
    pub(super) fn text(&self, color: bool) -> String {
        let (head, lines) = self.lines();
        let label = head.as_ref().map_or_else(|| self.headless_label(), Line::label);
        let labels = lines.iter().map(|line| width(&line.label()));
        let columns = labels.chain([width(&label)]).max().unwrap_or_default();
        let window = Window::of(self.spans);

        let mut pen = Pen::new(color);
        self.write_head(&mut pen, head.as_ref(), label, columns, window);
        for line in &lines {
            line.write(&mut pen, columns, window);
        }
        pen.into_text()
    }

    /// The line for the head, if one span is suitable, and the lines below it.
    fn lines(&self) -> (Option<Line<'a>>, Vec<Line<'a>>) {
        let mut lines: Vec<Line<'a>> = Vec::with_capacity(self.rows.len());
        for row in &self.rows {
            lines.push(Line { span: &self.spans[row.span], depth: row.depth, place: row.place });
        }
        let any_begins_here = lines.iter().any(|line| begins_here(line.place));
        let is_head = if any_begins_here { begins_here } else { is_late };
        let head = lines.iter().position(|line| is_head(line.place));

        // The head, and the spans under it, come first.
        if let Some(head) = head {
            let under = lines[head + 1..].iter().take_while(|line| line.place == Place::Child);
            let end = head + 1 + under.count();
            lines[..end].rotate_left(head);
        }
        // Other spans that could be the head stand beside it, and the rest below.
        let mut offset = 0;
        for line in &mut lines {
            if line.place != Place::Child {
                offset = usize::from(!is_head(line.place));
            }
            line.depth += offset;
            if head.is_none() {
                // The line above says for all of them how they are related.
                line.place = Place::Child;
            }
        }
        (head.map(|_| lines.remove(0)), lines)
    }

    fn headless_label(&self) -> String {
        match self.state {
            State::Complete => "(parent open or lost)".to_owned(),
            State::Unfinished | State::Incomplete => "(still open)".to_owned(),
        }
    }

    fn write_head(
        &self,
        pen: &mut Pen,
        head: Option<&Line<'a>>,
        label: String,
        columns: usize,
        window: Window,
    ) {
        let style = head.map_or(Style::Warning, |line| line.style(Style::Title));
        let time = head.map_or(window.duration, |line| bar::duration(line.span));
        line::write_start(pen, &Piece::new(style, label), columns, time);

        let mut pieces = vec![
            Piece::new(Style::Dim, format!("trace {}", line::short(self.trace))),
            Piece::new(Style::Dim, clean(self.service, SERVICE)),
        ];
        match self.state {
            State::Complete => {}
            State::Unfinished => pieces.push(Piece::new(Style::Warning, "unfinished")),
            State::Incomplete => pieces.push(Piece::new(Style::Warning, "incomplete")),
        }
        pieces.extend(head.and_then(Line::relation));
        pen.write_each(pieces, line::INDENT);
        pen.write_together(head.map(Line::details).unwrap_or_default(), line::INDENT);
        pen.end_line();
    }
}

fn begins_here(place: Place<'_>) -> bool {
    matches!(place, Place::Root | Place::Continues(_))
}

fn is_late(place: Place<'_>) -> bool {
    matches!(place, Place::Late(_))
}
