//! Spans of messages: sent, received, processed and settled.
//!
//! A [`Destination`] begins the operations on it; each is given what it does, and is a span by the
//! [conventions for messaging](https://opentelemetry.io/docs/specs/semconv/messaging/messaging-spans/) 1.44
//! (development) while that runs. This module knows no client of a broker. [NATS](crate::guide::nats) and
//! [RabbitMQ](crate::guide::rabbitmq) show it with `async-nats` and `lapin`.
//!
//! # Examples
//!
//! ```
//! use std::collections::HashMap;
//!
//! use otel_runtime::context::inject;
//! use otel_runtime::messaging::{Destination, Message};
//!
//! # struct Broker;
//! # impl Broker {
//! #     fn publish(&self, _: &str, _: HashMap<String, String>, _: &str) -> Result<(), std::io::Error> { Ok(()) }
//! # }
//! # let broker = Broker;
//! let orders = Destination::new("kafka", "orders").server("broker.example", 9092);
//!
//! // The one who sends: the context of the span goes out with the message.
//! orders.send().message(Message::new().id("7")).run(|| {
//!     let mut headers = HashMap::new();
//!     inject(&mut headers);
//!     broker.publish("orders", headers, "a lamp")
//! })?;
//!
//! // The one who gets it: the span is linked to that one.
//! fn ship(body: &str) -> Result<(), std::io::Error> {
//!     Ok(())
//! }
//! # let headers: HashMap<String, String> = HashMap::new();
//! orders.process().message(Message::from_headers(&headers).id("7")).run(|| ship("a lamp"))?;
//! # Ok::<(), std::io::Error>(())
//! ```
//!
//! # Link or parent
//!
//! A message may lie in a queue for days, be delivered twice, or go to ten receivers. So the span that
//! processes it is linked to the one that created it, and is no child of it: it begins a trace of its own, which
//! the local sampler decides about. With [`Destination::continue_traces`] it is a child as well, if it is
//! about a single message, so that both are in one trace.
//!
//! # Which spans there are
//!
//! The [`filter`](crate::filter) knows them as `otel_runtime::messaging::{create, send, receive, process,
//! settle}`, all at the level `info`.

mod begin;
mod destination;
mod kind;
mod message;
mod operation;
mod outcome;
mod receive;

pub use destination::Destination;
pub use message::Message;
pub use operation::Operation;
pub use outcome::Outcome;
pub use receive::{Receive, Received};
