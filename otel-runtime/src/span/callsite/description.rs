//! What is known of an annotated function before it is called?

use opentelemetry::InstrumentationScope;
use opentelemetry::trace::SpanKind;

use super::level::Level;
use super::names::{enclosing, function, paths, span_name};
use crate::privacy::names::is_pii;

/// The key of an attribute, and the names that tell what its value is, such as those of the variable and
/// the field.
pub(super) type Named = (&'static str, &'static [&'static str]);

/// What the attribute says of a function, and the place where it says so.
#[expect(
    clippy::struct_excessive_bools,
    reason = "they are answers that do not depend on each other"
)]
pub(crate) struct Description {
    pub(super) here: fn() -> &'static str,
    /// Where the function is. Not a `Location`, which would take a linker section of its own in each
    /// library.
    pub(crate) file: &'static str,
    pub(crate) line: u32,
    /// The name of the instrumentation scope; if empty, the crate of the function.
    pub(super) package: &'static str,
    /// The version of that scope; if empty, none.
    pub(super) version: &'static str,
    pub(super) name: Option<&'static str>,
    pub(super) attributes: usize,
    pub(crate) level: Level,
    /// In nanoseconds; 0 for none.
    pub(crate) min_duration: u64,
    /// The share of the traces which begin here that the sampler is asked about, from 0 to 1.
    pub(crate) share: f64,
    /// `fold`: 0 for none; `None` where nothing is said.
    pub(crate) fold: Option<u32>,
    pub(crate) kind: SpanKind,
    /// Whether the texts of errors and panics are recorded: not under `skip_pii`.
    pub(crate) text: bool,
    /// Under `skip_pii`, every attribute with the names that tell what its value is; and the names that
    /// the program adds to the lists of personal data.
    pub(crate) named: &'static [Named],
    pub(crate) more_names: Option<&'static str>,
    /// Whether its spans have a parent other than the current span, or none, by `parent` or `root`.
    pub(crate) hangs_elsewhere: bool,
    /// Whether it has attributes for every span inside, by `scoped`.
    pub(crate) is_scope: bool,
    /// Whether it is a function of the program, whose spans have `code.*` attributes.
    pub(crate) is_in_code: bool,
}

/// What a function and its spans are called. It is worked out at the function's first span.
pub(crate) struct Identity {
    pub(crate) name: &'static str,
    /// The path of the function.
    pub(crate) function: &'static str,
    /// File and line; `None` for what is not a function of the program.
    pub(crate) place: Option<(&'static str, u32)>,
    pub(crate) scope: InstrumentationScope,
}

impl Description {
    /// Whether a call has a context of its own also where it has no span.
    pub(crate) fn has_context(&self) -> bool {
        self.hangs_elsewhere || self.is_scope
    }

    /// The path of the function.
    pub(crate) fn path(&self) -> String {
        function((self.here)())
    }

    /// All paths that a filter may call it by.
    pub(crate) fn paths(&self) -> Vec<String> {
        paths(enclosing((self.here)()))
    }

    /// Whether its spans take an attribute of their surroundings: not under `skip_pii`, if the key is personal.
    pub(crate) fn takes(&self, key: &str) -> bool {
        self.text || !is_pii(&[key], self.more_names)
    }

    /// The function and where it is, for people: `shop::load (src/main.rs:7)`.
    #[cfg(feature = "sdk")]
    pub(crate) fn place(&self) -> String {
        format!("{} ({}:{})", self.path(), self.file, self.line)
    }

    /// How many attributes its spans have at most when they start, those common to all of them included.
    pub(crate) fn attribute_count(&self) -> usize {
        3 + self.attributes
    }

    /// The result stays in memory for ever, once for each function.
    #[cold]
    pub(crate) fn identity(&self) -> Identity {
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
        Identity {
            name: self.name.unwrap_or_else(|| span_name(function).leak()),
            function,
            place: self.is_in_code.then_some((self.file, self.line)),
            scope: scope.build(),
        }
    }
}
