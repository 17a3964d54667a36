//! How do pieces of text get their styles and their places?

use std::fmt::Write;

use super::look::{Look, Style};
use super::text::{cut, width};

/// How many columns are left free between two pieces.
pub(super) const GAP: usize = 2;

/// A piece of a line.
#[derive(Clone, Debug)]
pub(super) struct Piece {
    pub(super) style: Style,
    pub(super) text: String,
    /// Where it leads, on a terminal that takes links.
    pub(super) link: Option<String>,
    /// It is for copying, so it is written whole even if the line is too short for it.
    pub(super) is_whole: bool,
}

impl Piece {
    pub(super) fn new(style: Style, text: impl Into<String>) -> Self {
        Self { style, text: text.into(), link: None, is_whole: false }
    }

    pub(super) fn width(&self) -> usize {
        width(&self.text)
    }
}

/// Writes pieces one after the other, and no trailing blanks.
pub(super) struct Pen<'a> {
    out: String,
    look: &'a Look,
    /// The column it has come to, counting blanks that are not written yet.
    column: usize,
    blanks: usize,
}

impl<'a> Pen<'a> {
    pub(super) fn new(look: &'a Look) -> Self {
        Self { out: String::new(), look, column: 0, blanks: 0 }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    pub(super) fn write(&mut self, piece: &Piece) {
        let Piece { style, text, link, is_whole: _ } = piece;
        if text.is_empty() {
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', std::mem::take(&mut self.blanks)));
        self.column += width(text);
        let link = link.as_ref().filter(|_| self.look.takes_links);
        // A link is a pair of escapes around a text, the second one with an empty target.
        if let Some(link) = link {
            self.out.extend(["\u{1b}]8;;", link, "\u{1b}\\"]);
        }
        match self.look.colors.map(|background| style.codes(background)) {
            // Writing into a string does not fail.
            Some(codes) => drop(write!(self.out, "{codes}{text}{codes:#}")),
            None => self.out.push_str(text),
        }
        if link.is_some() {
            self.out.push_str("\u{1b}]8;;\u{1b}\\");
        }
    }

    pub(super) fn write_right(&mut self, piece: &Piece, columns: usize) {
        self.blank(columns.saturating_sub(piece.width()));
        self.write(piece);
    }

    /// Writes each piece on this line if it fits there, and else on the next one.
    pub(super) fn write_each(&mut self, pieces: impl IntoIterator<Item = Piece>, indent: usize) {
        let all = self.look.columns();
        let indent = indent.min(all / 2);
        for piece in pieces {
            let text = if piece.is_whole { piece.text } else { cut(piece.text, all - indent) };
            let piece = Piece { text, ..piece };
            if self.column > indent && piece.width() > all.saturating_sub(self.column) {
                self.end_line();
                self.blank(indent);
            }
            self.write(&piece);
            self.blank(GAP);
        }
    }

    pub(super) fn blank(&mut self, columns: usize) {
        self.blanks += columns;
        self.column += columns;
    }

    /// Goes to a column, if that is not passed yet.
    pub(super) fn go_to(&mut self, column: usize) {
        self.blank(column.saturating_sub(self.column));
    }

    pub(super) fn end_line(&mut self) {
        self.blanks = 0;
        self.column = 0;
        self.out.push('\n');
    }
}
