//! How does a program write a rule?

use std::fmt;
use std::sync::Arc;

use opentelemetry::trace::SpanKind;
use opentelemetry::{Key, Value};

use super::super::composite::ComposableSampler;
use super::condition::ParentKind;

/// The attribute that a server's span has its route in.
const ROUTE: &str = "http.route";

/// A sampler, and about which spans it decides: those that meet *all* conditions of the rule. A span that meets
/// only some is left to the next rule, whatever other spans of its trace are.
///
/// What is written is checked by [`RuleBased::new`](super::RuleBased::new).
///
/// ```
/// use otel_runtime::opentelemetry::trace::SpanKind;
/// use otel_runtime::sampling::{AlwaysOff, ParentKind, Probability, RateLimiting, Rule};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let rules = [
///     Rule::new(AlwaysOff).kind(SpanKind::Server).route("/healthz"),
///     Rule::new(RateLimiting::new(5.0)?).attribute_patterns("url.path", ["/search/*"], ["*/admin"]),
///     Rule::new(Probability::new(0.5)?).parent(ParentKind::None).span_name("import ????"),
///     Rule::new(Probability::new(0.1)?),
/// ];
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct Rule {
    pub(super) label: Option<String>,
    pub(super) span_names: Option<Vec<String>>,
    pub(super) kinds: Option<Vec<SpanKind>>,
    pub(super) parents: Option<Vec<ParentKind>>,
    pub(super) attributes: Vec<WrittenAttribute>,
    pub(super) sampler: Arc<dyn ComposableSampler>,
}

/// A condition of an attribute, as it was written.
#[derive(Clone, Debug)]
pub(super) struct WrittenAttribute {
    pub(super) key: Key,
    pub(super) test: WrittenTest,
}

#[derive(Clone, Debug)]
pub(super) enum WrittenTest {
    Values(Vec<Value>),
    Patterns { included: Vec<String>, excluded: Vec<String> },
}

impl Rule {
    /// This sampler decides. Without any condition about every span: that makes sense for the last rule.
    pub fn new(sampler: impl ComposableSampler + 'static) -> Self {
        Rule {
            label: None,
            span_names: None,
            kinds: None,
            parents: None,
            attributes: Vec::new(),
            sampler: Arc::new(sampler),
        }
    }

    /// A name for the rule, which `describe()` shows.
    #[must_use]
    pub fn name(mut self, name: impl Into<String>) -> Self {
        self.label = Some(name.into());
        self
    }

    /// The span's name matches this pattern: `*` stands for any characters, `?` for one.
    #[must_use]
    pub fn span_name(self, pattern: impl Into<String>) -> Self {
        self.span_names([pattern])
    }

    /// The span's name matches one of these patterns.
    #[must_use]
    pub fn span_names(mut self, patterns: impl IntoIterator<Item = impl Into<String>>) -> Self {
        self.span_names = Some(patterns.into_iter().map(Into::into).collect());
        self
    }

    /// The span is of this kind.
    #[must_use]
    pub fn kind(self, kind: SpanKind) -> Self {
        self.kinds([kind])
    }

    /// The span is of one of these kinds.
    #[must_use]
    pub fn kinds(mut self, kinds: impl IntoIterator<Item = SpanKind>) -> Self {
        self.kinds = Some(kinds.into_iter().collect());
        self
    }

    /// The span has such a parent.
    #[must_use]
    pub fn parent(self, parent: ParentKind) -> Self {
        self.parents([parent])
    }

    /// The span has one of such parents.
    #[must_use]
    pub fn parents(mut self, parents: impl IntoIterator<Item = ParentKind>) -> Self {
        self.parents = Some(parents.into_iter().collect());
        self
    }

    /// The span has this attribute when it starts, in the same string form: the text `8080` is the number too,
    /// and of an array one element.
    #[must_use]
    pub fn attribute(self, key: impl Into<Key>, value: impl Into<Value>) -> Self {
        self.attribute_values(key, [value])
    }

    /// The attribute is one of these values, each as by [`attribute`](Rule::attribute).
    #[must_use]
    pub fn attribute_values(
        mut self,
        key: impl Into<Key>,
        values: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Self {
        let test = WrittenTest::Values(values.into_iter().map(Into::into).collect());
        self.attributes.push(WrittenAttribute { key: key.into(), test });
        self
    }

    /// The attribute matches one of `included`, where there are any, and none of `excluded`, in its string
    /// form; of an array, one element does.
    #[must_use]
    pub fn attribute_patterns<I: Into<String>, E: Into<String>>(
        mut self,
        key: impl Into<Key>,
        included: impl IntoIterator<Item = I>,
        excluded: impl IntoIterator<Item = E>,
    ) -> Self {
        let test = WrittenTest::Patterns {
            included: included.into_iter().map(Into::into).collect(),
            excluded: excluded.into_iter().map(Into::into).collect(),
        };
        self.attributes.push(WrittenAttribute { key: key.into(), test });
        self
    }

    /// The route, `http.route`, matches this pattern, such as `/orders/{id}` or `/internal/*`.
    #[must_use]
    pub fn route(self, pattern: impl Into<String>) -> Self {
        self.attribute_patterns(ROUTE, [pattern.into()], [""; 0])
    }
}

impl fmt::Debug for Rule {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Rule { label, span_names, kinds, parents, attributes, sampler } = self;
        f.debug_struct("Rule")
            .field("name", label)
            .field("span_names", span_names)
            .field("kinds", kinds)
            .field("parents", parents)
            .field("attributes", attributes)
            .field("sampler", sampler)
            .finish()
    }
}
