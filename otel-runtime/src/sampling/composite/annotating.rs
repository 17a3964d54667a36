//! How do spans say by which sampler they were kept?

use opentelemetry::KeyValue;

use super::super::reads::AttributesRead;
use super::candidate::Candidate;
use super::composable::ComposableSampler;
use super::intent::SamplingIntent;

/// Adds attributes to the spans that another sampler keeps.
///
/// ```
/// use otel_runtime::opentelemetry::KeyValue;
/// use otel_runtime::sampling::{Annotating, Probability};
///
/// # fn main() -> Result<(), otel_runtime::sampling::SamplerError> {
/// let sampler = Annotating::new([KeyValue::new("sampled.by", "default")], Probability::new(0.1)?);
/// # Ok(())
/// # }
/// ```
///
/// Specification:
/// [ComposableAnnotating](https://opentelemetry.io/docs/specs/otel/trace/sdk/#composableannotating).
#[derive(Clone, Debug)]
pub struct Annotating<S> {
    attributes: Vec<KeyValue>,
    delegate: S,
}

impl<S: ComposableSampler> Annotating<S> {
    /// Adds `attributes` to what `delegate` keeps.
    pub fn new(attributes: impl IntoIterator<Item = KeyValue>, delegate: S) -> Self {
        Annotating { attributes: attributes.into_iter().collect(), delegate }
    }
}

impl<S: ComposableSampler> ComposableSampler for Annotating<S> {
    fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
        let mut intent = self.delegate.sampling_intent(span);
        if intent.attributes.is_empty() && intent.more.is_none() {
            intent.attributes = &self.attributes;
            return intent;
        }
        intent.with_attributes(|| self.attributes.clone())
    }

    fn attributes_read(&self) -> AttributesRead {
        self.delegate.attributes_read()
    }

    fn description(&self) -> String {
        let keys: Vec<_> = self.attributes.iter().map(|it| it.key.as_str()).collect();
        format!("Annotating{{{}: {}}}", keys.join(", "), self.delegate.description())
    }
}
