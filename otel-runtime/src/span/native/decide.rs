//! Is a span recorded?
//!
//! A sampler that looks at neither name nor attributes is asked before they are evaluated: a root that it
//! drops costs an id and a context. Any other sampler is asked once everything is set.

use opentelemetry::trace::{
    Link, SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState,
};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult};

use super::function::Prepared;
use super::local;
use super::open::{Decision, OpenSpan, RANDOM};
use super::place::asked_about;
use super::shared::Native;
use crate::context;
use crate::context::caller::trace_without_span;
use crate::context::values::Values;
use crate::record::attributes::attributes as attributes_of;
use crate::span::asked::asked;
use crate::span::callsite::Description;
use crate::span::settings::Parent;

/// What a sampler says of a span that is recorded.
struct Recorded {
    is_sampled: bool,
    attributes: Vec<KeyValue>,
    trace_state: TraceState,
}

/// What a sampler says, or the trace state that it leaves to what is below a span that it drops.
fn answer(result: SamplingResult) -> Result<Recorded, TraceState> {
    let SamplingResult { decision, attributes, trace_state } = result;
    let is_sampled = match decision {
        SamplingDecision::RecordAndSample => true,
        SamplingDecision::RecordOnly => false,
        SamplingDecision::Drop => return Err(trace_state),
    };
    Ok(Recorded { is_sampled, attributes, trace_state })
}

impl Native {
    /// Asks the sampler about a span under the current `context`, before anything is set. Of a span that
    /// it drops, returns the context of what the call does.
    #[inline(never)]
    pub(super) fn ask_first(
        &'static self,
        description: &'static Description,
        prepared: &'static Prepared,
        context: &Context,
    ) -> Result<Box<OpenSpan>, Context> {
        let span = context.span();
        let above = span.span_context();
        let is_root = !above.is_valid();
        let named = if is_root { trace_without_span(context) } else { Some(above.trace_id()) };
        let (trace_id, span_id) = local::with(|local| {
            local.follow_fork();
            (named.unwrap_or_else(|| local.new_trace_id()), local.new_span_id())
        });
        let about = asked(context, trace_id);
        let result = self.sampler.sampler.should_sample(
            about.as_ref().or_else(|| Some(context).filter(|_| !is_root)),
            trace_id,
            prepared.function(description).name,
            &description.kind,
            &[],
            &[],
        );
        match answer(result) {
            Err(trace_state) => {
                let flags = if named.is_none() { RANDOM } else { above.trace_flags() };
                let dropped = unsampled(trace_id, span_id, flags, trace_state);
                Err(context.with_remote_span_context(dropped))
            }
            Ok(recorded) => {
                let mut span = local::with(|local| {
                    local.begin(self, description, prepared, above, Decision::Open)
                });
                (span.finished.trace_id, span.finished.span_id) = (trace_id, span_id);
                if let Some(trace_id) = named {
                    span.continue_trace(trace_id);
                }
                span.take_answer(recorded);
                if self.baggage.is_some() || Values::scoped(context).is_some() {
                    span.decision = Decision::WithAttributes;
                }
                Ok(span)
            }
        }
    }
}

/// Asks the sampler about a span that hangs where it is to hang, unless it is known to be recorded. If the
/// span is dropped, returns the context of what the call does.
pub(super) fn ask(
    span: &mut OpenSpan,
    description: &'static Description,
    parent: &Parent,
    links: &[Link],
    base: Option<&Context>,
) -> Option<Context> {
    if span.decision != Decision::Open {
        return None;
    }
    let sampler = &span.native.sampler;
    if sampler.follows_local_parent && span.is_under_local_sampled() {
        span.decision = Decision::Recorded;
        return None;
    }
    let of_span: Vec<_> =
        if sampler.reads_attributes { attributes_of(&span.fields).collect() } else { Vec::new() };
    let trace_id = span.finished.trace_id;
    let about = asked_about(parent, base);
    let about = asked(&about, trace_id).unwrap_or(about);
    let result = sampler.sampler.should_sample(
        Some(&about),
        trace_id,
        span.name.as_deref().unwrap_or(span.function_name()),
        &description.kind,
        &of_span,
        links,
    );
    match answer(result) {
        Ok(recorded) => {
            span.take_answer(recorded);
            None
        }
        Err(trace_state) => {
            let flags = span.finished.trace_flags;
            let dropped = unsampled(trace_id, span.finished.span_id, flags, trace_state);
            Some(match base {
                Some(base) => base.with_remote_span_context(dropped),
                None => context::current::current().with_remote_span_context(dropped),
            })
        }
    }
}

impl OpenSpan {
    fn take_answer(&mut self, Recorded { is_sampled, attributes, trace_state }: Recorded) {
        self.finished.trace_flags = self.finished.trace_flags.with_sampled(is_sampled);
        self.set_context(trace_state);
        self.decision = Decision::Recorded;
        if !attributes.is_empty() {
            self.decision = Decision::WithAttributes;
            self.seldom.get_or_insert_default().of_sampler = attributes;
        }
    }
}

/// A span that was dropped, as the parent of what is below it.
fn unsampled(
    trace_id: TraceId,
    span_id: SpanId,
    flags: TraceFlags,
    trace_state: TraceState,
) -> SpanContext {
    SpanContext::new(trace_id, span_id, flags.with_sampled(false), false, trace_state)
}
