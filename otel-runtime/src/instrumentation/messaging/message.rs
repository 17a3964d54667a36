//! What is known of a message?

use std::borrow::Cow;

use opentelemetry::trace::{Link, SpanContext, TraceContextExt};
use opentelemetry::{Context, Key, KeyValue, Value};

use super::kind::Kind;
use crate::call::start::Start;
use crate::context::{ExtractCarrier, extract, switch};

/// What an operation may say of a message. Nothing of it is required.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use otel_runtime::messaging::Message;
///
/// let headers = HashMap::from([("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01")]);
/// let received = Message::from_headers(&headers).id("order-7").body_size(12);
/// let without_headers = Message::new();
/// ```
#[derive(Clone, Debug, Default)]
pub struct Message<'a> {
    /// That of the span that created it.
    context: Option<Context>,
    id: Option<Cow<'a, str>>,
    body_size: Option<usize>,
    conversation_id: Option<Cow<'a, str>>,
    delivery_tag: Option<u64>,
    attributes: Vec<KeyValue>,
}

impl<'a> Message<'a> {
    /// A message of which nothing is known, such as one that has no headers.
    #[must_use]
    pub fn new() -> Message<'a> {
        Message::default()
    }

    /// A message that has these headers, with the context of the span that created it. Headers that hold no
    /// context, or none that is valid, are as good as none.
    pub fn from_headers<C: ExtractCarrier + ?Sized>(headers: &C) -> Message<'a> {
        let context = switch::is_on().then(|| extract(headers));
        Message { context, ..Message::default() }
    }

    /// What the messaging system identifies it by: `messaging.message.id`.
    #[must_use]
    pub fn id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.id = Some(id.into());
        self
    }

    /// The size of its body, in bytes: `messaging.message.body.size`, which the conventions have only for those
    /// who ask for it.
    #[must_use]
    pub fn body_size(mut self, bytes: usize) -> Self {
        self.body_size = Some(bytes);
        self
    }

    /// What it has in common with the messages that it answers, such as AMQP's correlation id:
    /// `messaging.message.conversation_id`.
    #[must_use]
    pub fn conversation_id(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.conversation_id = Some(id.into());
        self
    }

    /// The delivery tag of RabbitMQ: `messaging.rabbitmq.message.delivery_tag`.
    #[must_use]
    pub fn delivery_tag(mut self, tag: u64) -> Self {
        self.delivery_tag = Some(tag);
        self
    }

    /// Another attribute of this message.
    #[must_use]
    pub fn attribute(mut self, key: impl Into<Key>, value: impl Into<Value>) -> Self {
        self.attributes.push(KeyValue::new(key, value));
        self
    }

    /// The context in which it was created, if it says so.
    pub(super) fn context(&self) -> Option<&Context> {
        self.context.as_ref().filter(|it| it.span().span_context().is_valid())
    }

    /// The span that created it, if it says so.
    pub(super) fn creator(&self) -> Option<SpanContext> {
        self.context().map(|context| context.span().span_context().clone())
    }

    /// A link to the span that created it. What is known of the message stands there where a span is about
    /// several.
    pub(super) fn link(self, with_attributes: bool) -> Option<Link> {
        let creator = self.creator()?;
        let attributes = if with_attributes { self.attributes() } else { Vec::new() };
        Some(Link::new(creator, attributes, 0))
    }

    pub(super) fn describe(&self, start: &mut Start, kind: Kind) {
        let mut message = self.clone();
        if kind == Kind::Settle {
            // The conventions have no size there: the body is not sent.
            message.body_size = None;
        }
        for attribute in message.attributes() {
            start.attribute(attribute);
        }
    }

    pub(super) fn attributes(self) -> Vec<KeyValue> {
        fn number(key: &'static str, value: Option<impl TryInto<i64>>) -> Option<KeyValue> {
            Some(KeyValue::new(key, value?.try_into().ok()?))
        }
        fn text(key: &'static str, value: Option<Cow<'_, str>>) -> Option<KeyValue> {
            Some(KeyValue::new(key, value?.into_owned()))
        }
        let Message { context: _, id, body_size, conversation_id, delivery_tag, mut attributes } =
            self;
        let known = [
            text("messaging.message.id", id),
            number("messaging.message.body.size", body_size),
            text("messaging.message.conversation_id", conversation_id),
            number("messaging.rabbitmq.message.delivery_tag", delivery_tag),
        ];
        attributes.extend(known.into_iter().flatten());
        attributes
    }
}
