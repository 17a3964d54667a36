//! Which annotated functions have spans, by module and level.
//!
//! Every `#[traced]` function has a level, `info` unless `level = ..` says otherwise. A [`Filter`]
//! says how far down the levels go, in the whole program and in parts of it. What it leaves out costs
//! what it costs while tracing is off, and what is called inside hangs under the span that is there. Of
//! a function with `parent` or `root` that is still read: what is called inside, and the requests that
//! go out of it, belong to that trace.
//!
//! `OTEL_TRACED_FILTER` sets it at the start, and [`set`] at any time:
//!
//! ```
//! use otel_runtime::filter::{self, Filter};
//!
//! let quiet: Filter = "info,shop::db=debug,shop::codec=off".parse()?;
//! filter::set(quiet);
//! # filter::set(Filter::default());
//! # Ok::<(), otel_runtime::filter::FilterError>(())
//! ```
//!
//! A program that [adopts](crate::adopt) a provider has its environment to itself: it hands the
//! variable to [`set`], if it wants to have it.

pub(crate) mod directives;

pub use directives::{Filter, FilterError};

use crate::span::registry;

/// Filters with `filter` from now on.
///
/// In any thread, at any time. Calls that are on their way keep their spans, and end them as always.
pub fn set(filter: Filter) {
    directives::replace(filter);
    registry::update_all();
}

/// The filter that holds.
#[must_use]
pub fn current() -> Filter {
    directives::with_current(Filter::clone)
}
