//! What is kept of a finished span?

use opentelemetry::{SpanId, TraceId};
use opentelemetry_sdk::trace::SpanData;

use super::order::{Beginning, take_beginning};

/// A finished span, and how it began.
#[derive(Clone)]
pub(super) struct Ended {
    pub(super) data: SpanData,
    pub(super) beginning: Beginning,
}

/// The spans that a capture gets.
pub(super) struct Captured {
    /// The spans of its trace, and of traces that link to it.
    pub(super) own: Vec<Ended>,
    /// Spans of other traces that began inside the capture, and the spans below them.
    pub(super) others: Vec<Ended>,
    /// How many other spans ended that belong to no capture; they may be this test's or another's.
    pub(super) strays: usize,
}

impl From<SpanData> for Ended {
    fn from(mut data: SpanData) -> Ended {
        Ended { beginning: take_beginning(&mut data), data }
    }
}

impl Ended {
    pub(super) fn id(&self) -> SpanId {
        self.data.span_context.span_id()
    }

    pub(super) fn trace(&self) -> TraceId {
        self.data.span_context.trace_id()
    }

    /// Whether the span is in none of these traces, and links to one of them.
    pub(super) fn links_to(&self, traces: &[TraceId]) -> bool {
        let mut links = self.data.links.iter();
        !traces.contains(&self.trace())
            && links.any(|link| traces.contains(&link.span_context.trace_id()))
    }
}
