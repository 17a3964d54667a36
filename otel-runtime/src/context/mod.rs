//! How does a trace reach another thread or task?
//!
//! The current [`Context`] belongs to a thread; [`carry`] takes it along to work that runs elsewhere.
//!
//! | the work goes to | use |
//! | --- | --- |
//! | a thread, rayon, `spawn_blocking`, a pool, a callback | [`carry`] |
//! | a task: `spawn`, `JoinSet`, `FuturesUnordered` | [`carry_future`] |
//! | a worker, with a context that came along in a message | [`carry_in`], [`carry_future_in`] |
//!
//! An `.await`, a call or a `join!` in the same task needs none of them.

mod carry;
mod current;

pub use opentelemetry::Context;

pub use carry::{CarryFuture, carry, carry_future, carry_future_in, carry_in};
