//! Which annotated functions have spans, by module and level.
//!
//! Every `#[traced]` function has a level, `info` unless `level = ..` says otherwise. A [`Filter`] says
//! how verbose the levels may be, in the whole program and in parts of it. A function that is filtered
//! out costs what it costs while tracing is off, and spans that begin inside it become children of the
//! span around it. If it has a `parent` or `root`, that is still evaluated, and the spans and outgoing
//! requests inside it belong to that trace.
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
//! A program that [adopts](crate::adopt) a provider reads no variables of this crate: it may hand the
//! value of `OTEL_TRACED_FILTER` to [`set`].

pub(crate) mod directives;

pub use directives::{Filter, FilterError};

use crate::span::registry;

/// Filters with `filter` from now on.
///
/// In any thread, at any time. Calls that are running keep their spans, which end as usual.
pub fn set(filter: Filter) {
    directives::replace(filter);
    registry::update_all();
}

/// The filter in effect.
#[must_use]
pub fn current() -> Filter {
    directives::with_current(Filter::clone)
}
