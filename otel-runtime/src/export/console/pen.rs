//! How do pieces of text get their colours and their places?

use super::text::{cut, width};

/// How many columns a line has, and how many are left free between two pieces.
const COLUMNS: usize = 100;
pub(super) const GAP: usize = 2;

/// What a piece of text means to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Title,
    Dim,
    Bar,
    Error,
    Warning,
}

/// A piece of a line.
pub(super) struct Piece {
    pub(super) style: Style,
    pub(super) text: String,
}

impl Piece {
    pub(super) fn new(style: Style, text: impl Into<String>) -> Self {
        Self { style, text: text.into() }
    }
}

/// Writes pieces one after the other, in ANSI colours if told so, and without trailing blanks.
pub(super) struct Pen {
    out: String,
    color: bool,
    /// The column it has come to, counting blanks that are not written yet.
    column: usize,
    blanks: usize,
}

impl Pen {
    pub(super) fn new(color: bool) -> Self {
        Self { out: String::new(), color, column: 0, blanks: 0 }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    pub(super) fn write(&mut self, Piece { style, text }: &Piece) {
        if text.is_empty() {
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', std::mem::take(&mut self.blanks)));
        self.column += width(text);
        match style.code() {
            Some(code) if self.color => {
                self.out.extend(["\u{1b}[", code, "m", text, "\u{1b}[0m"]);
            }
            _ => self.out.push_str(text),
        }
    }

    pub(super) fn write_left(&mut self, piece: &Piece, columns: usize) {
        self.write(piece);
        self.blank(columns.saturating_sub(width(&piece.text)));
    }

    pub(super) fn write_right(&mut self, piece: &Piece, columns: usize) {
        self.blank(columns.saturating_sub(width(&piece.text)));
        self.write(piece);
    }

    /// Writes pieces that belong together, below the line if not all of them fit on it.
    pub(super) fn write_together(&mut self, pieces: Vec<Piece>, indent: usize) {
        let columns: usize = pieces.iter().map(|piece| width(&piece.text) + GAP).sum();
        if columns > self.room() + GAP {
            self.continue_below(indent);
        }
        self.write_each(pieces, indent);
    }

    /// Writes each piece on this line if it fits there, and else on the next one.
    pub(super) fn write_each(&mut self, pieces: Vec<Piece>, indent: usize) {
        for Piece { style, text } in pieces {
            let text = cut(text, COLUMNS - indent);
            if width(&text) > self.room() {
                self.continue_below(indent);
            }
            self.write(&Piece { style, text });
            self.blank(GAP);
        }
    }

    pub(super) fn blank(&mut self, columns: usize) {
        self.blanks += columns;
        self.column += columns;
    }

    pub(super) fn end_line(&mut self) {
        self.blanks = 0;
        self.column = 0;
        self.out.push('\n');
    }

    fn continue_below(&mut self, indent: usize) {
        self.end_line();
        self.blank(indent);
    }

    fn room(&self) -> usize {
        COLUMNS.saturating_sub(self.column)
    }
}

impl Style {
    fn code(self) -> Option<&'static str> {
        match self {
            Self::Plain => None,
            Self::Title => Some("1"),
            Self::Dim => Some("2"),
            Self::Bar => Some("36"),
            Self::Error => Some("31"),
            Self::Warning => Some("33"),
        }
    }
}
