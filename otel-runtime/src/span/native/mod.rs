//! How are spans made that cost next to nothing?
//!
//! A span is one record, kept in the context as any other span is, and reused after it has ended. Its
//! attributes and events are written right away as they are going to be sent; when it ends, they are
//! copied into the buffer of its thread.

mod attributes;
mod clock;
mod function;
mod local;
mod open;
mod recorded;
mod seldom;
mod shared;
#[cfg(test)]
mod tests;

use opentelemetry::Context;
#[cfg(feature = "tower")]
use opentelemetry::KeyValue;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult};

pub(crate) use function::Prepared;
pub(crate) use local::{Ids, new_trace_id};
pub(crate) use recorded::NOW;
pub(crate) use shared::Native;

use crate::context;
use crate::context::handed_on::{hand_on, hand_on_span};
use crate::record::Finished;
use crate::record::attributes::attributes as attributes_of;
use crate::span::callsite::Description;
use crate::span::settings::{Parent, Settings, has_invalid_span, without_span};
use crate::span::value::Value;
use open::OpenSpan;
use recorded::Recorded;

/// A span that is about to start, with its record. `None` once it has started.
pub(crate) struct NativeStart(Option<Box<OpenSpan>>);

impl Native {
    /// `None` where nobody could ever see the span.
    #[inline]
    pub(crate) fn begin(
        &'static self,
        description: &'static Description,
        prepared: &'static Prepared,
    ) -> Option<NativeStart> {
        context::current::map(|context| {
            if context.is_telemetry_suppressed() {
                return None;
            }
            let above = context.span();
            // A callsite with `parent` or `root` sets the parent later.
            if !description.hangs_elsewhere {
                if self.follows_unrecorded(&above) {
                    return None;
                }
                hand_on(context);
            }
            let above = above.span_context();
            let follows = self.follows(above);
            let span =
                local::with(|local| local.begin(self, description, prepared, above, follows));
            Some(NativeStart(Some(span)))
        })?
    }
}

impl NativeStart {
    pub(crate) fn set(&mut self, key: &'static str, value: Value<'_>) {
        if let Some(span) = &mut self.0 {
            span.set(key, value);
        }
    }

    #[cfg(feature = "tower")]
    pub(crate) fn add(&mut self, attribute: &KeyValue) {
        if let Some(span) = &mut self.0 {
            span.set_late(attribute);
        }
    }

    #[inline]
    pub(crate) fn set_str(&mut self, key: &'static str, value: &str) {
        if let Some(span) = &mut self.0 {
            span.set_str(key, value);
        }
    }

    #[inline]
    pub(crate) fn set_i64(&mut self, key: &'static str, value: i64) {
        if let Some(span) = &mut self.0 {
            span.set_i64(key, value);
        }
    }

    /// Keeps the context that is current now: the span may start where another one is.
    pub(crate) fn stay(&mut self) {
        if let Some(span) = &mut self.0 {
            span.base = context::current::get().map(Box::new);
        }
    }

    /// Whether a span under this parent could be seen by anybody.
    pub(crate) fn is_wanted(&self, parent: &Parent) -> bool {
        let Some(span) = &self.0 else { return true };
        match parent {
            Parent::Context(context) => !span.native.follows_unrecorded(&context.span()),
            Parent::Span(above) => !span.native.follows_unsampled(above),
            Parent::Current | Parent::Root => true,
        }
    }

    /// Starts the span; returns the context that it is in.
    #[inline]
    pub(crate) fn start(
        &mut self,
        description: &'static Description,
        settings: Option<Box<Settings>>,
    ) -> Context {
        let Some(mut span) = self.0.take() else { return context::current::current() };
        if span.follows && settings.is_none() && span.base.is_none() {
            span.start();
            enter(span, None)
        } else {
            start_anywhere(span, description, settings.map_or_else(Settings::default, |it| *it))
        }
    }
}

/// Starts a span that has settings, or whose parent is not simply the current span.
#[cold]
#[inline(never)]
fn start_anywhere(
    mut span: Box<OpenSpan>,
    description: &'static Description,
    settings: Settings,
) -> Context {
    let native = span.native;
    let Settings { name, parent, links } = settings;
    let stayed = span.base.take();
    if stayed.is_some() {
        span.begins(local::with(|local| local.clock.now()));
    }
    let base = match &parent {
        Parent::Current => stayed.as_deref(),
        Parent::Context(context) => {
            hand_on(context);
            hang(&mut span, context.span().span_context());
            Some(context)
        }
        Parent::Span(above) => {
            match stayed.as_deref() {
                Some(context) => hand_on_span(context, above),
                None => drop(context::current::map(|context| hand_on_span(context, above))),
            }
            hang(&mut span, above);
            stayed.as_deref()
        }
        Parent::Root => {
            hang(&mut span, &SpanContext::NONE);
            stayed.as_deref()
        }
    };
    for link in &links {
        span.link_to(&link.span_context, &link.attributes);
    }
    if let Some(name) = &name {
        span.rename(name.clone());
    }
    if native.sampler.follows_local_parent && span.is_under_local_sampled() {
        span.start();
        return enter(span, base);
    }
    let Finished { trace_id, span_id, trace_flags, .. } = span.finished;
    let of_span: Vec<_> = if native.sampler.reads_attributes {
        attributes_of(&span.fields).collect()
    } else {
        Vec::new()
    };
    let SamplingResult { decision, attributes, trace_state } =
        native.sampler.sampler.should_sample(
            Some(&asked_about(&parent, base)),
            trace_id,
            name.as_deref().unwrap_or(span.function_name()),
            &description.kind,
            &of_span,
            &links,
        );
    for attribute in &attributes {
        span.set_late(attribute);
    }
    let sampled = match decision {
        SamplingDecision::RecordAndSample => true,
        SamplingDecision::RecordOnly => false,
        SamplingDecision::Drop => {
            let unsampled = trace_flags.with_sampled(false);
            let context = SpanContext::new(trace_id, span_id, unsampled, false, trace_state);
            local::with(|local| local.give_back(span));
            return match base {
                Some(base) => base.with_remote_span_context(context),
                None => context::current::current().with_remote_span_context(context),
            };
        }
    };
    span.finished.trace_flags = trace_flags.with_sampled(sampled);
    span.set_context(trace_state);
    span.start();
    enter(span, base)
}

fn hang(span: &mut OpenSpan, above: &SpanContext) {
    local::with(|local| span.hang(above, || local.new_trace_id()));
}

/// The context of a span that has started: `base`, or by default the current one, with the span in it.
#[inline]
fn enter(span: Box<OpenSpan>, base: Option<&Context>) -> Context {
    let mark = span.mark.clone();
    let span = Recorded(Some(span));
    let mut context = Context::new();
    match base {
        Some(base) => context = base.with_span(span),
        None => drop(context::current::map(|current| context = current.with_span(span))),
    }
    match mark {
        Some(mark) => context.with_value(mark),
        None => context,
    }
}

/// The context that a sampler is asked about.
fn asked_about(parent: &Parent, base: Option<&Context>) -> Context {
    let base = base.cloned().unwrap_or_else(context::current::current);
    match parent {
        Parent::Current | Parent::Context(_) if has_invalid_span(&base) => without_span(&base),
        Parent::Current | Parent::Context(_) => base,
        Parent::Span(span) if span.is_valid() => base.with_remote_span_context(span.clone()),
        Parent::Span(_) | Parent::Root => without_span(&base),
    }
}
