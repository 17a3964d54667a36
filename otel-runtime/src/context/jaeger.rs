//! How are a span context and baggage written into Jaeger's headers, and read back?

use std::sync::LazyLock;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use percent_encoding::percent_decode_str;

use super::caller::{Caller, Sampling, outgoing};
use super::fields::UBER_TRACE_ID;
use super::handed_on::hand_on;
use super::hex::{number, push_hex, span_id, trace_id};
use super::jaeger_baggage::{self, JAEGER_BAGGAGE};
use super::sole::{header, refuse};

static FIELDS: LazyLock<[String; 2]> =
    LazyLock::new(|| [UBER_TRACE_ID, JAEGER_BAGGAGE].map(str::to_owned));

/// Section "Flags": the bits that mean something to a receiver.
const SAMPLED: u64 = 0b01;
const DEBUG: u64 = 0b10;

/// Propagates the span context in the header `uber-trace-id`, and baggage in headers `uberctx-*`, as
/// [Jaeger's clients](https://www.jaegertracing.io/docs/1.76/architecture/sdk/#propagation-format) had them:
/// `{trace-id}:{span-id}:{parent-span-id}:{flags}`.
///
/// - Zeros in front of an id may be missing, and the whole may be percent-encoded. An id of zeros, other
///   parts than four, more digits than an id has, or a header that stands twice is no parent at all.
/// - The flag debug is sampled, and is written as debug again by every service that the trace goes through.
///   It counts beside the flag sampled only, as specified.
/// - The id of the parent span is checked, not used, and written as zero.
/// - Jaeger's header cannot say that nothing is decided yet: what came in undecided by another format goes
///   out as not sampled until there is a span.
///
/// Baggage is one header for each entry, `uberctx-{key}: {value}`, percent-encoded; in these keys, case is
/// lost on the way, as in all names of headers. The entries are read beside `uber-trace-id`, with which
/// Jaeger's clients send them. Without a span, baggage goes in the header `jaeger-baggage`, as a list
/// `key1=value1, key2=value2`, which is read with or without a span. Both are held to the limits of
/// [`BaggagePropagator`](super::BaggagePropagator). Without any in the carrier, the baggage of the context
/// stays.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::baggage::BaggageExt;
/// use opentelemetry::propagation::TextMapPropagator;
/// use opentelemetry::trace::TraceContextExt;
/// use otel_runtime::context::JaegerPropagator;
///
/// let headers = HashMap::from([
///     ("uber-trace-id".to_owned(), "af7651916cd43dd8448eb211c80319c:b7ad6b7169203331:0:1".to_owned()),
///     ("uberctx-tenant".to_owned(), "a%20b".to_owned()),
/// ]);
///
/// let context = JaegerPropagator::default().extract(&headers);
///
/// let span = context.span().span_context().clone();
/// assert_eq!(span.trace_id().to_string(), "0af7651916cd43dd8448eb211c80319c");
/// assert!(span.is_sampled());
/// assert_eq!(context.baggage().get("tenant").map(ToString::to_string).as_deref(), Some("a b"));
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct JaegerPropagator {}

impl TextMapPropagator for JaegerPropagator {
    /// Writes `uber-trace-id` unless the span context is invalid, and baggage unless there is none.
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        hand_on(context);
        let caller = outgoing(context).filter(|caller| caller.has_span());
        if let Some(caller) = caller {
            injector.set(UBER_TRACE_ID, written(caller));
        }
        jaeger_baggage::inject(context, caller.is_some(), injector);
    }

    /// Returns `context` with the remote span context and the baggage of the headers; what they do not
    /// have stays as it is in `context`.
    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let trace = header(extractor, UBER_TRACE_ID);
        let caller = trace.read(parse);
        if trace.is_there() && caller.is_none() {
            refuse(&[trace]);
        }
        let baggage = jaeger_baggage::extract(context, trace.is_there(), extractor);
        match (caller, baggage) {
            (Some(caller), Some(context)) => caller.put_into(&context),
            (Some(caller), None) => caller.put_into(context),
            (None, Some(context)) => context,
            (None, None) => context.clone(),
        }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

/// The digits of two ids, one that may be as long, flags, and colons.
const LONGEST: usize = 32 + 16 + 16 + 2 + 3;

fn parse(header: &str) -> Option<Caller> {
    if header.len() > 3 * LONGEST {
        return None;
    }
    let mut lower = [0; LONGEST];
    let mut length = header.len();
    if header.bytes().any(|byte| byte == b'%') {
        length = 0;
        for byte in percent_decode_str(header) {
            *lower.get_mut(length)? = byte;
            length += 1;
        }
    } else {
        lower.get_mut(..length)?.copy_from_slice(header.as_bytes());
    }
    let lower = &mut lower[..length];
    lower.make_ascii_lowercase();

    let mut parts = lower.split(|byte| *byte == b':');
    let mut next = || parts.next();
    let (trace, span, parent, flags) = (next()?, next()?, next()?, next()?);
    if next().is_some() || !matches!(parent.len(), 1..=16) || !matches!(flags.len(), 1 | 2) {
        return None;
    }
    number(parent)?;
    let flags = number(flags)?;
    Some(Caller {
        trace_id: trace_id(trace)?,
        span_id: span_id(span)?,
        sampling: match (flags & SAMPLED != 0, flags & DEBUG != 0) {
            (true, true) => Sampling::Debug,
            (true, false) => Sampling::Accepted,
            (false, _) => Sampling::Denied,
        },
    })
}

fn written(caller: Caller) -> String {
    let mut header = String::with_capacity(32 + 16 + 5);
    push_hex(&mut header, &caller.trace_id.to_bytes());
    header.push(':');
    push_hex(&mut header, &caller.span_id.to_bytes());
    header.push_str(match caller.sampling {
        Sampling::Undecided | Sampling::Denied => ":0:0",
        Sampling::Accepted => ":0:1",
        Sampling::Debug => ":0:3",
    });
    header
}

#[cfg(test)]
mod tests;
