//! What is known about an annotated function before it is called?

pub mod filter;
mod names;
mod registry;

use std::panic::Location;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU8, Ordering};

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::SpanKind;

#[cfg(debug_assertions)]
use crate::context::orphans::Parents;
use crate::context::switch;
#[cfg(debug_assertions)]
use crate::process::stderr;
#[cfg(feature = "sdk")]
use crate::record::Function;
use crate::span::callsite::filter::Filter;
use crate::span::recorder::Adopted;

pub use names::here;
pub(crate) use registry::update_all;
#[cfg(feature = "sdk")]
pub(crate) use registry::{Skipped, called, skipped};

use names::{enclosing, function, paths, span_name};

/// The key of an attribute, and the names that say what its value is.
type Named = (&'static str, &'static [&'static str]);

/// An annotated function: one `static` in each expansion.
pub struct Callsite {
    interest: AtomicU8,
    here: fn() -> &'static str,
    location: &'static Location<'static>,
    /// Its instrumentation scope; empty, the crate of the function.
    package: &'static str,
    /// Empty, none.
    version: &'static str,
    name: Option<&'static str>,
    attributes: usize,
    level: Level,
    /// In nanoseconds; none is 0.
    pub(crate) min_duration: u64,
    pub(crate) kind: SpanKind,
    pub(crate) text: bool,
    /// Under `skip_pii`, every attribute with the names that say what it is, and the names that the program
    /// adds to those of personal data.
    named: &'static [Named],
    more_names: Option<&'static str>,
    #[cfg(debug_assertions)]
    parents: Parents,
    /// Whether its spans hang elsewhere than under the current one.
    pub(crate) hangs_elsewhere: bool,
    /// Whether it is a function of the program's, whose spans say where in the code it is.
    is_in_code: bool,
    /// What is looked up once, at the first span, by the recorder that makes them.
    adopted: OnceLock<Adopted>,
    #[cfg(feature = "sdk")]
    function: OnceLock<Function>,
    /// The one that was asked before this one.
    previous: OnceLock<&'static Callsite>,
}

/// `level = ...`: how much somebody has to want to see in order to see a function; the least first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// `error`
    Error,
    /// `warn`
    Warn,
    /// `info`, the default
    Info,
    /// `debug`
    Debug,
    /// `trace`
    Trace,
}

/// Nobody has asked yet.
const UNKNOWN: u8 = 0;
/// Calls have no span, and leave the context as it is.
const OFF: u8 = 1;
/// Calls may have a span.
const ON: u8 = 2;
/// Calls have no span, but the context that their `parent` or `root` says.
const CONTEXT_ONLY: u8 = 3;

/// What a callsite is called, and where it is.
pub(crate) struct Description {
    pub(crate) name: &'static str,
    /// The path of the function.
    pub(crate) function: &'static str,
    /// File and line; none of what is no function of the program's.
    pub(crate) place: Option<(&'static str, u32)>,
    pub(crate) scope: InstrumentationScope,
}

impl Callsite {
    /// A callsite in the function whose path [`here`] returns, at this place, in this package if it has a
    /// name, with at most so many `attrs(...)`.
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
            here,
            location,
            package,
            version,
            name: None,
            attributes,
            level: Level::Info,
            min_duration: 0,
            kind: SpanKind::Internal,
            text: true,
            named: &[],
            more_names: None,
            #[cfg(debug_assertions)]
            parents: Parents::new(),
            hangs_elsewhere: false,
            is_in_code: true,
            adopted: OnceLock::new(),
            #[cfg(feature = "sdk")]
            function: OnceLock::new(),
            previous: OnceLock::new(),
        }
    }

    /// `name = "..."`
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// `scope = "..."`, which has no version of its own
    #[must_use]
    pub const fn scope(mut self, scope: &'static str) -> Self {
        self.package = scope;
        self.version = "";
        self
    }

    /// `level = ...`
    #[must_use]
    pub const fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    /// `min_duration = "..."`, in nanoseconds
    #[must_use]
    pub const fn min_duration(mut self, nanoseconds: u64) -> Self {
        self.min_duration = nanoseconds;
        self
    }

    /// `kind = ...`
    #[must_use]
    pub const fn kind(mut self, kind: SpanKind) -> Self {
        self.kind = kind;
        self
    }

    /// `skip_pii`: errors and panics are recorded by type, without their text. The expansion has left out
    /// what is personal; `named` and `more` are there to tell of it.
    #[must_use]
    pub const fn skip_pii(mut self, named: &'static [Named], more: Option<&'static str>) -> Self {
        self.text = false;
        self.named = named;
        self.more_names = more;
        self
    }

    /// `root` or `parent`
    #[must_use]
    pub const fn hangs_elsewhere(mut self) -> Self {
        self.hangs_elsewhere = true;
        self
    }

    /// What a layer of this crate makes its spans with: no function of the program's, so that no span says
    /// where in the code it is. Its path, such as `otel_runtime::tower::server`, is what the filter calls
    /// it by, and the instrumentation scope of its spans.
    #[cfg(feature = "tower")]
    #[allow(dead_code, reason = "the layers that use it come next")]
    pub(crate) const fn of_layer(
        path: fn() -> &'static str,
        location: &'static Location<'static>,
        scope: &'static str,
        kind: SpanKind,
    ) -> Self {
        let mut layer =
            Callsite::new(path, location, scope, env!("CARGO_PKG_VERSION"), 12).kind(kind);
        layer.is_in_code = false;
        layer
    }

    /// Whether a call certainly has neither a span nor a context of its own: one load and a branch.
    #[inline]
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.interest.load(Ordering::Relaxed) == OFF
    }

    /// Whether a call may have a span.
    pub(crate) fn is_on(&'static self) -> bool {
        match self.interest.load(Ordering::Relaxed) {
            UNKNOWN => registry::register(self),
            interest => interest == ON,
        }
    }

    /// The function and where it is, for people: `shop::load (src/main.rs:7)`.
    #[cfg(feature = "sdk")]
    pub(crate) fn place(&self) -> String {
        format!("{} ({}:{})", self.path(), self.location.file(), self.location.line())
    }

    fn update(&self, filter: &Filter) {
        let has_spans =
            switch::makes_spans() && filter.enables(self.level, || paths(enclosing((self.here)())));
        let interest = if has_spans {
            ON
        } else if self.hangs_elsewhere && switch::is_on() {
            CONTEXT_ONLY
        } else {
            OFF
        };
        self.interest.store(interest, Ordering::Relaxed);
    }

    /// The path of the function.
    pub(crate) fn path(&self) -> String {
        function((self.here)())
    }

    /// One of its spans is about to begin. In a debug build it is told, once, if that was part of another
    /// trace before and now begins one, as after a spawn that does not take the context along.
    #[cfg(debug_assertions)]
    pub(crate) fn begins(&self) {
        if self.is_in_code && !self.hangs_elsewhere && self.parents.is_orphan() {
            stderr::info(&format!(
                "`{}` ({}:{}) begins a trace of its own here, and was part of another one before. If a \
                 spawn lies between, take the context along: `otel_runtime::context` says how. Told once a \
                 function, in debug builds only",
                self.path(),
                self.location.file(),
                self.location.line(),
            ));
        }
    }

    /// What an adopted provider makes its spans with.
    pub(crate) fn adopted(&self, make: impl FnOnce(Description) -> Adopted) -> &Adopted {
        self.adopted.get_or_init(|| make(self.describe()))
    }

    /// What the spans of the native recorder have in common.
    #[cfg(feature = "sdk")]
    #[inline]
    pub(crate) fn function(&self) -> &Function {
        self.function.get().unwrap_or_else(|| self.make_function())
    }

    #[cfg(feature = "sdk")]
    #[cold]
    fn make_function(&self) -> &Function {
        // Made before it is put there: a thread that is about to put it there is not in a forked child,
        // which would wait for it.
        let function = self.describe().into();
        self.function.get_or_init(|| function)
    }

    #[cold]
    fn describe(&self) -> Description {
        let function: &'static str = self.path().leak();
        let package = match self.package {
            "" => function.split("::").next().unwrap_or_default(),
            package => package,
        };
        let scope = InstrumentationScope::builder(package);
        let scope = match self.version {
            "" => scope,
            version => scope.with_version(version),
        };
        Description {
            name: self.name.unwrap_or_else(|| span_name(function).leak()),
            function,
            place: self.is_in_code.then(|| (self.location.file(), self.location.line())),
            scope: scope.build(),
        }
    }

    /// How many attributes its spans have at most when they start, with those that all have.
    pub(crate) fn attribute_count(&self) -> usize {
        3 + self.attributes
    }
}
