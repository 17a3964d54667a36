//! Which context is a sampler asked about, where a caller said more or less than a span context holds?

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceId, TraceState};

use super::settings::without_span;
use crate::context::caller::{self, Sampling};

/// The context that a sampler is asked about in place of `parent`. `None` where it is `parent` itself.
///
/// A caller that left the decision to others is no parent to a sampler, so that every sampler decides as for a
/// trace that begins here. A decision that came without a span is told as that of a remote parent, whose id
/// nobody but the sampler sees.
pub(super) fn asked(parent: &Context, trace_id: TraceId) -> Option<Context> {
    if caller::is_undecided(parent) {
        return Some(without_span(parent));
    }
    let sampling = caller::without_span(parent)?.sampling;
    let told =
        || SpanContext::new(trace_id, SpanId::from(1), sampling.flags(), true, TraceState::NONE);
    (sampling != Sampling::Undecided).then(|| parent.with_remote_span_context(told()))
}
