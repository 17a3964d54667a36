//! How does the line of a span read?

use std::fmt::Display;
use std::time::Duration;

use super::bar::{self, Window};
use super::pen::{Pen, Piece, Style};
use super::span::{Outcome, Span};
use super::text::{cut, duration, width};
use super::tree::Place;

/// The columns of a line, of the longest label, of a duration, and between two parts.
pub(super) const COLUMNS: usize = 100;
const LABEL: usize = 36;
const DURATION: usize = 7;
const GAP: usize = 2;
/// Deeper spans are not indented any more but have their depth written before them.
const MAX_INDENT: usize = 8;
/// In fewer columns a piece says nothing, so an error gets as many even at its location's cost.
const MIN_PIECE: usize = 10;

/// A span with its place in the drawing.
pub(super) struct Line<'a> {
    pub(super) span: &'a Span,
    pub(super) depth: usize,
    pub(super) place: Place<'a>,
}

impl Line<'_> {
    pub(super) fn write(&self, pen: &mut Pen, columns: usize, window: Window) {
        let bar_style = if self.is_failed() { Style::Error } else { Style::Bar };
        let label = Piece::new(self.style(Style::Plain), self.label());
        let room = write_start(pen, &label, columns, bar::duration(self.span));
        pen.write_left(&Piece::new(bar_style, window.bar(self.span)), bar::COLUMNS + GAP);
        let pieces = self.relation().into_iter().chain(self.details()).collect();
        write_pieces(pen, pieces, room - (bar::COLUMNS + GAP));
        pen.end_line();
    }

    pub(super) fn label(&self) -> String {
        let indent = "  ".repeat(self.depth.min(MAX_INDENT));
        let mark = match self.span.outcome {
            Outcome::Fine => "",
            Outcome::Cancelled => "⊘ ",
            Outcome::Failed { .. } => "✗ ",
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
            Outcome::Fine => fine,
            Outcome::Cancelled => Style::Warning,
            Outcome::Failed { .. } => Style::Error,
        }
    }

    fn is_failed(&self) -> bool {
        matches!(self.span.outcome, Outcome::Failed { .. })
    }

    /// How it hangs on a span that is not in the drawing.
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
            Outcome::Fine => vec![],
            Outcome::Cancelled => vec![Piece::new(Style::Warning, "cancelled")],
            Outcome::Failed { error, location } => vec![
                Piece::new(Style::Error, error.as_str()),
                Piece::new(Style::Dim, location.as_str()),
            ],
        };
        pieces.push(Piece::new(Style::Plain, self.span.attributes.as_str()));
        pieces.retain(|piece| !piece.text.is_empty());
        pieces
    }
}

/// Writes label and duration, and tells how many columns there are after them.
pub(super) fn write_start(
    pen: &mut Pen,
    label: &Piece,
    label_columns: usize,
    time: Duration,
) -> usize {
    pen.write_left(label, label_columns + GAP);
    pen.write_right(&Piece::new(Style::Plain, duration(time)), DURATION);
    pen.blank(GAP);
    COLUMNS - (label_columns + GAP + DURATION + GAP)
}

/// Writes as many pieces as have room, the last one cut. An error leaves room for its location.
pub(super) fn write_pieces(pen: &mut Pen, pieces: Vec<Piece>, mut room: usize) {
    let mut pieces = pieces.into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let beside = match pieces.peek() {
            Some(Piece { style: Style::Dim, text }) if piece.style == Style::Error => {
                GAP + width(text)
            }
            _ => 0,
        };
        let text = cut(piece.text, room.saturating_sub(beside).max(room.min(MIN_PIECE)));
        room = room.saturating_sub(width(&text) + GAP);
        pen.write(&Piece { text, ..piece });
        pen.blank(GAP);
        if room < MIN_PIECE && pieces.peek().is_some_and(|next| width(&next.text) > room) {
            if room > 0 {
                pen.write(&Piece::new(Style::Plain, "…"));
            }
            break;
        }
    }
}

/// The columns that all of the pieces take.
pub(super) fn total(some: &[Piece], more: &[Piece]) -> usize {
    let columns = |piece: &Piece| width(&piece.text) + GAP;
    some.iter().chain(more).map(columns).sum::<usize>().saturating_sub(GAP)
}

/// The first and last four digits of an id.
pub(super) fn short(id: impl Display) -> String {
    let id = id.to_string();
    format!("{}…{}", &id[..4], &id[id.len() - 4..])
}
