//! How is a span context written into W3C Trace Context headers, and read back?

use std::ops::Range;
use std::sync::LazyLock;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
use opentelemetry::{Context, SpanId, TraceFlags, TraceId};

use super::handed_on::hand_on;
use super::hex::{number, push_hex, span_id, trace_id};
use super::tracestate;
use crate::process::inbound::{self, Inbound};

pub(super) const TRACEPARENT: &str = "traceparent";
pub(super) const TRACESTATE: &str = "tracestate";

static FIELDS: LazyLock<[String; 2]> =
    LazyLock::new(|| [TRACEPARENT.to_owned(), TRACESTATE.to_owned()]);

/// The flags that level 2 of the specification defines: sampled and random trace id. All others
/// are read and written as zero.
const KNOWN_FLAGS: TraceFlags = TraceFlags::new(0b11);

/// Propagates the span context in the headers `traceparent` and `tracestate`, as
/// [W3C Trace Context, level 2](https://www.w3.org/TR/trace-context-2/) has it.
///
/// Stricter than `opentelemetry_sdk`'s propagator of the same name, and kinder to the random flag:
///
/// - A `traceparent` that is not exactly as specified is no parent at all: upper case, signs, short
///   ids, an id of zeros, more than one header, anything after the flags of version 00.
/// - Of a later version, the parts that version 00 defines are read.
/// - The random-trace-id flag survives, so that samplers downstream may rely on it.
/// - `tracestate` headers are joined. With a malformed member, or more than 32 of them, the list is
///   dropped and the parent stays. Of more than 512 characters, whole members are dropped: first those
///   longer than 128 characters, then the last ones.
/// - Keys are those of level 2, where at signs may stand anywhere but at the start. A key that
///   [`TraceState`](opentelemetry::trace::TraceState) does not take, such as `foo@@bar`, is passed on
///   with the [`Context`], but is not among the members of its span.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::propagation::TextMapPropagator;
/// use opentelemetry::trace::TraceContextExt;
/// use otel_runtime::context::TraceContextPropagator;
///
/// let headers = HashMap::from([(
///     "traceparent".to_owned(),
///     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
/// )]);
///
/// let context = TraceContextPropagator::default().extract(&headers);
///
/// assert!(context.span().span_context().is_remote());
/// assert_eq!(context.span().span_context().span_id().to_string(), "b7ad6b7169203331");
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct TraceContextPropagator {}

impl TextMapPropagator for TraceContextPropagator {
    /// Writes `traceparent`, and `tracestate` unless it is empty; nothing for an invalid span
    /// context.
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        hand_on(context);
        let span = context.span();
        let span_context = span.span_context();
        if !span_context.is_valid() {
            return;
        }
        injector.set(TRACEPARENT, written(span_context));
        let tracestate = tracestate::header(context, span_context);
        if !tracestate.is_empty() {
            injector.set(TRACESTATE, tracestate);
        }
    }

    /// Returns `context` with the remote span context of the headers; if they have none, `context` as it
    /// is.
    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let Some(Traceparent { trace_id, span_id, flags }) = traceparent(extractor) else {
            return context.clone();
        };
        let of_span = |state| SpanContext::new(trace_id, span_id, flags, true, state);
        let Some(headers) = extractor.get_all(TRACESTATE) else {
            return tracestate::remember(context, trace_id, &[])
                .with_remote_span_context(of_span(TraceState::NONE));
        };
        let members = tracestate::parse(&headers).unwrap_or_default();
        let state = tracestate::state(&members);
        tracestate::remember(context, trace_id, &members).with_remote_span_context(of_span(state))
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

struct Traceparent {
    trace_id: TraceId,
    span_id: SpanId,
    flags: TraceFlags,
}

/// The parent, if there is exactly one header: of two, nobody knows which is right.
fn traceparent(extractor: &dyn Extractor) -> Option<Traceparent> {
    let headers = extractor.get_all(TRACEPARENT)?;
    let parent = match headers[..] {
        [] => return None,
        [header] => parse(header),
        _ => None,
    };
    if parent.is_none() {
        inbound::refuse(Inbound::Parent, inbound::length(&headers));
    }
    parent
}

/// Where the parts of a `traceparent` stand, and how long one of version 00 is.
const TRACE_ID: Range<usize> = 3..35;
const SPAN_ID: Range<usize> = 36..52;
const FLAGS: Range<usize> = 53..55;
const LENGTH: usize = 55;

/// Section 3.2.2: `version "-" trace-id "-" parent-id "-" trace-flags`.
fn parse(header: &str) -> Option<Traceparent> {
    // White space around a value is not part of it. HTTP strips it, other carriers may not.
    let header = header.trim_matches([' ', '\t']).as_bytes();
    let (fields, rest) = header.split_at_checked(LENGTH)?;
    let is_divided = [2, TRACE_ID.end, SPAN_ID.end].iter().all(|at| fields[*at] == b'-');
    let end_is_valid = match number(&fields[..2])? {
        0x00 => rest.is_empty(),
        0xff => false,
        _ => rest.is_empty() || rest.starts_with(b"-"),
    };
    if !is_divided || !end_is_valid {
        return None;
    }
    let (trace_id, span_id) = (trace_id(&fields[TRACE_ID])?, span_id(&fields[SPAN_ID])?);
    let flags = TraceFlags::new(u8::try_from(number(&fields[FLAGS])?).ok()?) & KNOWN_FLAGS;
    Some(Traceparent { trace_id, span_id, flags })
}

/// The `traceparent` of a span, in version 00.
fn written(span: &SpanContext) -> String {
    let mut header = String::with_capacity(LENGTH);
    header.push_str("00-");
    push_hex(&mut header, &span.trace_id().to_bytes());
    header.push('-');
    push_hex(&mut header, &span.span_id().to_bytes());
    header.push('-');
    push_hex(&mut header, &[(span.trace_flags() & KNOWN_FLAGS).to_u8()]);
    header
}

#[cfg(test)]
mod tests;
