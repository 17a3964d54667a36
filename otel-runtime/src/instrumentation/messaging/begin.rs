//! Which operations are there on a destination?

use super::destination::Destination;
use super::kind::Kind;
use super::operation::Operation;
use super::receive::Receive;

impl Destination {
    /// Sends messages to the broker. Inside of it, [`inject`](crate::context::inject) writes the context that
    /// goes out with the message.
    pub fn send(&self) -> Operation<'static> {
        Operation::new(self.clone(), Kind::Send)
    }

    /// Makes one message of several that are going to be sent together, so that each has a span of its own
    /// whose context goes out with it: [`inject`](crate::context::inject) writes it.
    pub fn create(&self) -> Operation<'static> {
        Operation::new(self.clone(), Kind::Create)
    }

    /// Asks the broker for messages.
    pub fn receive(&self) -> Receive {
        Receive::new(self.clone())
    }

    /// Does what messages ask for.
    pub fn process(&self) -> Operation<'static> {
        Operation::new(self.clone(), Kind::Process)
    }

    /// Tells the broker what became of messages.
    pub fn settle(&self) -> Operation<'static> {
        Operation::new(self.clone(), Kind::Settle)
    }
}
