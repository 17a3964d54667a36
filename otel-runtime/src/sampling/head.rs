//! What has to be known of a sampler, whichever it is?

use std::fmt;
use std::sync::Arc;

use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingResult, ShouldSample};

use super::guarded::Guarded;
use super::reads::AttributesRead;
use super::sampler::Sampler;

/// Any sampler, with what is known of it: every sampler of this crate converts into it, and
/// [`custom`](HeadSampler::custom) makes one of a sampler of the program's.
///
/// ```
/// use otel_runtime::sampling::{HeadSampler, ParentBased, Probability};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let sampler = HeadSampler::from(ParentBased::new(Probability::new(0.1)?));
/// assert_eq!(sampler.description(), "ParentBased{root: Probability{0.1}}");
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct HeadSampler {
    pub(crate) sampler: Box<dyn ShouldSample>,
    /// A child of a local parent is sampled if the parent is, and not recorded if the parent is not: the
    /// sampler need not be asked.
    pub(crate) follows_local_parent: bool,
    /// Whether it may look at a span's attributes.
    pub(crate) reads_attributes: bool,
    about: Arc<About>,
}

/// What is known of a sampler.
#[derive(Clone)]
pub(super) struct About {
    pub(super) follows_local_parent: bool,
    pub(super) reads: AttributesRead,
    pub(super) description: String,
    /// Which of the specification's first six it is.
    pub(super) standard: Option<Sampler>,
}

impl HeadSampler {
    /// A sampler of the program's. It is asked about every span, and may read any attribute. If it panics about
    /// a span, the span is sampled if its parent is.
    pub fn custom(sampler: impl ShouldSample + 'static) -> Self {
        HeadSampler::boxed(Box::new(sampler))
    }

    pub(crate) fn boxed(sampler: Box<dyn ShouldSample>) -> Self {
        let sampler = Guarded(sampler);
        let about = About {
            follows_local_parent: false,
            reads: AttributesRead::Any,
            description: sampler.description(),
            standard: None,
        };
        HeadSampler::new(about, sampler)
    }

    pub(super) fn new(about: About, sampler: impl ShouldSample + 'static) -> Self {
        HeadSampler {
            sampler: Box::new(sampler),
            follows_local_parent: about.follows_local_parent,
            reads_attributes: about.reads != AttributesRead::None,
            about: Arc::new(about),
        }
    }

    /// The same sampler, by the name that the specification has for it.
    pub(super) fn known_as(self, standard: Sampler) -> Self {
        let about = About { standard: Some(standard), ..About::clone(&self.about) };
        HeadSampler { about: Arc::new(about), ..self }
    }

    pub(crate) fn standard(&self) -> Option<Sampler> {
        self.about.standard
    }

    /// Whether it keeps every trace that begins here, without saying so in the trace state.
    pub(crate) fn takes_all(&self) -> bool {
        matches!(self.standard(), Some(Sampler::AlwaysOn | Sampler::ParentBasedAlwaysOn))
    }

    /// The same sampler, with what it was described by.
    pub(crate) fn described_as(self, description: String) -> Self {
        let about = About { description, ..About::clone(&self.about) };
        HeadSampler { about: Arc::new(about), ..self }
    }

    /// Its name and what it is made of, such as `ParentBased{root: Probability{0.1}}`.
    ///
    /// Specification: [GetDescription](https://opentelemetry.io/docs/specs/otel/trace/sdk/#getdescription).
    #[must_use]
    pub fn description(&self) -> &str {
        &self.about.description
    }

    /// Which attributes it looks at.
    #[must_use]
    pub fn attributes_read(&self) -> &AttributesRead {
        &self.about.reads
    }
}

impl ShouldSample for HeadSampler {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        self.sampler.should_sample(parent, trace_id, name, kind, attributes, links)
    }
}

impl fmt::Debug for HeadSampler {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.about.description)
    }
}

/// The sampler that decides when a trace begins.
#[derive(Clone, Debug)]
pub(crate) enum Head {
    Standard(Sampler),
    Custom(Box<dyn ShouldSample>),
    Sampler(HeadSampler),
}

impl From<HeadSampler> for Head {
    fn from(sampler: HeadSampler) -> Self {
        sampler.standard().map_or(Head::Sampler(sampler), Head::Standard)
    }
}

impl Head {
    pub(crate) fn build(self) -> HeadSampler {
        match self {
            Head::Standard(sampler) => sampler.into(),
            Head::Custom(sampler) => HeadSampler::boxed(sampler),
            Head::Sampler(sampler) => sampler,
        }
    }
}
