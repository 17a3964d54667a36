//! What does an annotated function leave in the program?

mod description;
mod level;
mod names;

use std::panic::Location;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use opentelemetry::trace::SpanKind;

#[cfg(debug_assertions)]
use crate::context::orphans::Parents;
#[cfg(debug_assertions)]
use crate::process::stderr;
use crate::span::recorder::Prepared;

pub(crate) use description::{Description, Identity};
pub use level::Level;
pub use names::here;

use description::Named;

/// An annotated function: one `static` in each expansion.
pub struct Callsite {
    /// Which of [`UNKNOWN`], [`OFF`], [`ON`] and [`CONTEXT_ONLY`] it is.
    pub(super) interest: AtomicU8,
    pub(crate) description: Description,
    /// What the recorder looks up once, at the first span.
    pub(crate) prepared: Prepared,
    #[cfg(debug_assertions)]
    parents: Parents,
    /// The callsite that was called for the first time before this one: together they form a linked list.
    pub(super) previous: OnceLock<&'static Callsite>,
}

/// The filter has not been asked about this callsite yet.
pub(super) const UNKNOWN: u8 = 0;
/// Calls have no span, and leave the context as it is.
pub(super) const OFF: u8 = 1;
/// Calls may have a span.
pub(super) const ON: u8 = 2;
/// Calls have no span, but run in the context that their `parent`, `root` or `scoped` gives them.
pub(super) const CONTEXT_ONLY: u8 = 3;

impl Callsite {
    /// The callsite of the function whose path [`here`] returns, at this file and line, in this package
    /// if it has a name, with at most so many `attrs(...)`.
    #[must_use]
    pub const fn new(
        here: fn() -> &'static str,
        location: &'static Location<'static>,
        package: &'static str,
        version: &'static str,
        attributes: usize,
    ) -> Self {
        Callsite {
            interest: AtomicU8::new(UNKNOWN),
            description: Description {
                here,
                file: location.file(),
                line: location.line(),
                package,
                version,
                name: None,
                attributes,
                level: Level::Info,
                min_duration: 0,
                share: 1.0,
                fold: None,
                kind: SpanKind::Internal,
                text: true,
                named: &[],
                more_names: None,
                hangs_elsewhere: false,
                is_scope: false,
                is_in_code: true,
            },
            prepared: Prepared::new(),
            #[cfg(debug_assertions)]
            parents: Parents::new(),
            previous: OnceLock::new(),
        }
    }

    /// `name = "..."`
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.description.name = Some(name);
        self
    }

    /// `scope = "..."`, which has no version of its own
    #[must_use]
    pub const fn scope(mut self, scope: &'static str) -> Self {
        self.description.package = scope;
        self.description.version = "";
        self
    }

    /// `level = ...`
    #[must_use]
    pub const fn level(mut self, level: Level) -> Self {
        self.description.level = level;
        self
    }

    /// `min_duration = "..."`, in nanoseconds
    #[must_use]
    pub const fn min_duration(mut self, nanoseconds: u64) -> Self {
        self.description.min_duration = nanoseconds;
        self
    }

    /// `sample = ...`
    ///
    /// # Panics
    ///
    /// While the program is compiled, if the share is not from 0 to 1.
    #[must_use]
    pub const fn sample(mut self, share: f64) -> Self {
        assert!(
            share >= 0.0 && share <= 1.0,
            "a share of traces is a number from 0 to 1: `sample = 0.01` keeps one of a hundred",
        );
        self.description.share = share;
        self
    }

    /// `fold = ...`; 0 for `fold = false`
    #[must_use]
    pub const fn fold(mut self, first: u32) -> Self {
        self.description.fold = Some(first);
        self
    }

    /// `kind = ...`
    #[must_use]
    pub const fn kind(mut self, kind: SpanKind) -> Self {
        self.description.kind = kind;
        self
    }

    /// `skip_pii`: errors and panics are recorded by type, without their text. The macro has left out the
    /// personal attributes already; `named` and `more` are only there to report which ones.
    #[must_use]
    pub const fn skip_pii(mut self, named: &'static [Named], more: Option<&'static str>) -> Self {
        self.description.text = false;
        self.description.named = named;
        self.description.more_names = more;
        self
    }

    /// `root` or `parent`
    #[must_use]
    pub const fn hangs_elsewhere(mut self) -> Self {
        self.description.hangs_elsewhere = true;
        self
    }

    /// `scoped(...)`
    #[must_use]
    pub const fn scoped(mut self) -> Self {
        self.description.is_scope = true;
        self
    }

    /// The callsite of a layer of this crate. It is not a function of the program, so its spans have no
    /// `code.*` attributes. Its path, such as `otel_runtime::tower::server`, is its name in a filter and
    /// the instrumentation scope of its spans.
    #[cfg(any(feature = "messaging", feature = "tower"))]
    pub(crate) const fn of_layer(
        path: fn() -> &'static str,
        location: &'static Location<'static>,
        scope: &'static str,
        kind: SpanKind,
    ) -> Self {
        let mut layer =
            Callsite::new(path, location, scope, env!("CARGO_PKG_VERSION"), 12).kind(kind);
        layer.description.is_in_code = false;
        layer
    }

    /// Whether a call certainly has neither a span nor a context of its own: one load and a branch.
    #[inline]
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.interest.load(Ordering::Relaxed) == OFF
    }

    /// Called when one of its spans is about to begin. In a debug build it reports, once, a function
    /// whose spans had a parent before and now begin a trace, as after a spawn that does not carry the
    /// context.
    #[cfg(debug_assertions)]
    pub(crate) fn begins(&self) {
        let description = &self.description;
        if description.is_in_code && !description.hangs_elsewhere && self.parents.is_orphan() {
            stderr::info(&format!(
                "`{}` ({}:{}) begins a trace of its own here, and was part of another one before. If a \
                 spawn lies between, take the context along: `otel_runtime::context` says how. Told once a \
                 function, in debug builds only",
                description.path(),
                description.file,
                description.line,
            ));
        }
    }
}
