//! How does a trace reach another thread, task or process?
//!
//! The current [`Context`] belongs to a thread. Inside a process, [`carry`] takes it along to work
//! that runs elsewhere; between processes, [`inject`] writes it into a request and [`extract`]
//! reads it back.
//!
//! | the work goes to | use |
//! | --- | --- |
//! | what a spawn call in an annotated function starts | nothing, see below |
//! | a thread, rayon, `spawn_blocking`, a pool, a callback | [`carry`] |
//! | a task: `spawn`, `FuturesUnordered` | [`carry_future`] |
//! | a task of a tokio `JoinSet` | `JoinSetExt` (feature `tokio`) |
//! | a worker, with a context that came along in a message | [`carry_in`], [`carry_future_in`] |
//! | another process | [`inject`] there, [`extract`] here |
//!
//! An `.await`, a call or a `join!` in the same task needs none of them.
//!
//! # Spawn calls in annotated functions
//!
//! In the body of a `#[traced]` function, what is handed to one of these calls runs in the context
//! that is current at the call, while tracing is on:
//!
//! | takes | calls |
//! | --- | --- |
//! | a future | `tokio::spawn`, `tokio::task::spawn`, `tokio::task::spawn_local`, `smol::spawn` |
//! | a closure | `std::thread::spawn`, `tokio::task::spawn_blocking`, `rayon::spawn`, `rayon::join` |
//!
//! ```
//! use otel_runtime::traced;
//!
//! #[traced]
//! fn parse(part: &str) -> usize {
//!     part.len()
//! }
//!
//! #[traced]
//! fn parse_all(parts: Vec<String>) -> usize {
//!     let workers: Vec<_> = parts
//!         .into_iter()
//!         .map(|part| std::thread::spawn(move || parse(&part))) // under the span of `parse_all`
//!         .collect();
//!     workers.into_iter().filter_map(|worker| worker.join().ok()).sum()
//! }
//! # assert_eq!(parse_all(vec!["ab".to_owned(), "c".to_owned()]), 3);
//! ```
//!
//! They are found as they are written, in closures, blocks and the arguments of macros too, with or
//! without a leading `::` and type parameters. What a path resolves to is not known: a module of
//! your own that is called `tokio` has its `tokio::spawn` treated like tokio's, and is given a
//! wrapped future.
//!
//! Everything else is left alone, and takes [`carry`], [`carry_future`] or `JoinSetExt`:
//!
//! - `spawn(..)`, `thread::spawn(..)` and `task::spawn(..)`, which could be anybody's;
//! - longer paths, as in `my::tokio::spawn(..)`;
//! - methods: of a `JoinSet`, a `Handle`, a `thread::Builder`, a `thread::Scope`, a pool;
//! - `rayon::scope`, whose closures have a parameter that only the original call can infer: make the
//!   work beforehand, `let work = carry(|| ..); scope.spawn(|_| work());`
//! - functions that are not annotated, items in the body (`fn`, `impl`, `static`, ...) included, and
//!   what `macro_rules!`, `quote!` or `stringify!` are given.
//!
//! A closure that is wrapped learns less of the type it should return. Where it is to return a trait
//! object and makes something more concrete, it has to say so: `|| -> Box<dyn Error + Send> { .. }`.
//!
//! Work that outlives the request that happened to start it, such as a worker kept in a `OnceLock`,
//! does not belong into that request's trace: `#[traced(carry = false)]` leaves the calls of a
//! function alone.

#[cfg(feature = "sdk")]
mod baggage;
mod carrier;
mod carry;
pub(crate) mod current;
#[cfg(feature = "http")]
mod headers;
#[cfg(feature = "tokio")]
mod join_set;
pub(crate) mod spawned;
mod strings;
mod tracestate;
mod w3c;

pub use opentelemetry::Context;

#[cfg(feature = "sdk")]
pub use baggage::BaggagePropagator;
pub use carrier::{ExtractCarrier, InjectCarrier, extract, inject, inject_context};
pub use carry::{CarryFuture, carry, carry_future, carry_future_in, carry_in};
#[cfg(feature = "http")]
pub use headers::{HeaderExtractor, HeaderInjector};
#[cfg(feature = "tokio")]
pub use join_set::JoinSetExt;
pub use w3c::TraceContextPropagator;
