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
//! | a task: `spawn`, `FuturesUnordered`, a `TaskTracker` | [`carry_future`] |
//! | the items of a parallel iterator | [`carry_each`] |
//! | a task of a tokio `JoinSet`, or of a `Handle` or `Runtime` | `JoinSetExt`, `RuntimeExt` (feature `tokio`) |
//! | a worker, with a context that came along in a message | [`carry_in`], [`carry_future_in`] |
//! | another service, in the headers of a request or a message | [`inject`] there, [`extract`] or `parent(extract = ..)` here |
//! | the same, where not every caller is believed | [`receive`], with a [`Trust`] |
//! | a child process | [`CommandExt::propagate_context`] there, [`Environment::of_process`] here |
//!
//! Context is written into and read from headers, requests, maps, lists, variables and types of your own:
//! see [`InjectCarrier`] and [`ExtractCarrier`].
//!
//! Beside the trace, a context may hold attributes for every span that begins in it: [`scope`].
//!
//! An `.await`, a call or a `join!` in the same task needs none of them. A call that runs other people's
//! work while it waits, such as `Runtime::block_on`, is made in [`detached`] or [`detached_future`].
//!
//! # Spawn calls in annotated functions
//!
//! In the body of a `#[traced]` function, what is handed to one of these calls runs in the context
//! that is current at the call, while tracing is on:
//!
//! | takes | calls |
//! | --- | --- |
//! | a future | `tokio::spawn`, `tokio::task::spawn`, `tokio::task::spawn_local`, `smol::spawn` |
//! | a closure | `std::thread::spawn`, `tokio::task::spawn_blocking`, `rayon::spawn`, `rayon::spawn_fifo`, `rayon::join`, `smol::unblock` |
//! | a closure, as a method | `s.spawn` in `std::thread::scope(\|s\| ..)`, `rayon::scope(\|s\| ..)`, and rayon's other scopes |
//!
//! and to these methods at the end of a chain, where the path that the chain begins with tells the type:
//!
//! | begins with | ends with |
//! | --- | --- |
//! | `std::thread::Builder::new()` | `.spawn(..)`, `.spawn_scoped(..)` |
//! | `tokio::runtime::Handle::current()` or `::try_current()` | `.spawn(..)`, `.spawn_blocking(..)` |
//! | `tokio::task::Builder::new()` | `.spawn(..)` and its other ways to spawn |
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
//! without a leading `::` and type parameters. What a path resolves to is not known. A module of your own
//! that is called `tokio` may have a `tokio::spawn` that takes a number, and gets the number; if it takes
//! a future it gets a wrapped one, and one that must have a certain type, such as `Pin<Box<dyn Future>>`,
//! does not compile without `#[traced(carry = false)]`.
//!
//! Everything else is left alone, and takes [`carry`], [`carry_future`] or one of the others:
//!
//! - `spawn(..)`, `thread::spawn(..)` and `task::spawn(..)`, which could be anybody's;
//! - longer paths, as in `my::tokio::spawn(..)`;
//! - methods of a variable: of a `JoinSet`, a `Handle`, a `thread::Builder`, a pool;
//! - a scope whose closure is not written in its parentheses, as in `std::thread::scope(work)`;
//! - functions that are not annotated, items in the body (`fn`, `impl`, `static`, ...) included, and
//!   what `macro_rules!`, `quote!` or `stringify!` are given;
//! - what `dbg!` and a bare `ensure!` are given, since they show its text. A failed `assert!` says what
//!   was written, too.
//!
//! A debug build reports on stderr, once for each function, that its spans had a parent before and now
//! begin a trace of their own: that is what happens at a spawn that does not take the context along.
//! `OTEL_LOG_LEVEL=warn` turns the message off.
//!
//! Work that outlives the request that happened to start it, such as a worker kept in a `OnceLock`,
//! does not belong into that request's trace: `#[traced(carry = false)]` leaves the calls of a
//! function alone.
//!
//! # Calls that wait
//!
//! A thread of a rayon pool that waits in `rayon::join` runs other jobs of the pool meanwhile, whoever
//! started them. A thread in `Runtime::block_on`, of a current-thread runtime, runs all tasks of that
//! runtime. If the span of the waiting function were still current, spans of other requests would be in
//! its trace.
//!
//! So in the body of a `#[traced]` function, while one of these calls waits, its thread has no current
//! context except in the work that the call was given:
//!
//! - `rayon::join`, `rayon::scope`, `rayon::scope_fifo`, `rayon::in_place_scope`,
//!   `rayon::in_place_scope_fifo`;
//! - `.block_on(..)` at the end of a chain that begins with `Builder::new_current_thread()`,
//!   `Builder::new_multi_thread()` or `tokio::runtime::Runtime::new()`. This is what `#[tokio::main]` makes
//!   of a function, so that a `#[traced]` below it does not put all requests of a server into one trace.
//!
//! All others take [`detached`] or [`detached_future`], which list them.

#[cfg(feature = "sdk")]
mod b3;
#[cfg(feature = "sdk")]
mod baggage;
#[cfg(feature = "sdk")]
pub(crate) mod baggage_keys;
#[cfg(feature = "sdk")]
pub(crate) mod caller;
mod carrier;
mod carry;
mod collections;
mod command;
pub(crate) mod current;
mod environment;
mod fields;
pub(crate) mod handed_on;
#[cfg(feature = "http")]
mod headers;
mod hex;
#[cfg(feature = "tower")]
mod hosts;
#[cfg(feature = "sdk")]
mod jaeger;
#[cfg(feature = "sdk")]
mod jaeger_baggage;
#[cfg(feature = "tokio")]
mod join_set;
#[cfg(feature = "tracing")]
pub(crate) mod listed;
#[cfg(feature = "sdk")]
pub(crate) mod mark;
#[cfg(feature = "tonic")]
mod metadata;
#[cfg(debug_assertions)]
pub(crate) mod orphans;
#[cfg(feature = "tower")]
pub(crate) mod outbound;
#[cfg(feature = "sdk")]
pub(crate) mod propagation;
#[cfg(feature = "tokio")]
mod runtime;
pub(crate) mod scope;
pub(crate) mod scoped;
#[cfg(feature = "sdk")]
mod sole;
pub(crate) mod spawned;
pub(crate) mod switch;
mod tracestate;
pub(crate) mod trust;
pub(crate) mod values;
mod w3c;
mod waiting;
#[cfg(feature = "sdk")]
mod xray;

pub use opentelemetry::Context;

#[cfg(feature = "sdk")]
pub use b3::B3Propagator;
#[cfg(feature = "sdk")]
pub use baggage::BaggagePropagator;
pub use carrier::{ExtractCarrier, InjectCarrier, extract, inject, inject_context};
pub use carry::{CarryFuture, carry, carry_each, carry_future, carry_future_in, carry_in};
pub use command::CommandExt;
pub use environment::Environment;
#[cfg(feature = "http")]
pub use headers::{HeaderExtractor, HeaderInjector};
#[cfg(feature = "tower")]
pub use hosts::{Hosts, HostsError};
#[cfg(feature = "sdk")]
pub use jaeger::JaegerPropagator;
#[cfg(feature = "tokio")]
pub use join_set::JoinSetExt;
#[cfg(feature = "tower")]
pub use outbound::{Outbound, set_outbound};
#[cfg(feature = "tokio")]
pub use runtime::RuntimeExt;
pub use scope::{ScopeGuard, scope, scope_future, scoped_attributes, with_scope};
pub use trust::{Incoming, Trust, receive};
pub use w3c::TraceContextPropagator;
pub use waiting::{detached, detached_future};
#[cfg(feature = "sdk")]
pub use xray::XRayPropagator;
