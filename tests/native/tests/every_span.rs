//! Does an error have an event on every span that it passes, where that is asked for?

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_runtime::{ExceptionEvents, traced};

#[derive(Clone, Debug)]
struct Collect(std::sync::mpsc::Sender<(String, usize)>);

impl SpanExporter for Collect {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            let _ = self.0.send((span.name.into_owned(), span.events.len()));
        }
        Ok(())
    }
}

#[traced]
fn write() -> Result<u8, String> {
    Err("disk full".to_owned())
}

#[traced]
fn save() -> Result<u8, String> {
    write()
}

#[test]
fn every_span_that_an_error_passes_has_an_event_where_that_is_asked_for() {
    let (sender, spans) = std::sync::mpsc::channel();
    let telemetry = otel_runtime::builder()
        .exporter(Collect(sender))
        .exception_events(ExceptionEvents::EverySpan)
        .init()
        .expect("the first in this process");

    assert!(save().is_err());
    telemetry.shutdown().expect("both spans are out");

    assert_eq!(spans.iter().collect::<Vec<_>>(), [("write".to_owned(), 1), ("save".to_owned(), 1)]);
}
