//! How is a span context written into W3C Trace Context headers, and read back?

use std::sync::LazyLock;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry::{Context, SpanId, TraceFlags, TraceId};

use super::handed_on::hand_on;
use super::tracestate;

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
/// - Of a later version what this one defines is read.
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
        let traceparent = format!(
            "00-{}-{}-{:02x}",
            span_context.trace_id(),
            span_context.span_id(),
            span_context.trace_flags() & KNOWN_FLAGS,
        );
        injector.set(TRACEPARENT, traceparent);
        let tracestate = tracestate::header(context, span_context);
        if !tracestate.is_empty() {
            injector.set(TRACESTATE, tracestate);
        }
    }

    /// Returns `context` with the remote span context that the headers tell of, or as it is if they
    /// tell of none.
    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let Some(Traceparent { trace_id, span_id, flags }) = traceparent(extractor) else {
            return context.clone();
        };
        let headers = extractor.get_all(TRACESTATE).unwrap_or_default();
        let members = tracestate::parse(&headers).unwrap_or_default();
        let state = tracestate::state(&members);
        tracestate::remember(context, trace_id, &members)
            .with_remote_span_context(SpanContext::new(trace_id, span_id, flags, true, state))
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

/// The one that there is: of two, nobody knows which is right.
fn traceparent(extractor: &dyn Extractor) -> Option<Traceparent> {
    match extractor.get_all(TRACEPARENT)?[..] {
        [header] => parse(header),
        _ => None,
    }
}

/// Section 3.2.2: `version "-" trace-id "-" parent-id "-" trace-flags`.
fn parse(header: &str) -> Option<Traceparent> {
    // White space around a header's value is not part of it; not every carrier is HTTP's.
    let header = header.trim_matches([' ', '\t']);
    let (version, rest) = field(header, 2)?;
    let (trace_id, rest) = field(rest.strip_prefix('-')?, 32)?;
    let (span_id, rest) = field(rest.strip_prefix('-')?, 16)?;
    let (flags, rest) = field(rest.strip_prefix('-')?, 2)?;
    let (version, flags) = (hex_byte(version)?, hex_byte(flags)?);

    let end_is_valid = match version {
        0x00 => rest.is_empty(),
        0xff => false,
        _ => rest.is_empty() || rest.starts_with('-'),
    };
    let trace_id = TraceId::from_hex(trace_id).ok()?;
    let span_id = SpanId::from_hex(span_id).ok()?;
    if !end_is_valid || trace_id == TraceId::INVALID || span_id == SpanId::INVALID {
        return None;
    }
    Some(Traceparent { trace_id, span_id, flags: TraceFlags::new(flags) & KNOWN_FLAGS })
}

/// `length` lower-case hexadecimal digits, and what follows.
fn field(text: &str, length: usize) -> Option<(&str, &str)> {
    let (digits, rest) = text.split_at_checked(length)?;
    let is_hex = digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hex.then_some((digits, rest))
}

fn hex_byte(digits: &str) -> Option<u8> {
    u8::from_str_radix(digits, 16).ok()
}

#[cfg(test)]
mod tests;
