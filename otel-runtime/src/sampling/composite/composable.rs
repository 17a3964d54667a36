//! What does a sampler say that others can be put around?

use std::fmt;
use std::sync::Arc;

use super::super::reads::AttributesRead;
use super::candidate::Candidate;
use super::intent::SamplingIntent;

/// A sampler that says what it would like, so that others can be put around it; [`CompositeSampler`](super::CompositeSampler)
/// decides.
///
/// Specification:
/// [ComposableSampler](https://opentelemetry.io/docs/specs/otel/trace/sdk/#composablesampler).
///
/// ```
/// use otel_runtime::sampling::{Candidate, ComposableSampler, CompositeSampler, SamplingIntent, Threshold};
///
/// /// Every trace whose name is long.
/// #[derive(Debug)]
/// struct LongNames;
///
/// impl ComposableSampler for LongNames {
///     fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
///         if span.name().len() > 20 {
///             SamplingIntent::sample(Threshold::ALWAYS)
///         } else {
///             SamplingIntent::drop()
///         }
///     }
/// }
///
/// let sampler = CompositeSampler::new(LongNames);
/// ```
pub trait ComposableSampler: fmt::Debug + Send + Sync {
    /// What this sampler would like for the span. The threshold must not depend on the random bits of the
    /// trace: by these [`CompositeSampler`](super::CompositeSampler) decides.
    fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a>;

    /// Which attributes it looks at. By default any, for which a span's attributes have to be known before the
    /// sampler is asked. Where it is none, the sampler is asked first of all, and must not attach a context.
    fn attributes_read(&self) -> AttributesRead {
        AttributesRead::Any
    }

    /// Whether it wants nothing for the child of a local span but what became of the parent, so that it need
    /// not be asked. Default: no.
    fn follows_local_parent(&self) -> bool {
        false
    }

    /// Its name and what it was made of, such as `Probability{0.25}`. By default as `Debug` has it.
    ///
    /// Specification: [GetDescription](https://opentelemetry.io/docs/specs/otel/trace/sdk/#getdescription).
    fn description(&self) -> String {
        format!("{self:?}")
    }
}

macro_rules! pointers {
    ($($ty:ty)*) => {$(
        impl<S: ComposableSampler + ?Sized> ComposableSampler for $ty {
            fn sampling_intent<'a>(&'a self, span: &Candidate<'_>) -> SamplingIntent<'a> {
                (**self).sampling_intent(span)
            }

            fn attributes_read(&self) -> AttributesRead {
                (**self).attributes_read()
            }

            fn follows_local_parent(&self) -> bool {
                (**self).follows_local_parent()
            }

            fn description(&self) -> String {
                (**self).description()
            }
        }
    )*};
}
pointers!(Box<S> Arc<S>);
