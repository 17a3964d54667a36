//! What goes from one process to another that draws for both?
//!
//! Texts are safe to print and cut before they are sent. Whoever takes them makes sure once more: what comes
//! through a socket is text of a stranger.

use std::time::{Duration, SystemTime};

use opentelemetry::trace::SpanKind;
use opentelemetry::{SpanId, TraceId};
use prost::Message;

use super::draw::State;
use super::services::Services;
use super::span::{Many, Parent, ShownEvent, ShownOutcome, ShownSpan};
use super::text::clean;

/// A text is not longer than this: what [`ShownSpan`] keeps at most, with room for escapes.
const LONGEST: usize = 4_000;

/// The spans of a trace that one process draws together, or has drawn.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub(super) trace: TraceId,
    pub(super) spans: Vec<ShownSpan>,
    pub(super) state: State,
}

#[derive(Clone, PartialEq, Message)]
pub(super) struct Sent {
    #[prost(bytes = "vec", tag = "1")]
    trace: Vec<u8>,
    #[prost(string, tag = "2")]
    service: String,
    #[prost(uint32, tag = "3")]
    state: u32,
    #[prost(message, repeated, tag = "4")]
    spans: Vec<SentSpan>,
}

#[derive(Clone, PartialEq, Message)]
struct SentSpan {
    #[prost(fixed64, tag = "1")]
    id: u64,
    #[prost(fixed64, tag = "2")]
    parent: u64,
    #[prost(bool, tag = "3")]
    parent_is_remote: bool,
    #[prost(uint32, tag = "4")]
    kind: u32,
    #[prost(uint64, tag = "5")]
    start: u64,
    #[prost(uint64, tag = "6")]
    end: u64,
    #[prost(string, repeated, tag = "7")]
    label: Vec<String>,
    #[prost(uint32, tag = "8")]
    outcome: u32,
    #[prost(string, repeated, tag = "9")]
    error: Vec<String>,
    #[prost(uint64, repeated, tag = "10")]
    folded: Vec<u64>,
    #[prost(string, repeated, tag = "11")]
    attributes: Vec<String>,
    #[prost(message, repeated, tag = "12")]
    events: Vec<SentEvent>,
    #[prost(string, repeated, tag = "13")]
    links: Vec<String>,
    #[prost(uint64, repeated, tag = "14")]
    more: Vec<u64>,
}

#[derive(Clone, PartialEq, Message)]
struct SentEvent {
    #[prost(uint64, tag = "1")]
    at: u64,
    #[prost(string, tag = "2")]
    text: String,
}

impl Part {
    /// The part as bytes, all of one service.
    pub(super) fn encode(&self, service: &str) -> Vec<u8> {
        let sent = Sent {
            trace: self.trace.to_bytes().to_vec(),
            service: service.to_owned(),
            state: match self.state {
                State::Complete | State::Open(_) => 0,
                State::Unfinished => 1,
                State::Incomplete => 2,
            },
            spans: self.spans.iter().map(sent).collect(),
        };
        sent.encode_to_vec()
    }

    /// The part that these bytes are, if they are one.
    pub(super) fn decode(bytes: &[u8], services: &mut Services) -> Option<Self> {
        let Sent { trace, service, state, spans } = Sent::decode(bytes).ok()?;
        let trace = TraceId::from_bytes(trace.try_into().ok()?);
        let service = services.number(&service);
        let state = match state {
            1 => State::Unfinished,
            2 => State::Incomplete,
            _ => State::Complete,
        };
        let spans = spans.iter().map(|it| received(it, service)).collect();
        Some(Part { trace, spans, state })
    }
}

fn sent(span: &ShownSpan) -> SentSpan {
    let number = |id: SpanId| u64::from_be_bytes(id.to_bytes());
    let (parent, parent_is_remote) = match span.parent {
        Parent::None => (0, false),
        Parent::Local(parent) => (number(parent), false),
        Parent::Remote(parent) => (number(parent), true),
    };
    let (outcome, error) = match &span.outcome {
        ShownOutcome::Fine => (0, Vec::new()),
        ShownOutcome::Cancelled => (1, Vec::new()),
        ShownOutcome::Failed { error, location } => (2, vec![error.clone(), location.clone()]),
    };
    let nanos = |time: Duration| u64::try_from(time.as_nanos()).unwrap_or(u64::MAX);
    let since =
        |at: SystemTime| nanos(at.duration_since(SystemTime::UNIX_EPOCH).unwrap_or_default());
    let folded = |it: Many| vec![it.count, nanos(it.total), nanos(it.largest)];
    SentSpan {
        id: number(span.id),
        parent,
        parent_is_remote,
        kind: match span.kind {
            SpanKind::Internal => 0,
            SpanKind::Server => 1,
            SpanKind::Client => 2,
            SpanKind::Producer => 3,
            SpanKind::Consumer => 4,
        },
        start: since(span.start),
        end: since(span.end),
        label: vec![span.name.clone(), span.status.clone(), span.amount.clone()],
        outcome,
        error,
        folded: span.folded.map(folded).unwrap_or_default(),
        attributes: span.attributes.clone(),
        events: span
            .events
            .iter()
            .map(|it| SentEvent { at: since(it.at), text: it.text.clone() })
            .collect(),
        links: span.links.clone(),
        more: vec![span.more_events as u64, span.more_links as u64],
    }
}

fn received(span: &SentSpan, service: usize) -> ShownSpan {
    let text = |texts: &[String], at: usize| clean(texts.get(at).map_or("", |it| it), LONGEST);
    let all = |texts: &[String]| texts.iter().map(|it| clean(it, LONGEST)).collect();
    let more =
        |at: usize| span.more.get(at).map_or(0, |it| usize::try_from(*it).unwrap_or(usize::MAX));
    // A time of centuries to come would be more than a duration can be.
    let at = |nanos: u64| SystemTime::UNIX_EPOCH + Duration::from_nanos(nanos);
    let parent = SpanId::from(span.parent);
    ShownSpan {
        id: SpanId::from(span.id),
        parent: match span.parent {
            0 => Parent::None,
            _ if span.parent_is_remote => Parent::Remote(parent),
            _ => Parent::Local(parent),
        },
        service,
        kind: match span.kind {
            1 => SpanKind::Server,
            2 => SpanKind::Client,
            3 => SpanKind::Producer,
            4 => SpanKind::Consumer,
            _ => SpanKind::Internal,
        },
        start: at(span.start),
        end: at(span.end),
        name: text(&span.label, 0),
        status: text(&span.label, 1),
        amount: text(&span.label, 2),
        outcome: match span.outcome {
            1 => ShownOutcome::Cancelled,
            2 => {
                ShownOutcome::Failed { error: text(&span.error, 0), location: text(&span.error, 1) }
            }
            _ => ShownOutcome::Fine,
        },
        folded: match *span.folded {
            [count, total, largest] => Some(Many {
                count,
                total: Duration::from_nanos(total),
                largest: Duration::from_nanos(largest),
            }),
            _ => None,
        },
        attributes: all(&span.attributes),
        events: span
            .events
            .iter()
            .map(|it| ShownEvent { at: at(it.at), text: clean(&it.text, LONGEST) })
            .collect(),
        links: all(&span.links),
        more_events: more(0),
        more_links: more(1),
    }
}
