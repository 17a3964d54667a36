//! How do finished traces get onto the terminal?

use std::io::{self, IsTerminal};
use std::time::Duration;

use opentelemetry_sdk::trace::SpanData;

use super::console::Waterfall;
use super::open_traces::OpenTraces;
use super::{Calling, Export, Exported, Exporting};
use crate::export::settings::Console;
use crate::process::stderr;
use crate::record::Batch;

/// Draws on stderr.
pub(crate) struct Terminal {
    waterfall: Waterfall,
    /// Whether the hint is still to be written.
    hint: bool,
}

impl Terminal {
    pub(crate) fn new(console: Console, service: String) -> (OpenTraces, Self) {
        let color = console.color_allowed && io::stderr().is_terminal();
        let (roots, waterfall) = Waterfall::new(Box::new(stderr::Stream), color, service);
        (roots, Terminal { waterfall, hint: console.hint })
    }
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
        self.waterfall.ended(batch.iter().map(SpanData::from));
        let written = stderr::written();
        Box::pin(async {
            written.await;
            Ok(Exported::default())
        })
    }

    fn idle(&mut self) -> Option<Duration> {
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
