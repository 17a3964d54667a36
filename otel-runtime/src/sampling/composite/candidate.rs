//! What may a sampler know of a span that is about to start?

use opentelemetry::trace::{Link, SpanContext, SpanKind, SpanRef, TraceContextExt, TraceState};
use opentelemetry::{Context, KeyValue, TraceId};

use super::super::ot;
use super::super::threshold::{Randomness, Threshold};

/// A span that is about to start, as samplers see it.
#[derive(Debug)]
pub struct Candidate<'a> {
    parent_context: Option<&'a Context>,
    parent: &'a SpanContext,
    pub(super) trace_id: TraceId,
    name: &'a str,
    kind: &'a SpanKind,
    attributes: &'a [KeyValue],
    links: &'a [Link],
    explicit: Option<Randomness>,
    parent_threshold: Option<Threshold>,
}

impl<'a> Candidate<'a> {
    /// The name that the span starts with.
    #[must_use]
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// The kind of the span.
    #[must_use]
    pub fn kind(&self) -> &'a SpanKind {
        self.kind
    }

    /// The attributes that the span starts with; none, if no sampler was said to read any.
    #[must_use]
    pub fn attributes(&self) -> &'a [KeyValue] {
        self.attributes
    }

    /// The links that the span starts with.
    #[must_use]
    pub fn links(&self) -> &'a [Link] {
        self.links
    }

    /// The context that the span starts in.
    #[must_use]
    pub fn parent_context(&self) -> Option<&'a Context> {
        self.parent_context
    }

    /// The parent; `None` where a trace begins.
    #[must_use]
    pub fn parent(&self) -> Option<&'a SpanContext> {
        Some(self.parent).filter(|parent| parent.is_valid())
    }

    /// The threshold that the parent was sampled by. `None` if there is none, and where it contradicts the
    /// parent's sampled flag.
    #[must_use]
    pub fn parent_threshold(&self) -> Option<Threshold> {
        self.parent_threshold
    }

    /// The trace state of the context, also where that has no valid parent: a program may say there with
    /// which random bits a trace begins.
    pub(in crate::sampling) fn trace_state(&self) -> &'a TraceState {
        self.parent.trace_state()
    }

    /// "The randomness value `rv` or the low 56 bits of the trace id."
    #[inline]
    pub(in crate::sampling) fn randomness(&self) -> Randomness {
        self.explicit.unwrap_or_else(|| self.trace_id.into())
    }

    /// Whether nobody has said that the bits that decide are random: the caller may be older than the flag.
    #[inline]
    pub(super) fn presumes_random_id(&self) -> bool {
        self.parent.is_valid()
            && self.explicit.is_none()
            && self.parent.trace_flags().to_u8() & RANDOM == 0
    }

    /// Calls with a candidate of what a sampler was asked about.
    #[inline]
    pub(in crate::sampling) fn with<R>(
        parent_context: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
        ask: impl FnOnce(&Candidate<'_>) -> R,
    ) -> R {
        let span = parent_context.map(TraceContextExt::span);
        let parent = span.as_ref().map_or(&SpanContext::NONE, SpanRef::span_context);
        let told = ot::read(parent.trace_state());
        let mut candidate = Candidate {
            parent_context,
            parent,
            trace_id,
            name,
            kind,
            attributes,
            links,
            explicit: told.randomness,
            parent_threshold: None,
        };
        candidate.parent_threshold = told.threshold.filter(|threshold| {
            parent.is_valid() && threshold.keeps(candidate.randomness()) == parent.is_sampled()
        });
        ask(&candidate)
    }
}

/// "The trace id is random", of W3C Trace Context Level 2.
const RANDOM: u8 = 0b10;
