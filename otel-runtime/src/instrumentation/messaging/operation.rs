//! What does the span of an operation on messages say, and what runs in it?

use std::borrow::Cow;
use std::future::Future;
use std::panic::Location;

use opentelemetry::trace::{SpanContext, SpanKind, TraceContextExt};

use super::destination::Destination;
use super::kind::Kind;
use super::message::Message;
use super::outcome::Outcome;
use crate::call::start::Start;
use crate::context::current;
use crate::instrumentation::operating::{Ending, Operating};
use crate::instrumentation::operation::{Operation as Open, asked};
use crate::span::callsite::Callsite;

const fn layer(path: fn() -> &'static str, kind: SpanKind) -> Callsite {
    Callsite::of_layer(path, Location::caller(), "otel_runtime::messaging", kind)
}

static CREATE: Callsite =
    layer(|| "otel_runtime::messaging::create", SpanKind::Producer).name("create");
/// Its context goes out with the messages.
static SEND: Callsite = layer(|| "otel_runtime::messaging::send", SpanKind::Producer).name("send");
/// The contexts of the spans that created the messages go out.
static SEND_CREATED: Callsite =
    layer(|| "otel_runtime::messaging::send", SpanKind::Client).name("send");
pub(super) static RECEIVE: Callsite =
    layer(|| "otel_runtime::messaging::receive", SpanKind::Client).name("receive");
static PROCESS: Callsite = layer(|| "otel_runtime::messaging::process", SpanKind::Consumer)
    .name("process")
    .hangs_elsewhere();
static SETTLE: Callsite =
    layer(|| "otel_runtime::messaging::settle", SpanKind::Client).name("settle");

/// An operation on messages, about to begin: made by [`Destination`].
///
/// | made by | span kind | linked to the spans that created the messages |
/// | --- | --- | --- |
/// | [`create`](Destination::create) | producer | |
/// | [`send`](Destination::send) | producer; of messages that were created before, client | if they were created before |
/// | [`process`](Destination::process) | consumer | yes |
/// | [`settle`](Destination::settle) | client | yes |
///
/// The span lasts as long as what [`run`](Operation::run) or [`run_async`](Operation::run_async) is given, and
/// is current there. An `Err`, a panic and a future that is dropped are recorded as by
/// [`#[traced]`](macro@crate::traced).
#[derive(Debug)]
#[must_use = "its span begins with `run` or `run_async`"]
pub struct Operation<'a> {
    destination: Destination,
    kind: Kind,
    name: Cow<'static, str>,
    messages: Messages<'a>,
}

/// What an operation is about.
#[derive(Debug)]
enum Messages<'a> {
    One(Message<'a>),
    Batch(Vec<Message<'a>>),
}

impl<'a> Operation<'a> {
    pub(super) fn new(destination: Destination, kind: Kind) -> Operation<'a> {
        let messages = Messages::One(Message::new());
        Operation { destination, kind, name: Cow::Borrowed(kind.as_str()), messages }
    }

    /// What the messaging system calls it, such as `publish` or `ack`: `messaging.operation.name`, and the
    /// first word of the span's name. Default: `create`, `send`, `process`, `settle`.
    pub fn operation_name(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.name = name.into();
        self
    }

    /// The message that it is about.
    pub fn message(mut self, message: Message<'a>) -> Self {
        self.messages = Messages::One(message);
        self
    }

    /// The messages that it is about together. The span has `messaging.batch.message_count`, and a link for each
    /// message with a context, on which what else is known of that message stands.
    ///
    /// A span holds 128 links (`OTEL_SPAN_LINK_COUNT_LIMIT`); those that are too many are counted, in
    /// `dropped_links_count`. To have a link from every message, process each in a span of its own.
    pub fn batch(mut self, messages: impl IntoIterator<Item = Message<'a>>) -> Self {
        let collected = asked(self.callsite(), || messages.into_iter().collect());
        self.messages = Messages::Batch(collected.unwrap_or_default());
        self
    }

    /// Does it, in its span.
    ///
    /// # Errors
    ///
    /// None of its own: it returns what `work` returns.
    pub fn run<R: Outcome>(self, work: impl FnOnce() -> R) -> R {
        let mut open = self.start();
        let result = open.run(work);
        Finished.end(open, result)
    }

    /// Does it, in its span, which begins here and ends with the future. The future borrows nothing of the
    /// messages, so it may be spawned.
    ///
    /// # Errors
    ///
    /// None of its own: it returns what `work` returns.
    pub fn run_async<F>(self, work: F) -> impl Future<Output = F::Output> + use<F>
    where
        F: Future,
        F::Output: Outcome,
    {
        Operating::new(work, self.start(), Finished)
    }

    fn callsite(&self) -> &'static Callsite {
        match self.kind {
            Kind::Create => &CREATE,
            Kind::Send if self.creators().next().is_some() => &SEND_CREATED,
            Kind::Send => &SEND,
            Kind::Receive => &RECEIVE,
            Kind::Process => &PROCESS,
            Kind::Settle => &SETTLE,
        }
    }

    fn all(&self) -> &[Message<'a>] {
        match &self.messages {
            Messages::One(message) => std::slice::from_ref(message),
            Messages::Batch(messages) => messages,
        }
    }

    fn creators(&self) -> impl Iterator<Item = SpanContext> {
        self.all().iter().filter_map(Message::creator)
    }

    pub(super) fn start(self) -> Open {
        let callsite = self.callsite();
        Open::start(callsite, |start| {
            self.hang(start);
            let is_wanted = start.is_wanted();
            if is_wanted {
                self.describe(start);
            }
            let is_batch = matches!(self.messages, Messages::Batch(_));
            let messages = match self.messages {
                Messages::One(message) => vec![message],
                Messages::Batch(messages) => messages,
            };
            for message in messages {
                if let Some(link) = message.link(is_batch && is_wanted) {
                    start.link_to(link);
                }
            }
        })
    }

    /// Puts the span of a single message under the span that created the message, where that is wanted.
    fn hang(&self, start: &mut Start) {
        let Messages::One(message) = &self.messages else { return };
        let continues = self.kind == Kind::Process && self.destination.continues_traces();
        let Some(created_in) = message.context().filter(|_| continues) else { return };
        let here = current::get().map(|here| here.span().span_context().clone());
        start.parent(created_in);
        let trace = created_in.span().span_context().trace_id();
        start.link(here.filter(|here| here.trace_id() != trace));
    }

    fn describe(&self, start: &mut Start) {
        start.name(self.destination.span_name(&self.name));
        start.value("messaging.operation.name", &*self.name);
        start.value("messaging.operation.type", self.kind.as_str());
        self.destination.describe(start, self.kind);
        match &self.messages {
            Messages::One(message) => message.describe(start, self.kind),
            Messages::Batch(messages) => {
                start.value("messaging.batch.message_count", &messages.len());
            }
        }
    }
}

/// The span ends with the result.
pub(super) struct Finished;

impl<R: Outcome> Ending<R> for Finished {
    type Output = R;

    fn end(&mut self, mut open: Open, result: R) -> R {
        match result.failure() {
            Some(failure) => open.end_failed(failure),
            None => open.end(),
        }
        result
    }
}
