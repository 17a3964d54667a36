//! How does a piece of text get its colour?

use super::text::width;

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

/// Writes pieces one after the other, with ANSI colours if so made, and without trailing blanks.
pub(super) struct Pen {
    out: String,
    color: bool,
    blanks: usize,
}

impl Pen {
    pub(super) fn new(color: bool) -> Self {
        Self { out: String::new(), color, blanks: 0 }
    }

    pub(super) fn into_text(self) -> String {
        self.out
    }

    pub(super) fn write(&mut self, Piece { style, text }: &Piece) {
        if text.is_empty() {
            return;
        }
        self.out.extend(std::iter::repeat_n(' ', std::mem::take(&mut self.blanks)));
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

    pub(super) fn blank(&mut self, columns: usize) {
        self.blanks += columns;
    }

    pub(super) fn end_line(&mut self) {
        self.blanks = 0;
        self.out.push('\n');
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
