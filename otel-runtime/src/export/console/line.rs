//! How does the line of a span read?

use std::fmt::Display;
use std::time::Duration;

use super::bar::{self, Window};
use super::pen::{GAP, Pen, Piece, Style};
use super::span::{ShownOutcome, ShownSpan};
use super::text::{cut, duration};
use super::tree::Place;

/// How many columns the longest label takes, and how many a duration.
const LABEL: usize = 48;
const DURATION: usize = 7;
/// What does not fit beside a label stands below it, so much further to the right.
pub(super) const INDENT: usize = 2;
/// Spans deeper than this are indented no further; their depth is written before them.
const MAX_INDENT: usize = 8;

/// A span with its place in the drawing.
pub(super) struct Line<'a> {
    pub(super) span: &'a ShownSpan,
    pub(super) depth: usize,
    pub(super) place: Place<'a>,
}

impl Line<'_> {
    pub(super) fn write(&self, pen: &mut Pen, columns: usize, window: Window) {
        let bar_style = if self.is_failed() { Style::Error } else { Style::Bar };
        let label = Piece::new(self.style(Style::Plain), self.label());
        write_start(pen, &label, columns, bar::duration(self.span));
        pen.write_left(&Piece::new(bar_style, window.bar(self.span)), bar::COLUMNS + GAP);
        let indent = self.indent() + INDENT;
        pen.write_each(self.relation().into_iter().collect(), indent);
        pen.write_together(self.details(), indent);
        pen.end_line();
    }

    pub(super) fn label(&self) -> String {
        let indent = " ".repeat(self.indent());
        let mark = match self.span.outcome {
            ShownOutcome::Fine => "",
            ShownOutcome::Cancelled => "⊘ ",
            ShownOutcome::Failed { .. } => "✗ ",
        };
        let name = &self.span.name;
        let label = if self.depth > MAX_INDENT {
            format!("{indent}({}) {mark}{name}", self.depth)
        } else {
            format!("{indent}{mark}{name}")
        };
        cut(label, LABEL)
    }

    pub(super) fn style(&self, fine: Style) -> Style {
        match self.span.outcome {
            ShownOutcome::Fine => fine,
            ShownOutcome::Cancelled => Style::Warning,
            ShownOutcome::Failed { .. } => Style::Error,
        }
    }

    fn indent(&self) -> usize {
        INDENT * self.depth.min(MAX_INDENT)
    }

    fn is_failed(&self) -> bool {
        matches!(self.span.outcome, ShownOutcome::Failed { .. })
    }

    /// How it is related to a span that is not in the drawing.
    pub(super) fn relation(&self) -> Option<Piece> {
        match self.place {
            Place::Child | Place::Root => None,
            Place::Continues(parent) => {
                Some(Piece::new(Style::Dim, format!("continues {}", short(parent))))
            }
            Place::Late(parent) => {
                Some(Piece::new(Style::Warning, format!("late, under {parent}")))
            }
            Place::Orphan => Some(Piece::new(Style::Warning, "parent not seen")),
        }
    }

    pub(super) fn details(&self) -> Vec<Piece> {
        let mut pieces = match &self.span.outcome {
            ShownOutcome::Fine => vec![],
            ShownOutcome::Cancelled => vec![Piece::new(Style::Warning, "cancelled")],
            ShownOutcome::Failed { error, location } => vec![
                Piece::new(Style::Error, error.as_str()),
                Piece::new(Style::Dim, location.as_str()),
            ],
        };
        pieces.retain(|piece| !piece.text.is_empty());
        pieces.extend(self.span.attributes.iter().map(|text| Piece::new(Style::Plain, text)));
        pieces
    }
}

/// Writes label and duration.
pub(super) fn write_start(pen: &mut Pen, label: &Piece, label_columns: usize, time: Duration) {
    pen.write_left(label, label_columns + GAP);
    pen.write_right(&Piece::new(Style::Plain, duration(time)), DURATION);
    pen.blank(GAP);
}

/// The first and last four digits of an id.
pub(super) fn short(id: impl Display) -> String {
    let id = id.to_string();
    format!("{}…{}", &id[..4], &id[id.len() - 4..])
}
