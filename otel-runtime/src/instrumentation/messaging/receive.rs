//! What does a span say of messages that are only known once they are there?

use std::borrow::Cow;
use std::fmt::Display;
use std::future::Future;

use super::destination::Destination;
use super::kind::Kind;
use super::message::Message;
use super::operation::{Finished, Operation, RECEIVE};
use crate::instrumentation::operating::{Ending, Operating};
use crate::instrumentation::operation::{Operation as Open, asked};

/// Messages are asked for: made by [`Destination::receive`]. Its span is that of a client, linked to the spans
/// that created the messages.
///
/// It is for what asks the broker: a fetch, a poll, a get. A handler that the broker's library calls, and a
/// stream of messages that the library has fetched before, have nothing to do with it: there is only
/// [`process`](Destination::process).
#[derive(Debug)]
#[must_use = "its span begins with `run` or `run_async`"]
pub struct Receive(Operation<'static>);

/// What came: made of one [`Message`], of an `Option` of one, or of a `Vec`, which is a batch.
#[derive(Debug)]
pub struct Received {
    messages: Vec<Message<'static>>,
    is_batch: bool,
}

impl Receive {
    pub(super) fn new(destination: Destination) -> Receive {
        Receive(Operation::new(destination, Kind::Receive))
    }

    /// What the messaging system calls it, such as `fetch` or `poll`: `messaging.operation.name`, and the
    /// first word of the span's name. Default: `receive`.
    pub fn operation_name(self, name: impl Into<Cow<'static, str>>) -> Self {
        Receive(self.0.operation_name(name))
    }

    /// Asks for messages, in the span of that. `came` says of what `work` returns which messages are in it; it
    /// is only called if the span is recorded.
    ///
    /// # Errors
    ///
    /// None of its own: it returns what `work` returns.
    pub fn run<T, E, M>(
        self,
        work: impl FnOnce() -> Result<T, E>,
        came: impl FnOnce(&T) -> M,
    ) -> Result<T, E>
    where
        E: Display + 'static,
        M: Into<Received>,
    {
        let mut open = self.0.start();
        let result = open.run(work);
        tell(&open, &result, came);
        Finished.end(open, result)
    }

    /// Asks for messages, in the span of that, which begins here and ends with the future. `came` says of what
    /// `work` returns which messages are in it; it is only called if the span is recorded.
    ///
    /// # Errors
    ///
    /// None of its own: it returns what `work` returns.
    pub fn run_async<F, T, E, C, M>(
        self,
        work: F,
        came: C,
    ) -> impl Future<Output = Result<T, E>> + use<F, T, E, C, M>
    where
        F: Future<Output = Result<T, E>>,
        E: Display + 'static,
        C: FnOnce(&T) -> M,
        M: Into<Received>,
    {
        Operating::new(work, self.0.start(), Came(Some(came)))
    }
}

struct Came<C>(Option<C>);

impl<T, E, C, M> Ending<Result<T, E>> for Came<C>
where
    E: Display + 'static,
    C: FnOnce(&T) -> M,
    M: Into<Received>,
{
    type Output = Result<T, E>;

    fn end(&mut self, open: Open, result: Result<T, E>) -> Result<T, E> {
        if let Some(came) = self.0.take() {
            tell(&open, &result, came);
        }
        Finished.end(open, result)
    }
}

fn tell<T, E, M>(open: &Open, result: &Result<T, E>, came: impl FnOnce(&T) -> M)
where
    M: Into<Received>,
{
    let Ok(output) = result else { return };
    if !open.is_recording() {
        return;
    }
    let Some(Received { messages, is_batch }) = asked(&RECEIVE, || came(output).into()) else {
        return;
    };
    if is_batch {
        open.set(
            "messaging.batch.message_count",
            i64::try_from(messages.len()).unwrap_or(i64::MAX),
        );
    }
    for message in messages {
        if !is_batch {
            message.clone().attributes().into_iter().for_each(|it| open.set(it.key, it.value));
        }
        if let Some(link) = message.link(is_batch) {
            open.link(link);
        }
    }
}

impl From<Message<'static>> for Received {
    fn from(message: Message<'static>) -> Received {
        Received { messages: vec![message], is_batch: false }
    }
}

impl From<Option<Message<'static>>> for Received {
    fn from(message: Option<Message<'static>>) -> Received {
        Received { messages: message.into_iter().collect(), is_batch: false }
    }
}

impl From<Vec<Message<'static>>> for Received {
    fn from(messages: Vec<Message<'static>>) -> Received {
        Received { messages, is_batch: true }
    }
}
