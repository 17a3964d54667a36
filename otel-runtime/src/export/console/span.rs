//! What does a drawing say about a span?

use std::time::SystemTime;

use opentelemetry::{KeyValue, SpanId};
use opentelemetry_sdk::trace::SpanData;

use super::text::{clean, cut_left};
use crate::export::open_traces::is_local_root;
use crate::record::summary;

/// A name, a key or a value is cut to so many columns.
const NAME: usize = 60;
const VALUE: usize = 40;
/// An error is cut to so many columns, since no line has room for more.
const LINE: usize = 100;

/// All that is kept of a span while its trace is open: text that is safe to print, cut to what a line
/// can show.
pub(super) struct ShownSpan {
    pub(super) id: SpanId,
    pub(super) parent: Parent,
    pub(super) start: SystemTime,
    pub(super) end: SystemTime,
    pub(super) name: String,
    pub(super) outcome: ShownOutcome,
    /// Each as `key=value`.
    pub(super) attributes: Vec<String>,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Parent {
    None,
    Local(SpanId),
    Remote(SpanId),
}

pub(super) enum ShownOutcome {
    Fine,
    Cancelled,
    Failed { error: String, location: String },
}

impl From<SpanData> for ShownSpan {
    fn from(data: SpanData) -> Self {
        let parent = if !is_local_root(data.parent_span_id, data.parent_span_is_remote) {
            Parent::Local(data.parent_span_id)
        } else if data.parent_span_id == SpanId::INVALID {
            Parent::None
        } else {
            Parent::Remote(data.parent_span_id)
        };
        Self {
            id: data.span_context.span_id(),
            parent,
            start: data.start_time,
            end: data.end_time,
            name: clean(&data.name, NAME),
            outcome: outcome(&data),
            attributes: attributes(&data),
        }
    }
}

impl ShownSpan {
    pub(super) fn is_local_root(&self) -> bool {
        !matches!(self.parent, Parent::Local(_))
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let outcome = match &self.outcome {
            ShownOutcome::Fine | ShownOutcome::Cancelled => 0,
            ShownOutcome::Failed { error, location } => error.len() + location.len(),
        };
        let attributes = self.attributes.iter().map(|text| size_of::<String>() + text.len());
        size_of::<Self>() + self.name.len() + outcome + attributes.sum::<usize>()
    }
}

fn outcome(data: &SpanData) -> ShownOutcome {
    let Some(error) = summary::error(data) else {
        return if summary::is_cancelled(data) {
            ShownOutcome::Cancelled
        } else {
            ShownOutcome::Fine
        };
    };
    let place = (summary::text(data, "code.file.path"), summary::text(data, "code.line.number"));
    let location = match place {
        (file, _) if file.is_empty() => String::new(),
        (file, line) if line.is_empty() => file,
        (file, line) => format!("{file}:{line}"),
    };
    ShownOutcome::Failed { error: clean(&error, LINE), location: cut_left(&location, VALUE) }
}

/// `key=value` of all attributes that the line does not show elsewhere.
fn attributes(data: &SpanData) -> Vec<String> {
    summary::attributes(data)
        .map(|KeyValue { key, value, .. }| {
            let text = clean(&value.as_str(), VALUE);
            format!("{}={}", clean(key.as_str(), VALUE), summary::quoted(value, text))
        })
        .collect()
}
