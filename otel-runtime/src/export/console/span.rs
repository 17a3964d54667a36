//! What does a drawing say about a span?

use std::fmt::Display;
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{Event, Link, SpanKind};
use opentelemetry::{KeyValue, SpanId};
use opentelemetry_sdk::trace::SpanData;

use super::convention;
use super::text::{clean, cut_left};
use crate::export::open_traces::is_local_root;
use crate::record::summary;

/// A name, and a key or value, is cut to so many columns.
const NAME: usize = 120;
const VALUE: usize = 60;
/// An error, and a value among all details, is cut to so many columns.
const LONG: usize = 400;
/// So many events and links of a span are told, but among all details.
const FEW: usize = 4;

/// All that is kept of a span while its trace is open: text that is safe to print, cut to what a line
/// can show.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct ShownSpan {
    pub(super) id: SpanId,
    pub(super) parent: Parent,
    /// The number of its service.
    pub(super) service: usize,
    pub(super) kind: SpanKind,
    pub(super) start: SystemTime,
    pub(super) end: SystemTime,
    pub(super) name: String,
    /// What came of it: a status by which spans are told apart, and an amount.
    pub(super) status: String,
    pub(super) amount: String,
    pub(super) outcome: ShownOutcome,
    /// It stands for several.
    pub(super) folded: Option<Many>,
    /// Each as `key=value`; first a database's statement.
    pub(super) attributes: Vec<String>,
    pub(super) events: Vec<ShownEvent>,
    pub(super) links: Vec<String>,
    /// How many events and links there are beside these.
    pub(super) more_events: usize,
    pub(super) more_links: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Parent {
    None,
    Local(SpanId),
    Remote(SpanId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum ShownOutcome {
    Fine,
    Cancelled,
    Failed { error: String, location: String },
}

/// Several spans as one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Many {
    pub(super) count: u64,
    pub(super) total: Duration,
    pub(super) largest: Duration,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct ShownEvent {
    pub(super) at: SystemTime,
    pub(super) text: String,
}

impl ShownSpan {
    /// With `all`, every attribute, event and link is kept.
    pub(super) fn new(data: &SpanData, service: usize, all: bool) -> Self {
        let label = convention::label(data);
        let outcome = outcome(data);
        let told = |at: usize| all || at < FEW;
        let events: Vec<&Event> =
            data.events.iter().filter(|event| all || !is_of_outcome(event, data)).collect();
        let events_told = if all { events.len() } else { events.len().min(FEW) };
        let statement = (!label.statement.is_empty()).then(|| clean(&label.statement, VALUE));
        Self {
            id: data.span_context.span_id(),
            parent: parent(data),
            service,
            kind: data.span_kind.clone(),
            start: data.start_time,
            end: data.end_time,
            name: clean(&label.name, NAME),
            status: clean(&label.status, VALUE),
            amount: clean(&label.amount, VALUE),
            outcome,
            folded: folded(data),
            attributes: statement
                .filter(|_| !all)
                .into_iter()
                .chain(summary::attributes(data).filter_map(|it| attribute(it, all)))
                .collect(),
            more_events: events.len() - events_told,
            events: events[..events_told].iter().map(|it| event(it, all)).collect(),
            more_links: data.links.iter().enumerate().filter(|(at, _)| !told(*at)).count(),
            links: data
                .links
                .iter()
                .enumerate()
                .filter(|(at, _)| told(*at))
                .map(|(_, it)| link(it, all))
                .collect(),
        }
    }

    pub(super) fn is_local_root(&self) -> bool {
        !matches!(self.parent, Parent::Local(_))
    }

    pub(super) fn is_failed(&self) -> bool {
        matches!(self.outcome, ShownOutcome::Failed { .. })
    }

    /// About how much memory it takes.
    pub(super) fn bytes(&self) -> usize {
        let outcome = match &self.outcome {
            ShownOutcome::Fine | ShownOutcome::Cancelled => 0,
            ShownOutcome::Failed { error, location } => error.len() + location.len(),
        };
        let label = self.name.len() + self.status.len() + self.amount.len();
        let texts = self.attributes.iter().chain(&self.links);
        let texts = texts.map(|text| size_of::<String>() + text.len());
        let events = self.events.iter().map(|event| size_of::<ShownEvent>() + event.text.len());
        size_of::<Self>() + label + outcome + texts.sum::<usize>() + events.sum::<usize>()
    }
}

/// The first and last four digits of an id.
pub(super) fn short(id: impl Display) -> String {
    let id = id.to_string();
    format!("{}…{}", &id[..4], &id[id.len() - 4..])
}

fn parent(data: &SpanData) -> Parent {
    if !is_local_root(data.parent_span_id, data.parent_span_is_remote) {
        Parent::Local(data.parent_span_id)
    } else if data.parent_span_id == SpanId::INVALID {
        Parent::None
    } else {
        Parent::Remote(data.parent_span_id)
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
    // Of a panic, the event knows the line; of an error nobody does, but where the function is.
    let of_event = data.events.iter().filter(|event| event.name == "exception");
    let of_event = of_event.map(|event| location(&event.attributes)).find(|it| !it.is_empty());
    let location = of_event.unwrap_or_else(|| location(&data.attributes));
    ShownOutcome::Failed { error: clean(&error, LONG), location: cut_left(&location, VALUE) }
}

/// `src/shop.rs:41`, as far as that is known.
fn location(attributes: &[KeyValue]) -> String {
    let text = |key| {
        let found = attributes.iter().rfind(|attribute| attribute.key.as_str() == key);
        found.map(|attribute| attribute.value.as_str().into_owned()).unwrap_or_default()
    };
    match (text("code.file.path"), text("code.line.number")) {
        (file, _) if file.is_empty() => file,
        (file, line) if line.is_empty() => file,
        (file, line) => format!("{file}:{line}"),
    }
}

/// What `fold` made one span of.
fn folded(data: &SpanData) -> Option<Many> {
    let number = |key| summary::text(data, key).parse::<u64>().ok();
    let nanos = |key| number(key).map(Duration::from_nanos);
    Some(Many {
        count: number("traced.folded.count")?,
        total: nanos("traced.folded.total_ns")?,
        largest: nanos("traced.folded.largest_ns")?,
    })
}

/// `key=value`, if the label does not say it.
fn attribute(attribute: &KeyValue, all: bool) -> Option<String> {
    if !all && convention::is_said(attribute.key.as_str()) {
        return None;
    }
    let KeyValue { key, value, .. } = attribute;
    let text = clean(&value.as_str(), if all { LONG } else { VALUE });
    Some(format!("{}={}", clean(key.as_str(), VALUE), summary::quoted(value, text)))
}

/// Whether the event is that of the error or panic which the span's status tells.
fn is_of_outcome(event: &Event, data: &SpanData) -> bool {
    event.name == "exception" && summary::error(data).is_some()
}

fn event(event: &Event, all: bool) -> ShownEvent {
    let attributes = event.attributes.iter().filter_map(|it| {
        let is_exception = event.name == "exception" && it.key.as_str().starts_with("exception.");
        attribute(it, all || is_exception)
    });
    let text = std::iter::once(clean(&event.name, NAME)).chain(attributes);
    ShownEvent { at: event.timestamp, text: clean(&text.collect::<Vec<_>>().join("  "), LONG) }
}

fn link(link: &Link, all: bool) -> String {
    let context = &link.span_context;
    let target = format!("trace {}  span {}", context.trace_id(), context.span_id());
    let attributes = link.attributes.iter().filter_map(|it| attribute(it, all));
    let text = std::iter::once(target).chain(attributes);
    clean(&text.collect::<Vec<_>>().join("  "), LONG)
}
