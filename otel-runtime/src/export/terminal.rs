//! How do finished traces get onto the terminal?

use std::io::{self, IsTerminal};
use std::time::Duration;

use opentelemetry_sdk::trace::SpanData;

use super::console::{Look, Meeting, Waterfall};
use super::open_traces::OpenTraces;
use super::{Calling, Export, Exported, Exporting};
use crate::export::settings::{ColorChoice, Console, Details, View};
use crate::process::stderr;
use crate::record::Batch;

/// Draws on stderr.
pub(crate) struct Terminal {
    waterfall: Waterfall,
    /// The width follows that of the terminal.
    follows: bool,
    /// Whether the hint is still to be written.
    hint: bool,
}

impl Terminal {
    pub(crate) fn new(console: Console, service: &str) -> (OpenTraces, Self) {
        let is_terminal = io::stderr().is_terminal();
        let follows = console.view.columns.is_none() && is_terminal;
        let look = look(&console.view, is_terminal);
        let View { shown, alone, .. } = console.view;
        let (roots, mut waterfall) = Waterfall::new(Box::new(stderr::Stream), look, shown, service);
        if is_terminal {
            waterfall.leave_out();
        }
        if let Some(meeting) = Meeting::of_stderr().filter(|_| is_terminal && !alone) {
            waterfall.meet(meeting, service);
        }
        (roots, Terminal { waterfall, follows, hint: console.hint })
    }

    /// Somebody may have made the window larger.
    fn measure(&mut self) {
        if self.follows {
            self.waterfall.draw_in(columns());
        }
    }
}

/// How drawings look on this stderr, if nobody says otherwise.
fn look(view: &View, is_terminal: bool) -> Look {
    let columns = view.columns.unwrap_or_else(|| if is_terminal { columns() } else { 0 });
    // An old console of Windows has to be told first that it is to know the codes.
    let is_known = !is_terminal || anstyle_query::windows::enable_ansi_colors() != Some(false);
    let is_colored = match view.color {
        ColorChoice::Never => false,
        ColorChoice::Auto => is_terminal && is_known,
        ColorChoice::Always => true,
    };
    Look::plain(columns)
        .colored(is_colored.then_some(view.background))
        .linked(view.link.clone(), view.takes_links && is_terminal && is_known)
        .detailed(view.details == Details::All)
}

/// The width of the terminal, but for the last column: some go to the next line once that is written.
/// 0 if it does not tell.
fn columns() -> usize {
    let size = terminal_size::terminal_size_of(io::stderr());
    size.map_or(0, |(width, _)| usize::from(width.0).saturating_sub(1))
}

impl Export for Terminal {
    fn destination(&self) -> String {
        "stderr".to_owned()
    }

    fn export(&mut self, batch: &Batch) -> Exporting {
        if std::mem::take(&mut self.hint) {
            stderr::info(
                "traces are drawn here; to send them to a backend, set OTEL_EXPORTER_OTLP_ENDPOINT, \
                 for example to http://localhost:4318",
            );
        }
        self.measure();
        self.waterfall.ended(batch.iter().map(SpanData::from));
        let written = stderr::written();
        Box::pin(async {
            written.await;
            Ok(Exported::default())
        })
    }

    fn idle(&mut self) -> Option<Duration> {
        self.measure();
        self.waterfall.idle()
    }

    fn shutdown(&mut self) -> Calling {
        self.waterfall.finish();
        let written = stderr::written();
        Box::pin(async {
            written.await;
            Ok(())
        })
    }
}
