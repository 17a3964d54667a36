//! What is known about an annotated function before it is called?

use std::iter::successors;
use std::panic::Location;
use std::sync::atomic::{AtomicU8, Ordering};
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::SpanKind;

#[cfg(debug_assertions)]
use crate::context::orphans::Parents;
use crate::filter::{self, Filter};
#[cfg(feature = "sdk")]
use crate::fork;
#[cfg(feature = "sdk")]
use crate::privacy::is_pii;
#[cfg(feature = "sdk")]
use crate::record::Function;
use crate::recorder;
use crate::recorder::Adopted;
#[cfg(debug_assertions)]
use crate::stderr;

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

/// The last callsite that somebody has asked, which knows the others: a list that takes no memory
/// from a program that does not trace.
static KNOWN: Mutex<Option<&'static Callsite>> = Mutex::new(None);

/// What a callsite is called, and where it is.
pub(crate) struct Description {
    pub(crate) name: &'static str,
    /// The path of the function.
    pub(crate) function: &'static str,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
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

    /// Whether a call certainly has neither a span nor a context of its own: one load and a branch.
    #[inline]
    #[must_use]
    pub fn is_off(&self) -> bool {
        self.interest.load(Ordering::Relaxed) == OFF
    }

    /// Whether a call may have a span.
    pub(crate) fn is_on(&'static self) -> bool {
        match self.interest.load(Ordering::Relaxed) {
            UNKNOWN => self.register(),
            interest => interest == ON,
        }
    }

    /// The function and where it is, for people: `shop::load (src/main.rs:7)`.
    #[cfg(feature = "sdk")]
    pub(crate) fn place(&self) -> String {
        format!("{} ({}:{})", self.path(), self.location.file(), self.location.line())
    }

    /// Asks for the first time; returns whether a call may have a span.
    #[cold]
    fn register(&'static self) -> bool {
        // Nobody unlocks it any more where a process was forked just then.
        let Some(mut known) = lock_known() else { return false };
        // Two threads may come here at once.
        if self.interest.load(Ordering::Relaxed) == UNKNOWN {
            if let Some(previous) = known.replace(self) {
                self.previous.get_or_init(|| previous);
            }
            filter::with_current(|filter| self.update(filter));
        }
        self.interest.load(Ordering::Relaxed) == ON
    }

    fn update(&self, filter: &Filter) {
        let has_spans = recorder::makes_spans()
            && filter.enables(self.level, || paths(enclosing((self.here)())));
        let interest = if has_spans {
            ON
        } else if self.hangs_elsewhere && recorder::is_installed() {
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
        if !self.hangs_elsewhere && self.parents.is_orphan() {
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
            file: self.location.file(),
            line: self.location.line(),
            scope: scope.build(),
        }
    }

    /// How many attributes its spans have at most when they start, with those that all have.
    pub(crate) fn attribute_count(&self) -> usize {
        3 + self.attributes
    }
}

/// The functions that were called so far, the last one first.
#[cfg(feature = "sdk")]
pub(crate) fn called() -> Vec<&'static Callsite> {
    let last = *KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    successors(last, |callsite| callsite.previous.get().copied()).collect()
}

/// The attributes that `skip_pii` leaves out of a function's spans.
#[cfg(feature = "sdk")]
pub(crate) struct Skipped {
    pub(crate) function: String,
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    pub(crate) keys: Vec<&'static str>,
}

/// Of every function that was called and has some.
#[cfg(feature = "sdk")]
pub(crate) fn skipped() -> Vec<Skipped> {
    let skipped = called().into_iter().map(|callsite| {
        let named = callsite.named.iter().filter(|(_, names)| is_pii(names, callsite.more_names));
        Skipped {
            function: callsite.path(),
            file: callsite.location.file(),
            line: callsite.location.line(),
            keys: named.map(|(key, _)| *key).collect(),
        }
    });
    skipped.filter(|skipped| !skipped.keys.is_empty()).collect()
}

#[cfg(feature = "sdk")]
fn lock_known() -> Option<MutexGuard<'static, Option<&'static Callsite>>> {
    fork::lock(&KNOWN)
}

#[cfg(not(feature = "sdk"))]
fn lock_known() -> Option<MutexGuard<'static, Option<&'static Callsite>>> {
    Some(KNOWN.lock().unwrap_or_else(PoisonError::into_inner))
}

/// Asks again, for every callsite, whether it is on.
pub(crate) fn update_all() {
    let known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
    // Read under the lock, so that of two filters that are set at once one holds everywhere.
    filter::with_current(|filter| {
        successors(*known, |callsite| callsite.previous.get().copied())
            .for_each(|callsite| callsite.update(filter));
    });
}

/// The function that a closure written in a callsite's initialiser stands in, as a path.
#[must_use]
pub const fn here<F>(_: &F) -> fn() -> &'static str {
    std::any::type_name::<F>
}

/// `shop::Cart<_>::load::{{closure}}::__OTEL_CALLSITE::{{closure}}` → `shop::Cart::load`
fn function(here: &str) -> String {
    let segments = enclosing(here);
    // An inherent impl outside its type's module: `shop::db::<impl shop::Cart<_>>::load`.
    let owner = segments.iter().position(|segment| segment.starts_with("<impl "));
    let Some(owner) = owner else {
        return join(&segments);
    };
    let implemented = &segments[owner]["<impl ".len()..segments[owner].len() - 1];
    let method = join(&segments[owner + 1..]);
    match implemented.split_once(" for ") {
        Some((of, on)) => format!("<{on} as {of}>::{method}"),
        None => format!("{}::{method}", join(&self::segments(implemented))),
    }
}

/// The path of the function around [`here`].
fn enclosing(here: &str) -> Vec<&str> {
    let path = here.rfind("::__OTEL_CALLSITE").map_or(here, |end| &here[..end]);
    segments(path).into_iter().filter(|segment| *segment != "{{closure}}").collect()
}

/// All paths that a filter may call the function by: a method has that of its type, that of its
/// trait, and that of the module its `impl` is in, where the compiler tells.
fn paths(mut segments: Vec<&str>) -> Vec<String> {
    let owner = segments.iter().position(|segment| segment.starts_with('<'));
    let Some(owner) = owner else {
        return vec![join(&segments)];
    };
    let method = segments.split_off(owner + 1);
    let owners = segments.pop().and_then(|owner| owner.strip_prefix('<')?.strip_suffix('>'));
    let owners = owners.unwrap_or_default();
    let implemented =
        owners.strip_prefix("impl ").map(|it| it.split_once(" for ").unwrap_or((it, "")));
    let (on, of) = implemented.or_else(|| owners.split_once(" as ")).unwrap_or((owners, ""));
    [join(&segments), path_of(on), path_of(of)]
        .into_iter()
        .filter(|owner| !owner.is_empty())
        .map(|owner| format!("{owner}::{}", join(&method)))
        .collect()
}

fn path_of(ty: &str) -> String {
    join(&segments(ty.trim_start_matches(['&', '*'])))
}

/// `shop::Cart::load` → `Cart::load`, `<shop::Cart as shop::Store>::load` → `Cart::load`,
/// `shop::load` → `load`. A type is known by its capital letter.
fn span_name(function: &str) -> String {
    let segments = segments(function);
    let (method, owners) = segments.split_last().unwrap_or((&function, &[]));
    let owner = match owners.last() {
        Some(owner) if owner.starts_with('<') => {
            let (on, of) = owner[1..owner.len() - 1].split_once(" as ").unwrap_or((owner, owner));
            // A blanket implementation has no type to name.
            last(if on == "_" { of } else { on })
        }
        Some(owner) if owner.starts_with(char::is_uppercase) => (*owner).to_owned(),
        _ => return (*method).to_owned(),
    };
    format!("{owner}::{method}")
}

/// The last segment of a type's path, without generics; a type that has no path stays as it is.
fn last(ty: &str) -> String {
    let ty = ty.trim_start_matches(['&', '*']);
    let segments = segments(ty);
    segments.last().map_or(ty, |last| without_generics(last)).to_owned()
}

fn join(segments: &[&str]) -> String {
    let segments: Vec<&str> = segments.iter().map(|segment| without_generics(segment)).collect();
    segments.join("::")
}

fn without_generics(segment: &str) -> &str {
    match segment.find('<') {
        Some(at) if at > 0 => &segment[..at],
        _ => segment,
    }
}

/// Splits a path at the `::` that are not inside brackets.
fn segments(path: &str) -> Vec<&str> {
    let bytes = path.as_bytes();
    let (mut found, mut from, mut depth) = (Vec::new(), 0, 0_u32);
    let mut at = 0;
    while at < bytes.len() {
        match bytes[at] {
            b'<' | b'(' | b'[' => depth += 1,
            b'>' if at > 0 && bytes[at - 1] == b'-' => {}
            b'>' | b')' | b']' => depth = depth.saturating_sub(1),
            b':' if depth == 0 && bytes[at..].starts_with(b"::") => {
                found.push(&path[from..at]);
                at += 1;
                from = at + 1;
            }
            _ => {}
        }
        at += 1;
    }
    found.push(&path[from..]);
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As `std::any::type_name` prints them on 1.95.
    const PATHS: [(&str, &str, &str); 13] = [
        ("shop::load", "shop::load", "load"),
        ("shop::db::load", "shop::db::load", "load"),
        ("shop::Cart::load", "shop::Cart::load", "Cart::load"),
        ("shop::Cart<_>::load", "shop::Cart::load", "Cart::load"),
        ("shop::Cart::load::{{closure}}", "shop::Cart::load", "Cart::load"),
        ("shop::db::<impl shop::Cart<_>>::load", "shop::Cart::load", "Cart::load"),
        (
            "shop::db::<impl shop::Store for shop::Cart>::load",
            "<shop::Cart as shop::Store>::load",
            "Cart::load",
        ),
        (
            "<shop::Cart<&str> as shop::Store<u8>>::load",
            "<shop::Cart<&str> as shop::Store<u8>>::load",
            "Cart::load",
        ),
        ("<_ as shop::Blanket>::load", "<_ as shop::Blanket>::load", "Blanket::load"),
        ("shop::Store::load", "shop::Store::load", "Store::load"),
        ("<[u8; N] as shop::Store>::load", "<[u8; N] as shop::Store>::load", "[u8; N]::load"),
        ("<&shop::Cart as shop::Store>::load", "<&shop::Cart as shop::Store>::load", "Cart::load"),
        (
            "<dyn core::ops::Fn(u8) -> u16 as shop::Store>::load",
            "<dyn core::ops::Fn(u8) -> u16 as shop::Store>::load",
            "Fn(u8) -> u16::load",
        ),
    ];

    #[test]
    fn a_filter_may_call_a_method_by_its_type_its_trait_and_its_module() {
        let of = |path: &str| {
            let here = format!("{path}::{{{{closure}}}}::__OTEL_CALLSITE::{{{{closure}}}}");
            paths(enclosing(&here))
        };

        assert_eq!(of("shop::Cart<_>::load"), ["shop::Cart::load"]);
        assert_eq!(
            of("shop::db::<impl shop::Store<u8> for alloc::vec::Vec<_>>::load"),
            ["shop::db::load", "shop::Store::load", "alloc::vec::Vec::load"]
        );
        assert_eq!(
            of("shop::db::<impl shop::Cart<_>>::load"),
            ["shop::db::load", "shop::Cart::load"]
        );
        assert_eq!(
            of("<&shop::Cart<&str> as shop::Store<u8>>::load::inner"),
            ["shop::Cart::load::inner", "shop::Store::load::inner"]
        );
    }

    #[test]
    fn a_path_becomes_a_function_name_and_a_span_name() {
        for (path, expected, name) in PATHS {
            let here = format!("{path}::__OTEL_CALLSITE::{{{{closure}}}}");
            assert_eq!(function(&here), expected);
            assert_eq!(span_name(expected), name);
        }
    }
}
