//! What do all spans of the recorder share?

use std::fmt;
use std::num::NonZeroU32;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanRef, TraceId, TraceState};

use super::function::PLACE;
use crate::context::baggage_keys::BaggageKeys;
use crate::export::pipeline::PipelineHandle;
#[cfg(feature = "metrics")]
use crate::metrics::counts::Counts;
use crate::record::Limits;
use crate::sampling::{HeadSampler, Ratio};
use crate::span::callsite::Description;
use crate::span::recorded_only::RecordedOnly;

/// The recorder that `init` installs.
pub(crate) struct Native {
    pub(super) sampler: HeadSampler,
    /// The entries of baggage that become attributes.
    pub(super) baggage: Option<BaggageKeys>,
    /// Of the children of one span, those after so many of one function are folded into one.
    pub(super) fold: Option<NonZeroU32>,
    /// A child of a local sampled parent is recorded, and baggage becomes no attributes.
    simply_follows: bool,
    pub(super) limits: Limits,
    /// Whether the limits may apply to the `code.*` attributes that every span has.
    pub(super) limits_place: bool,
    /// How the share of a function with `sample` is chosen; `None` means that no trace is left out for it.
    pub(super) shares: Option<Ratio>,
    /// `None` if spans go nowhere.
    pub(super) pipeline: Option<PipelineHandle>,
    pub(super) recorded_only: RecordedOnly,
    /// `None` if calls are not counted.
    #[cfg(feature = "metrics")]
    pub(super) counts: Option<Counts>,
}

impl Native {
    pub(crate) fn new(
        sampler: HeadSampler,
        shares: Option<Ratio>,
        baggage: Option<BaggageKeys>,
        fold: Option<NonZeroU32>,
        limits: Limits,
        pipeline: Option<PipelineHandle>,
    ) -> Self {
        let limits_place = limits.attributes_per_span < PLACE || limits.value_length.is_some();
        let simply_follows = sampler.follows_local_parent && baggage.is_none();
        let recorded_only = RecordedOnly::of(pipeline.as_ref());
        Native {
            sampler,
            baggage,
            fold,
            simply_follows,
            limits,
            limits_place,
            shares,
            pipeline,
            recorded_only,
            #[cfg(feature = "metrics")]
            counts: None,
        }
    }

    /// Counts every call.
    #[cfg(feature = "metrics")]
    pub(crate) fn counting(self, counts: Option<Counts>) -> Self {
        Native { counts, ..self }
    }

    /// Whether children of this span are neither sampled nor recorded, as it is itself.
    #[inline]
    pub(super) fn follows_unrecorded(&self, span: &SpanRef<'_>) -> bool {
        self.follows_unsampled(span.span_context()) && !span.is_recording()
    }

    /// Whether no child of this span is sampled: the span is local and unsampled, and the sampler follows
    /// local parents. If the span is recorded all the same, a child may have to be, too.
    #[inline]
    pub(super) fn follows_unsampled(&self, above: &SpanContext) -> bool {
        // `is_recording` is no help here: it is false for a span that has ended, whose children may still
        // be recorded.
        !above.is_sampled()
            && self.sampler.follows_local_parent
            && above.is_valid()
            && !above.is_remote()
    }

    /// Whether a span that begins in `context`, below a span of this process that is not sampled, is recorded all
    /// the same, without a question to the sampler.
    #[inline]
    pub(super) fn follows_recorded(&self, context: &Context) -> bool {
        self.recorded_only.is_taken() && self.is_recorded_below(context)
    }

    /// Kept out of line, so that a program without a tail or a flight recorder pays for one look.
    #[cold]
    #[inline(never)]
    fn is_recorded_below(&self, context: &Context) -> bool {
        self.recorded_only.is_below(context) && self.sampler.follows_local_parent
    }

    /// Whether the sampler is asked before name, links and attributes are evaluated.
    #[inline]
    pub(super) fn is_asked_first(&self) -> bool {
        !self.sampler.reads_attributes
    }

    /// Whether a root is left out for the `sample` of its function, whatever the sampler says.
    #[inline]
    pub(super) fn is_beyond_share(&self, description: &Description, trace: TraceId) -> bool {
        description.share < 1.0
            && self.shares.is_some_and(|shares| !shares.keeps(trace, description.share))
    }

    /// The trace state of a sampled root, once the `sample` of its function has left others out.
    pub(super) fn counted(&self, description: &Description, state: TraceState) -> TraceState {
        match self.shares {
            Some(shares) if description.share < 1.0 => {
                shares.counted(state, description.share, self.sampler.takes_all())
            }
            _ => state,
        }
    }

    /// Whether the sampler need not be asked about a child of this one, which baggage gives no attributes.
    #[inline]
    pub(super) fn simply_follows(&self, above: &SpanContext) -> bool {
        self.simply_follows && is_local_sampled(above)
    }

    /// Whether the sampler need not be asked about a child of this one.
    #[inline]
    pub(super) fn follows(&self, above: &SpanContext) -> bool {
        self.sampler.follows_local_parent && is_local_sampled(above)
    }
}

#[inline]
fn is_local_sampled(above: &SpanContext) -> bool {
    above.is_sampled() && !above.is_remote() && above.is_valid()
}

impl fmt::Debug for Native {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Native").field("limits", &self.limits).finish_non_exhaustive()
    }
}
