//! Is a span recorded?
//!
//! A sampler that looks at neither name nor attributes is asked before they are evaluated: a root that it
//! drops costs an id and a context. Any other sampler is asked once everything is set. Before both comes the
//! `sample` of the function, which is about roots only.

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
use crate::record::Finished;
use crate::record::attributes::attributes as attributes_of;
use crate::span::asked::asked;
use crate::span::callsite::Description;
use crate::span::recorded_only::begins;
use crate::span::settings::Parent;

/// What a sampler says of a span that is recorded.
struct Recorded {
    is_sampled: bool,
    attributes: Vec<KeyValue>,
    trace_state: TraceState,
}

impl Native {
    /// What a sampler says that was asked about `about`, or the trace state that it leaves to what is below a span
    /// that it drops.
    fn answer(
        &self,
        result: SamplingResult,
        about: Option<&Context>,
    ) -> Result<Recorded, TraceState> {
        let SamplingResult { decision, attributes, trace_state } = result;
        let is_sampled = match self.recorded_only.instead(decision, about) {
            SamplingDecision::RecordAndSample => true,
            SamplingDecision::RecordOnly => false,
            SamplingDecision::Drop => return Err(trace_state),
        };
        Ok(Recorded { is_sampled, attributes, trace_state })
    }

    /// What becomes of a root that is left out for the `sample` of its function.
    fn beyond_share(&self) -> Result<Recorded, TraceState> {
        let dropped = SamplingResult {
            decision: SamplingDecision::Drop,
            attributes: Vec::new(),
            trace_state: TraceState::NONE,
        };
        self.answer(dropped, None)
    }
}

impl Native {
    /// Begins a span under the current `context` about which the sampler is asked before anything is set.
    #[cold]
    #[inline(never)]
    pub(super) fn ask_first(
        &'static self,
        description: &'static Description,
        prepared: &'static Prepared,
        context: &Context,
    ) -> Box<OpenSpan> {
        let span = context.span();
        let above = span.span_context();
        let is_root = !above.is_valid();
        let named = if is_root { trace_without_span(context) } else { Some(above.trace_id()) };
        let (trace_id, span_id) = local::with(|local| {
            local.follow_fork();
            (named.unwrap_or_else(|| local.new_trace_id()), local.new_span_id())
        });
        let about = asked(context, trace_id);
        let about = about.as_ref().or_else(|| Some(context).filter(|_| !is_root));
        let answered = if begins(about) && self.is_beyond_share(description, trace_id) {
            self.beyond_share().map(Some)
        } else if self.is_asked_first() {
            let name = prepared.known(description, self.fold).function.name;
            let kind = &description.kind;
            let sampler = &self.sampler.sampler;
            let result = sampler.should_sample(about, trace_id, name, kind, &[], &[]);
            self.answer(result, about).map(Some)
        } else {
            Ok(None)
        };
        match answered {
            Err(trace_state) => {
                let flags = if named.is_none() { RANDOM } else { above.trace_flags() };
                let dropped = unsampled(trace_id, span_id, flags, trace_state);
                let context = context.with_remote_span_context(dropped);
                let mut span = self.dropped_call(description, prepared);
                span.drop_in(context);
                span
            }
            Ok(recorded) => {
                let mut span = local::with(|local| {
                    local.begin(self, description, prepared, above, Decision::Open)
                });
                (span.finished.trace_id, span.finished.span_id) = (trace_id, span_id);
                if let Some(trace_id) = named {
                    span.continue_trace(trace_id);
                }
                match recorded {
                    Some(recorded) => {
                        span.take_answer(description, recorded);
                        if self.baggage.is_some() || Values::scoped(context).is_some() {
                            span.decision = Decision::WithAttributes;
                        }
                    }
                    None => span.set_context(above.trace_state().clone()),
                }
                span
            }
        }
    }
}

impl Native {
    /// The record of a call whose span is dropped before anything is set.
    fn dropped_call(
        &'static self,
        description: &'static Description,
        prepared: &'static Prepared,
    ) -> Box<OpenSpan> {
        local::with(|local| {
            #[cfg(feature = "metrics")]
            if self.counts_calls_of(description) {
                return local.call(self, description, prepared);
            }
            local.spare(self, description, prepared)
        })
    }
}

/// The context of what a call does whose span is dropped.
fn dropped(span: &OpenSpan, base: Option<&Context>, trace_state: TraceState) -> Context {
    let Finished { trace_id, span_id, trace_flags, .. } = span.finished;
    let dropped = unsampled(trace_id, span_id, trace_flags, trace_state);
    match base {
        Some(base) => base.with_remote_span_context(dropped),
        None => context::current::current().with_remote_span_context(dropped),
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
    ask_of(span, description, parent, links, base, true)
}

/// As `ask`, where only the `sample` of the function is known to be asked about by now.
pub(super) fn ask_share(
    span: &mut OpenSpan,
    description: &'static Description,
    parent: &Parent,
    base: Option<&Context>,
) -> Option<Context> {
    ask_of(span, description, parent, &[], base, false)
}

fn ask_of(
    span: &mut OpenSpan,
    description: &'static Description,
    parent: &Parent,
    links: &[Link],
    base: Option<&Context>,
    of_all: bool,
) -> Option<Context> {
    if matches!(span.decision, Decision::Recorded | Decision::WithAttributes) {
        return None;
    }
    let sampler = &span.native.sampler;
    if sampler.follows_local_parent && span.is_under_local_sampled() {
        span.decision = Decision::Recorded;
        return None;
    }
    let trace_id = span.finished.trace_id;
    let about = asked_about(parent, base);
    let about = asked(&about, trace_id).unwrap_or(about);
    if begins(Some(&about)) && span.native.is_beyond_share(description, trace_id) {
        return match span.native.beyond_share() {
            Ok(recorded) => {
                span.take_answer(description, recorded);
                None
            }
            Err(trace_state) => Some(dropped(span, base, trace_state)),
        };
    }
    if !of_all {
        return None;
    }
    let of_span: Vec<_> =
        if sampler.reads_attributes { attributes_of(&span.fields).collect() } else { Vec::new() };
    let result = sampler.sampler.should_sample(
        Some(&about),
        trace_id,
        span.name.as_deref().unwrap_or(span.function_name()),
        &description.kind,
        &of_span,
        links,
    );
    match span.native.answer(result, Some(&about)) {
        Ok(recorded) => {
            span.take_answer(description, recorded);
            None
        }
        Err(trace_state) => Some(dropped(span, base, trace_state)),
    }
}

impl OpenSpan {
    pub(super) fn drop_in(&mut self, context: Context) {
        self.decision = Decision::Dropped;
        self.dropped = Some(context);
    }

    fn take_answer(&mut self, description: &Description, recorded: Recorded) {
        let Recorded { is_sampled, attributes, mut trace_state } = recorded;
        self.finished.trace_flags = self.finished.trace_flags.with_sampled(is_sampled);
        let is_chosen = is_sampled || self.native.recorded_only.is_of_all_traces();
        if is_chosen && self.finished.parent_span_id == SpanId::INVALID {
            trace_state = self.native.counted(description, trace_state);
        }
        self.set_context(trace_state);
        self.decision = Decision::Recorded;
        if self.is_recorded_only() {
            // Its context is to say so.
            self.decision = Decision::WithAttributes;
        }
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
