//! How is a span context written into B3 headers, single and multiple, and read back?

use std::sync::LazyLock;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::{Context, SpanId, TraceId};

use super::caller::{Caller, Sampling, outgoing};
use super::handed_on::hand_on;
use super::hex::{number, push_hex, span_id, trace_id};
use super::sole::{Header, header, refuse};

const B3: &str = "b3";
const TRACE_ID: &str = "x-b3-traceid";
const SPAN_ID: &str = "x-b3-spanid";
const PARENT_SPAN_ID: &str = "x-b3-parentspanid";
const SAMPLED: &str = "x-b3-sampled";
const FLAGS: &str = "x-b3-flags";

static FIELDS: LazyLock<[String; 6]> =
    LazyLock::new(|| [B3, TRACE_ID, SPAN_ID, PARENT_SPAN_ID, SAMPLED, FLAGS].map(str::to_owned));

/// Propagates the span context in B3 headers, as
/// [openzipkin/b3-propagation](https://github.com/openzipkin/b3-propagation) has them: in the single
/// header `b3`, or in the headers `X-B3-TraceId`, `X-B3-SpanId`, `X-B3-Sampled` and `X-B3-Flags`.
///
/// Both forms are read, as
/// [OpenTelemetry specifies](https://opentelemetry.io/docs/specs/otel/context/api-propagators/#b3-extract),
/// and one is written: [`single`](B3Propagator::single) or [`multi`](B3Propagator::multi).
///
/// - Where both forms are there, the single header counts; the others do if it is malformed or names no
///   span.
/// - An id that is not exactly as specified is no parent at all: upper case, other lengths than 16 and 32
///   digits, an id of zeros, a header that stands twice. A trace id of 16 digits is padded with zeros.
/// - Debug (`d`, or `X-B3-Flags: 1`) is sampled, and is written as debug again by every service that the
///   trace goes through.
/// - Without a sampling state, the caller leaves the decision to this service: under
///   [`init`](crate::init) the sampler decides as for a trace that begins here.
/// - A sampling state alone is a decision for a trace that begins here: `b3: 0` says not to record it.
/// - `X-B3-Sampled` may be `true` or `false`, which some tracers sent before there was a specification.
/// - Of `X-B3-ParentSpanId`, only the form is checked, and it is not written: a receiver's span is a child of
///   the sender's, not the same span.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::propagation::TextMapPropagator;
/// use opentelemetry::trace::TraceContextExt;
/// use otel_runtime::context::B3Propagator;
///
/// let b3 = "80f198ee56343ba864fe8b2a57d3eff7-e457b5a2e4d86bd1-1".to_owned();
/// let headers = HashMap::from([("b3".to_owned(), b3)]);
///
/// let context = B3Propagator::single().extract(&headers);
/// assert!(context.span().span_context().is_sampled());
///
/// let mut outgoing = HashMap::new();
/// B3Propagator::multi().inject_context(&context, &mut outgoing);
/// assert_eq!(outgoing["x-b3-traceid"], "80f198ee56343ba864fe8b2a57d3eff7");
/// assert_eq!(outgoing["x-b3-sampled"], "1");
/// ```
#[derive(Clone, Debug)]
pub struct B3Propagator {
    is_single: bool,
}

impl B3Propagator {
    /// Writes the header `b3`.
    #[must_use]
    pub fn single() -> B3Propagator {
        B3Propagator { is_single: true }
    }

    /// Writes a header for each part.
    #[must_use]
    pub fn multi() -> B3Propagator {
        B3Propagator { is_single: false }
    }
}

impl TextMapPropagator for B3Propagator {
    /// Writes the span context; without a span, at most a decision that came in without one.
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        hand_on(context);
        let Some(caller) = outgoing(context) else { return };
        if self.is_single { write_single(caller, injector) } else { write_multi(caller, injector) }
    }

    /// Returns `context` with the remote span context of the headers; if they have none, `context` as it
    /// is.
    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        match read(extractor) {
            Some(caller) => caller.put_into(context),
            None => context.clone(),
        }
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

fn read(extractor: &dyn Extractor) -> Option<Caller> {
    let single = header(extractor, B3);
    let of_single = single.read(self::single);
    if of_single.is_some_and(Caller::has_span) {
        return of_single;
    }
    let [trace, sampled, flags] = [TRACE_ID, SAMPLED, FLAGS].map(|it| header(extractor, it));
    let has_multi = [trace, sampled, flags].iter().any(|it| it.is_there());
    let mut of_multi = None;
    if has_multi {
        let [span, parent] = [SPAN_ID, PARENT_SPAN_ID].map(|it| header(extractor, it));
        of_multi = multi([trace, span, sampled, flags, parent]);
        if of_multi.is_none() && of_single.is_none() {
            refuse(&[single, trace, span, sampled, flags, parent]);
        }
    } else if of_single.is_none() && single.is_there() {
        refuse(&[single]);
    }
    // A decision alone does not stand in the way of a span.
    of_multi.filter(|it| it.has_span() || of_single.is_none()).or(of_single)
}

/// `b3={TraceId}-{SpanId}-{SamplingState}-{ParentSpanId}`, where the last two may be missing, or the
/// sampling state may be all.
fn single(header: &str) -> Option<Caller> {
    let mut parts = header.as_bytes().split(|byte| *byte == b'-');
    let (first, second) = (parts.next()?, parts.next());
    let Some(second) = second else { return Some(Caller::only(state(first)?)) };
    let sampling = parts.next().map_or(Some(Sampling::Undecided), state)?;
    if !parts.next().is_none_or(is_id) || parts.next().is_some() {
        return None;
    }
    ids(first, second).map(|(trace_id, span_id)| Caller { trace_id, span_id, sampling })
}

fn state(text: &[u8]) -> Option<Sampling> {
    match text {
        b"0" => Some(Sampling::Denied),
        b"1" => Some(Sampling::Accepted),
        b"d" => Some(Sampling::Debug),
        _ => None,
    }
}

fn ids(trace: &[u8], span: &[u8]) -> Option<(TraceId, SpanId)> {
    if !matches!(trace.len(), 16 | 32) || span.len() != 16 {
        return None;
    }
    Some((trace_id(trace)?, span_id(span)?))
}

fn is_id(digits: &[u8]) -> bool {
    digits.len() == 16 && number(digits).is_some()
}

fn multi([trace, span, sampled, flags, parent]: [Header<'_>; 5]) -> Option<Caller> {
    let decided = match sampled {
        Header::None => Sampling::Undecided,
        Header::One("1" | "true") => Sampling::Accepted,
        Header::One("0" | "false") => Sampling::Denied,
        Header::One(_) | Header::Several(_) => return None,
    };
    let sampling = match flags {
        Header::None | Header::One("0") => decided,
        // "Debug implies an accept decision, so don't also send the X-B3-Sampled header."
        Header::One("1") => Sampling::Debug,
        Header::One(_) | Header::Several(_) => return None,
    };
    let parent_is_valid = match parent {
        Header::None => true,
        Header::One(parent) => is_id(parent.as_bytes()),
        Header::Several(_) => false,
    };
    match (trace, span) {
        (Header::One(trace), Header::One(span)) if parent_is_valid => {
            let (trace_id, span_id) = ids(trace.as_bytes(), span.as_bytes())?;
            Some(Caller { trace_id, span_id, sampling })
        }
        (Header::None, Header::None) if sampling != Sampling::Undecided => {
            Some(Caller::only(sampling))
        }
        _ => None,
    }
}

fn write_single(caller: Caller, injector: &mut dyn Injector) {
    let Caller { trace_id, span_id, sampling } = caller;
    let mut header = String::with_capacity(51);
    if caller.has_span() {
        push_hex(&mut header, &trace_id.to_bytes());
        header.push('-');
        push_hex(&mut header, &span_id.to_bytes());
    }
    let state = match sampling {
        Sampling::Undecided => "",
        Sampling::Denied => "0",
        Sampling::Accepted => "1",
        Sampling::Debug => "d",
    };
    if !header.is_empty() && !state.is_empty() {
        header.push('-');
    }
    header.push_str(state);
    if !header.is_empty() {
        injector.set(B3, header);
    }
}

fn write_multi(caller: Caller, injector: &mut dyn Injector) {
    let Caller { trace_id, span_id, sampling } = caller;
    if caller.has_span() {
        let (mut trace, mut span) = (String::with_capacity(32), String::with_capacity(16));
        push_hex(&mut trace, &trace_id.to_bytes());
        push_hex(&mut span, &span_id.to_bytes());
        injector.set(TRACE_ID, trace);
        injector.set(SPAN_ID, span);
    }
    match sampling {
        Sampling::Undecided => {}
        Sampling::Denied => injector.set(SAMPLED, "0".to_owned()),
        Sampling::Accepted => injector.set(SAMPLED, "1".to_owned()),
        Sampling::Debug => injector.set(FLAGS, "1".to_owned()),
    }
}

#[cfg(test)]
mod tests;
