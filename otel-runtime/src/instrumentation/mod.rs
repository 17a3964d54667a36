//! How are other people's libraries traced?
//!
//! A layer has a static [`Callsite`](crate::span::callsite::Callsite) for each kind of its spans, and an
//! [`Operation`](operation::Operation) for each request that goes through it:
//!
//! ```text
//! static CLIENT: Callsite = Callsite::of_layer(|| "otel_runtime::tower::client", ...);
//!
//! let operation = Operation::start(&CLIENT, |start| {
//!     start.name("GET");                          before the sampler is asked
//!     start.value("server.address", "shop.example");
//! });
//! inject_context(operation.context(), request.headers_mut());
//! operation.run(|| inner.poll(task))              the span is current; a panic ends it and goes on
//! operation.set("http.response.status_code", 409);
//! operation.fail_as("409");                       status error, without a text
//! operation.end();
//! ```
//!
//! [`Operating`](operating::Operating) does the last four for a future.

#[cfg(any(feature = "messaging", feature = "tower"))]
pub(crate) mod failure;
#[cfg(feature = "tower")]
pub(crate) mod http;
#[cfg(feature = "tracing")]
pub mod logs;
#[cfg(feature = "messaging")]
pub mod messaging;
#[cfg(any(feature = "messaging", feature = "tower"))]
pub(crate) mod operating;
#[cfg(any(feature = "messaging", feature = "tower"))]
pub(crate) mod operation;
#[cfg(feature = "reqwest")]
pub mod reqwest;
#[cfg(feature = "tonic")]
pub mod tonic;
#[cfg(feature = "tower")]
pub mod tower;
