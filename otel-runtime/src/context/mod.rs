//! How does a trace reach another thread, task or process?
//!
//! The current [`Context`] belongs to a thread. Inside a process, [`carry`] takes it along to work
//! that runs elsewhere; between processes, [`inject`] writes it into a request and [`extract`]
//! reads it back.
//!
//! | the work goes to | use |
//! | --- | --- |
//! | a thread, rayon, `spawn_blocking`, a pool, a callback | [`carry`] |
//! | a task: `spawn`, `FuturesUnordered` | [`carry_future`] |
//! | a task of a tokio `JoinSet` | `JoinSetExt` (feature `tokio`) |
//! | a worker, with a context that came along in a message | [`carry_in`], [`carry_future_in`] |
//! | another process | [`inject`] there, [`extract`] here |
//!
//! An `.await`, a call or a `join!` in the same task needs none of them.

mod carrier;
mod carry;
pub(crate) mod current;
#[cfg(feature = "http")]
mod headers;
#[cfg(feature = "tokio")]
mod join_set;
mod tracestate;
mod w3c;

pub use opentelemetry::Context;

pub use carrier::{ExtractCarrier, InjectCarrier, extract, inject, inject_context};
pub use carry::{CarryFuture, carry, carry_future, carry_future_in, carry_in};
#[cfg(feature = "http")]
pub use headers::{HeaderExtractor, HeaderInjector};
#[cfg(feature = "tokio")]
pub use join_set::JoinSetExt;
pub use w3c::TraceContextPropagator;
