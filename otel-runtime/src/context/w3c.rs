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
mod tests {
    use std::collections::HashMap;

    use opentelemetry::trace::TraceState;

    use super::*;

    const TRACE: &str = "0af7651916cd43dd8448eb211c80319c";
    const SPAN: &str = "b7ad6b7169203331";

    /// Headers as they came, several of one name included.
    struct Headers<'a>(&'a [(&'a str, &'a str)]);

    impl Extractor for Headers<'_> {
        fn get(&self, key: &str) -> Option<&str> {
            self.0.iter().find(|(name, _)| *name == key).map(|(_, value)| *value)
        }

        fn keys(&self) -> Vec<&str> {
            self.0.iter().map(|(name, _)| *name).collect()
        }

        fn get_all(&self, key: &str) -> Option<Vec<&str>> {
            let all: Vec<_> =
                self.0.iter().filter(|(name, _)| *name == key).map(|(_, value)| *value).collect();
            (!all.is_empty()).then_some(all)
        }
    }

    fn extract(headers: &[(&str, &str)]) -> Option<SpanContext> {
        let context = TraceContextPropagator::default()
            .extract_with_context(&Context::new(), &Headers(headers));
        context.has_active_span().then(|| context.span().span_context().clone())
    }

    #[test]
    fn a_valid_traceparent_is_the_remote_parent() {
        let table = [
            (format!("00-{TRACE}-{SPAN}-00"), 0),
            (format!("00-{TRACE}-{SPAN}-01"), 1),
            (format!("00-{TRACE}-{SPAN}-03"), 3),
            (format!("00-{TRACE}-{SPAN}-ff"), 3),
            (format!("cc-{TRACE}-{SPAN}-01"), 1),
            (format!("cc-{TRACE}-{SPAN}-01-"), 1),
            (format!("fe-{TRACE}-{SPAN}-02-what-the-future-will-be-like"), 2),
            (format!(" \t00-{TRACE}-{SPAN}-01\t "), 1),
        ];
        for (traceparent, flags) in table {
            let expected = SpanContext::new(
                TraceId::from_hex(TRACE).expect("hex"),
                SpanId::from_hex(SPAN).expect("hex"),
                TraceFlags::new(flags),
                true,
                TraceState::NONE,
            );
            assert_eq!(extract(&[(TRACEPARENT, &traceparent)]), Some(expected), "{traceparent}");
        }
    }

    #[test]
    fn a_malformed_traceparent_is_no_parent() {
        let table = [
            // the whole
            String::new(),
            "-".to_owned(),
            "---".to_owned(),
            format!("00-{TRACE}-{SPAN}"),
            format!("00-{TRACE}-{SPAN}-"),
            format!("00{TRACE}{SPAN}01"),
            format!("00_{TRACE}_{SPAN}_01"),
            format!("00-{TRACE}-{SPAN}-01, 00-{TRACE}-{SPAN}-01"),
            format!("00 -{TRACE}-{SPAN}-01"),
            format!("00-{TRACE}-{SPAN}-01\n"),
            "é0-".to_owned(),
            "\u{fffd}".to_owned(),
            // version
            format!("ff-{TRACE}-{SPAN}-01"),
            format!("0-{TRACE}-{SPAN}-01"),
            format!("000-{TRACE}-{SPAN}-01"),
            format!("+0-{TRACE}-{SPAN}-01"),
            format!(".0-{TRACE}-{SPAN}-01"),
            format!("0X-{TRACE}-{SPAN}-01"),
            format!("CC-{TRACE}-{SPAN}-01"),
            // what follows the flags
            format!("00-{TRACE}-{SPAN}-01-"),
            format!("00-{TRACE}-{SPAN}-01-what-the-future-will-be-like"),
            format!("00-{TRACE}-{SPAN}-01."),
            format!("cc-{TRACE}-{SPAN}-01.what-the-future-will-not-be-like"),
            format!("cc-{TRACE}-{SPAN}-012"),
            // trace id
            format!("00-{}-{SPAN}-01", "0".repeat(32)),
            format!("00-{}-{SPAN}-01", TRACE.to_uppercase()),
            format!("00-{}-{SPAN}-01", &TRACE[1..]),
            format!("00-{TRACE}0-{SPAN}-01"),
            format!("00-.{}-{SPAN}-01", &TRACE[1..]),
            format!("00-+{}-{SPAN}-01", &TRACE[1..]),
            format!("00-é{}-{SPAN}-01", &TRACE[2..]),
            // span id
            format!("00-{TRACE}-{}-01", "0".repeat(16)),
            format!("00-{TRACE}-{}-01", SPAN.to_uppercase()),
            format!("00-{TRACE}-{}-01", &SPAN[1..]),
            format!("00-{TRACE}-{SPAN}0-01"),
            format!("00-{TRACE}-+{}-01", &SPAN[1..]),
            // flags
            format!("00-{TRACE}-{SPAN}-1"),
            format!("00-{TRACE}-{SPAN}-+1"),
            format!("00-{TRACE}-{SPAN}-.0"),
            format!("00-{TRACE}-{SPAN}-0X"),
            format!("00-{TRACE}-{SPAN}-FF"),
        ];
        for traceparent in table {
            let headers = [(TRACEPARENT, traceparent.as_str()), (TRACESTATE, "foo=1")];
            assert_eq!(extract(&headers), None, "{traceparent:?}");
        }
    }

    #[test]
    fn no_or_two_traceparents_are_no_parent() {
        let traceparent = format!("00-{TRACE}-{SPAN}-01");

        assert_eq!(extract(&[]), None);
        assert_eq!(extract(&[(TRACESTATE, "foo=1")]), None);
        assert_eq!(extract(&[(TRACEPARENT, &traceparent), (TRACEPARENT, &traceparent)]), None);
    }

    #[test]
    fn a_malformed_traceparent_leaves_the_context_alone() {
        struct Tenant;
        let context = TraceContextPropagator::default().extract_with_context(
            &Context::new().with_value(Tenant),
            &Headers(&[(TRACEPARENT, "nonsense")]),
        );

        assert!(context.get::<Tenant>().is_some());
        assert!(!context.has_active_span());
    }

    #[test]
    fn several_tracestates_are_joined_and_a_bad_one_is_dropped() {
        let traceparent = format!("00-{TRACE}-{SPAN}-01");
        let tracestate = |headers: &[&str]| {
            let mut all = vec![(TRACEPARENT, traceparent.as_str())];
            all.extend(headers.iter().map(|value| (TRACESTATE, *value)));
            extract(&all).expect("the parent stays").trace_state().header()
        };

        assert_eq!(tracestate(&["foo=1,bar=2", "", "rojo=3"]), "foo=1,bar=2,rojo=3");
        assert_eq!(tracestate(&["foo=1", "no list member"]), "");
    }

    #[test]
    fn what_was_injected_is_extracted() {
        let state = TraceState::from_key_value([("foo", "1"), ("bar", "2")]).expect("valid");
        for (flags, state) in [(0, TraceState::NONE), (1, state.clone()), (3, state)] {
            let given = SpanContext::new(
                TraceId::from(0xabc),
                SpanId::from(0xdef),
                TraceFlags::new(flags),
                true,
                state,
            );
            let propagator = TraceContextPropagator::default();
            let mut carrier = HashMap::new();

            propagator.inject_context(
                &Context::new().with_remote_span_context(given.clone()),
                &mut carrier,
            );

            assert_eq!(carrier.contains_key(TRACESTATE), given.trace_state() != &TraceState::NONE);
            let context = propagator.extract_with_context(&Context::new(), &carrier);
            assert_eq!(context.span().span_context(), &given);
        }
    }

    #[test]
    fn keys_that_the_api_refuses_go_through_a_service_in_their_place() {
        let propagator = TraceContextPropagator::default();
        let traceparent = format!("00-{TRACE}-{SPAN}-02");
        let headers = [(TRACEPARENT, traceparent.as_str()), (TRACESTATE, "foo@@bar=1,bar=2")];
        let context = propagator.extract_with_context(&Context::new(), &Headers(&headers));
        let mut carrier = HashMap::new();

        let above = context.span().span_context().clone();
        let span = SpanContext::new(
            above.trace_id(),
            SpanId::from(7),
            above.trace_flags(),
            false,
            above.trace_state().clone(),
        );
        propagator.inject_context(&context.with_remote_span_context(span), &mut carrier);

        assert_eq!(carrier[TRACESTATE], "foo@@bar=1,bar=2");
        assert_eq!(carrier[TRACEPARENT], format!("00-{TRACE}-{:016x}-02", 7));
    }

    #[test]
    fn unknown_flags_are_not_passed_on_and_no_span_injects_nothing() {
        let span_context = SpanContext::new(
            TraceId::from(1),
            SpanId::from(2),
            TraceFlags::new(0xff),
            false,
            TraceState::NONE,
        );
        let mut carrier = HashMap::new();

        TraceContextPropagator::default().inject_context(&Context::new(), &mut carrier);
        assert!(carrier.is_empty());

        let context = Context::new().with_remote_span_context(span_context);
        TraceContextPropagator::default().inject_context(&context, &mut carrier);
        assert_eq!(carrier[TRACEPARENT], format!("00-{:032x}-{:016x}-03", 1, 2));
    }

    #[test]
    fn its_fields_are_the_two_headers() {
        let propagator = TraceContextPropagator::default();
        assert_eq!(propagator.fields().collect::<Vec<_>>(), [TRACEPARENT, TRACESTATE]);
    }
}
