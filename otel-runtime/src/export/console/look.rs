//! How is a drawing to look: how wide, in which colours, with how much detail?

use anstyle::{AnsiColor, Color};

use crate::export::settings::{Background, LinkTemplate};

/// How wide a drawing is where nobody says: into a pipe or a file, say.
pub(crate) const COLUMNS: usize = 120;
/// The narrowest and the widest drawing. Bars of a thousand columns say no more than those of a hundred.
const NARROWEST: usize = 20;
const WIDEST: usize = 400;

/// All that the reader may choose about a drawing.
#[derive(Clone, Debug)]
pub(crate) struct Look {
    columns: usize,
    /// Colours for this background; `None` for none.
    pub(super) colors: Option<Background>,
    /// The page of a trace.
    pub(super) link: Option<LinkTemplate>,
    /// The terminal shows a text as a link to something else (OSC 8).
    pub(super) takes_links: bool,
    /// Every attribute, event, link and sibling is drawn.
    pub(super) all: bool,
}

impl Look {
    /// Plain text of so many columns; 0 for a width that is not known.
    pub(crate) fn plain(columns: usize) -> Self {
        Look { columns: known(columns), colors: None, link: None, takes_links: false, all: false }
    }

    /// The same in so many columns.
    pub(crate) fn draw_in(&mut self, columns: usize) {
        self.columns = known(columns);
    }

    /// Colours for this background, or none.
    pub(crate) fn colored(mut self, colors: Option<Background>) -> Self {
        self.colors = colors;
        self
    }

    /// With the address of each trace's page, as a link if the terminal takes links.
    pub(crate) fn linked(mut self, link: Option<LinkTemplate>, takes_links: bool) -> Self {
        self.link = link;
        self.takes_links = takes_links;
        self
    }

    /// With all details or not.
    pub(crate) fn detailed(mut self, all: bool) -> Self {
        self.all = all;
        self
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }
}

fn known(columns: usize) -> usize {
    if columns == 0 { COLUMNS } else { columns.clamp(NARROWEST, WIDEST) }
}

/// What a piece of text means to the reader.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Style {
    Plain,
    Title,
    Dim,
    /// On the slowest path.
    Slowest,
    Error,
    Warning,
    /// Of the service with this number.
    Service(usize),
}

/// Colours that can be read on any background. Red and yellow mean something.
const ANYWHERE: [AnsiColor; 4] =
    [AnsiColor::Cyan, AnsiColor::Magenta, AnsiColor::Green, AnsiColor::Blue];
/// Plain blue is hard to read on black.
const ON_DARK: [AnsiColor; 6] = [
    AnsiColor::Cyan,
    AnsiColor::Magenta,
    AnsiColor::Green,
    AnsiColor::BrightBlue,
    AnsiColor::BrightMagenta,
    AnsiColor::BrightCyan,
];

impl Style {
    /// The codes for this style; of several services each has another colour, until there are no more.
    pub(super) fn codes(self, background: Background) -> anstyle::Style {
        let plain = anstyle::Style::new();
        let colored = |color: AnsiColor| plain.fg_color(Some(Color::Ansi(color)));
        match self {
            Style::Plain => plain,
            Style::Title | Style::Slowest => plain.bold(),
            Style::Dim => plain.dimmed(),
            Style::Error => colored(AnsiColor::Red),
            Style::Warning => colored(match background {
                Background::Light => AnsiColor::Magenta,
                Background::Dark | Background::Unknown => AnsiColor::Yellow,
            }),
            Style::Service(service) => colored(match background {
                Background::Dark => ON_DARK[service % ON_DARK.len()],
                Background::Light | Background::Unknown => ANYWHERE[service % ANYWHERE.len()],
            }),
        }
    }
}
