//! What may whoever looks at a terminal choose?

use std::time::Duration;

#[cfg(feature = "console")]
use opentelemetry::TraceId;

/// How finished traces are drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Console {
    /// Nobody asked for this exporter, so the first line says how to send traces elsewhere.
    pub(crate) hint: bool,
    pub(crate) view: View,
}

/// What the environment says of the terminal and of whoever looks at it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct View {
    pub(crate) color: ColorChoice,
    pub(crate) background: Background,
    /// The terminal is one that shows a text as a link to something else.
    pub(crate) takes_links: bool,
    pub(crate) link: Option<LinkTemplate>,
    pub(crate) shown: Shown,
    pub(crate) details: Details,
    /// The columns to draw in, in place of those of the terminal.
    pub(crate) columns: Option<usize>,
    /// Traces of other processes on the same terminal are not drawn here, nor the other way round.
    pub(crate) alone: bool,
}

/// Whether there are colours.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum ColorChoice {
    Never,
    /// On a terminal.
    #[default]
    Auto,
    /// In a pipe or a file, too.
    Always,
}

/// What the colours have to be read on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Background {
    #[default]
    Unknown,
    Dark,
    Light,
}

/// How much is told of a span.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Details {
    /// A line, in the common case.
    #[default]
    Short,
    /// Every attribute, event and link, and no siblings as one.
    All,
}

/// Which traces are drawn: those for which all of this holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Shown {
    /// A span failed.
    pub(crate) errors: bool,
    /// It took at least so long.
    pub(crate) slower: Option<Duration>,
    /// A span's name contains this.
    pub(crate) name: Option<String>,
}

/// The address of a trace's page, with `{id}` where the id of the trace is to be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LinkTemplate(String);

impl LinkTemplate {
    /// The part that the id takes the place of.
    const ID: &str = "{id}";

    /// `None` if it names no page of its own for each trace, or has characters that no address has: those
    /// could be read by the terminal as something else than an address.
    pub(crate) fn new(template: &str) -> Option<Self> {
        let is_web = template.starts_with("http://") || template.starts_with("https://");
        let is_address = template.bytes().all(|byte| byte.is_ascii_graphic());
        let is_good = is_web && is_address && template.contains(Self::ID);
        is_good.then(|| Self(template.to_owned()))
    }

    #[cfg(feature = "console")]
    pub(crate) fn of(&self, trace: TraceId) -> String {
        self.0.replace(Self::ID, &trace.to_string())
    }
}
