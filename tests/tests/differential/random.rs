//! Which spans may a program make?

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{
    Link, Span, SpanContext, SpanId, SpanKind, SpanRef, Status, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Array, KeyValue, Value};

/// The limits, which some spans reach.
pub(crate) const ATTRIBUTES: u32 = 8;
pub(crate) const EVENTS: u32 = 3;
pub(crate) const LINKS: u32 = 3;
pub(crate) const INNER: u32 = 4;

/// What is known of a span at its start, and what is done with it then.
pub(crate) struct Sample {
    pub(crate) name: String,
    pub(crate) kind: SpanKind,
    /// Without attributes, which the attribute cannot give them.
    pub(crate) links: Vec<SpanContext>,
    pub(crate) actions: Vec<Action>,
}

impl Sample {
    pub(crate) fn links(&self) -> impl Iterator<Item = Link> {
        self.links.iter().map(|to| Link::with_context(to.clone()))
    }
}

/// What may be done with a span.
pub(crate) enum Action {
    SetAttribute(KeyValue),
    AddEvent(String, SystemTime, Vec<KeyValue>),
    AddLink(SpanContext, Vec<KeyValue>),
    SetStatus(Status),
    UpdateName(String),
}

impl Action {
    pub(crate) fn of_ref(&self, span: &SpanRef<'_>) {
        match self {
            Action::SetAttribute(attribute) => span.set_attribute(attribute.clone()),
            Action::AddEvent(name, time, attributes) => {
                span.add_event_with_timestamp(name.clone(), *time, attributes.clone());
            }
            Action::AddLink(to, attributes) => span.add_link(to.clone(), attributes.clone()),
            Action::SetStatus(status) => span.set_status(status.clone()),
            Action::UpdateName(name) => span.update_name(name.clone()),
        }
    }

    pub(crate) fn of_span(&self, span: &mut impl Span) {
        match self {
            Action::SetAttribute(attribute) => span.set_attribute(attribute.clone()),
            Action::AddEvent(name, time, attributes) => {
                span.add_event_with_timestamp(name.clone(), *time, attributes.clone());
            }
            Action::AddLink(to, attributes) => span.add_link(to.clone(), attributes.clone()),
            Action::SetStatus(status) => span.set_status(status.clone()),
            Action::UpdateName(name) => span.update_name(name.clone()),
        }
    }
}

/// The same samples for the same seed.
pub(crate) struct Random(fastrand::Rng);

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Random(fastrand::Rng::with_seed(seed))
    }

    pub(crate) fn sample(&mut self) -> Sample {
        let actions = self.0.usize(..20);
        let mut next = 0;
        Sample {
            name: self.text(),
            kind: self.kind(),
            links: (0..self.0.usize(..3)).map(|_| self.span_context()).collect(),
            actions: (0..actions)
                .map(|_| {
                    next += 1;
                    self.action(next)
                })
                .collect(),
        }
    }

    /// A parent in another process, which is sampled.
    pub(crate) fn parent(&mut self) -> SpanContext {
        self.span_context()
    }

    fn action(&mut self, number: usize) -> Action {
        match self.0.u32(..10) {
            // A key that no other has: the SDK keeps all values of one.
            0..6 => Action::SetAttribute(self.attribute(number)),
            6 => Action::AddEvent(self.text(), self.time(), self.attributes()),
            7 => Action::AddLink(self.span_context(), self.attributes()),
            8 => Action::SetStatus(self.status()),
            _ => Action::UpdateName(self.text()),
        }
    }

    /// Of errors, the SDK keeps the one that sorts last.
    fn status(&mut self) -> Status {
        match self.0.u32(..3) {
            0 => Status::Unset,
            1 => Status::Ok,
            _ => Status::error("größer"),
        }
    }

    fn kind(&mut self) -> SpanKind {
        match self.0.u32(..5) {
            0 => SpanKind::Internal,
            1 => SpanKind::Server,
            2 => SpanKind::Client,
            3 => SpanKind::Producer,
            _ => SpanKind::Consumer,
        }
    }

    fn span_context(&mut self) -> SpanContext {
        let members = (0..self.0.usize(..3)).map(|at| (format!("vendor{at}"), at.to_string()));
        SpanContext::new(
            TraceId::from(self.0.u128(1..)),
            SpanId::from(self.0.u64(1..)),
            TraceFlags::SAMPLED | TraceFlags::new(self.0.u8(..)),
            true,
            TraceState::from_key_value(members).expect("these members are valid"),
        )
    }

    fn attributes(&mut self) -> Vec<KeyValue> {
        (0..self.0.usize(..7)).map(|number| self.attribute(number)).collect()
    }

    fn attribute(&mut self, number: usize) -> KeyValue {
        KeyValue::new(format!("{}{number}", self.text()), self.value())
    }

    fn value(&mut self) -> Value {
        let len = self.0.usize(..4);
        match self.0.u32(..9) {
            0 => Value::Bool(self.0.bool()),
            1 => Value::I64(self.int()),
            2 => Value::F64(self.0.f64() * 1e9),
            3 => Value::Array(Array::Bool((0..len).map(|_| self.0.bool()).collect())),
            4 => Value::Array(Array::I64((0..len).map(|_| self.int()).collect())),
            5 => Value::Array(Array::F64((0..len).map(|_| self.0.f64()).collect())),
            6 => Value::Array(Array::String((0..len).map(|_| self.text().into()).collect())),
            _ => Value::String(self.text().into()),
        }
    }

    fn int(&mut self) -> i64 {
        let near = [0, -1, 1, 127, 128, 16_383, 16_384, i64::MIN, i64::MAX];
        near[self.0.usize(..near.len())]
    }

    fn text(&mut self) -> String {
        match self.0.u32(..6) {
            0 => String::new(),
            1 => "größe".repeat(self.0.usize(..40)),
            2 => (0..self.0.usize(..60)).map(|_| self.0.char(..)).collect(),
            // Around where a length takes another byte.
            3 => "x".repeat(self.0.usize(100..140)),
            _ => String::from(self.0.alphanumeric()).repeat(self.0.usize(..20)),
        }
    }

    fn time(&mut self) -> SystemTime {
        UNIX_EPOCH + Duration::from_nanos(self.0.u64(..2_000_000_000_000_000_000))
    }
}
