//! Which part of a context is sent to which host?

use std::sync::{LazyLock, OnceLock};

use http::HeaderMap;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use opentelemetry::{Context, global};

use super::carrier::inject_context;
use super::fields::{OF_SPANS, X_AMZN_TRACE_ID};
use super::hosts::Hosts;

const BAGGAGE: &str = "baggage";

/// Which hosts are sent trace context, and which baggage.
///
/// Trace context goes to all hosts by default: a trace that ends before the next service is of no use,
/// and its ids are random and reveal nothing. Baggage goes to [private](Hosts::private) hosts only: it
/// holds what the program put there, such as the id of a customer, which outsiders should not get by
/// default. List further hosts of your own: `baggage_to("private,.example.com".parse()?)`.
///
/// It holds for the clients of this crate for reqwest, tower and tonic, which know where a request goes.
/// [`inject`](super::inject) does not know that, and writes both.
///
/// # Examples
///
/// ```
/// use otel_runtime::context::{Hosts, Outbound, set_outbound};
///
/// let outbound = Outbound::default()
///     .trace_context_to("private,.example.com".parse()?)
///     .baggage_to(Hosts::none());
///
/// // For the whole process.
/// set_outbound(outbound).expect("nobody has said so before");
/// # Ok::<(), otel_runtime::context::HostsError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Outbound {
    trace_context: Hosts,
    baggage: Hosts,
}

impl Default for Outbound {
    fn default() -> Outbound {
        Outbound { trace_context: Hosts::all(), baggage: Hosts::private() }
    }
}

/// What was set for the process.
static OUTBOUND: OnceLock<Outbound> = OnceLock::new();

/// Sets which hosts are sent trace context and baggage by the clients of this crate, except those with a
/// setting of their own. Once in the life of a process.
///
/// `init` does this, if `OTEL_TRACED_TRACE_CONTEXT_TO`, `OTEL_TRACED_BAGGAGE_TO` or `Builder::outbound` say
/// something; with [`adopt`](crate::adopt), which reads no variables, this function is the way.
///
/// # Errors
///
/// Returns `outbound`, if it has been set already.
pub fn set_outbound(outbound: Outbound) -> Result<(), Outbound> {
    OUTBOUND.set(outbound)
}

impl Outbound {
    /// Hosts that are sent `traceparent` and `tracestate`. Default: all.
    #[must_use]
    pub fn trace_context_to(mut self, hosts: Hosts) -> Outbound {
        self.trace_context = hosts;
        self
    }

    /// Hosts that are sent `baggage`. Default: [`Hosts::private`].
    #[must_use]
    pub fn baggage_to(mut self, hosts: Hosts) -> Outbound {
        self.baggage = hosts;
        self
    }

    /// The setting of the whole process.
    pub(crate) fn of_process() -> &'static Outbound {
        static DEFAULT: LazyLock<Outbound> = LazyLock::new(Outbound::default);
        OUTBOUND.get().unwrap_or(&DEFAULT)
    }

    /// The hosts that are sent trace context, and those that are sent baggage.
    #[cfg(feature = "sdk")]
    pub(crate) fn into_lists(self) -> [Hosts; 2] {
        [self.trace_context, self.baggage]
    }

    /// Whether something that may be sent to `first`, a host and a port, must not be sent on to `next`.
    #[cfg(feature = "reqwest")]
    pub(crate) fn leaks(&self, first: (&str, Option<u16>), next: (&str, Option<u16>)) -> bool {
        [&self.trace_context, &self.baggage]
            .iter()
            .any(|hosts| hosts.contains(first.0, first.1) && !hosts.contains(next.0, next.1))
    }

    /// Writes the part of `context` that may go to `to` into the headers, one value for each name. The
    /// other fields are removed, and fields that a signature covers stay as they are.
    ///
    /// `baggage` is removed also if no propagator is installed that would write it: whatever the request has was
    /// copied from another, and this list of hosts would not hold for it.
    pub(crate) fn inject(&self, context: &Context, to: Target<'_>, headers: &mut HeaderMap) {
        let signed = Signed::of(headers, to.query);
        let mut context = context.clone();
        if names_a_trace(&context) && !self.trace_context.contains(to.host, to.port) {
            context = context.with_remote_span_context(SpanContext::NONE);
        }
        if !context.baggage().is_empty() && !self.baggage.contains(to.host, to.port) {
            context = context.with_cleared_baggage();
        }
        let before = signed.any().then(|| headers.clone());
        let had_baggage = headers.contains_key(BAGGAGE);
        inject_context(&context, headers);
        if had_baggage && is_nobodys(BAGGAGE) {
            headers.remove(BAGGAGE);
        }
        if let Some(before) = before {
            signed.restore(&before, headers);
        }
    }
}

/// Whether context is propagated, but not this field.
fn is_nobodys(field: &str) -> bool {
    global::get_text_map_propagator(|propagator| {
        let mut fields = propagator.fields().peekable();
        fields.peek().is_some() && fields.all(|it| it != field)
    })
}

/// Where a request goes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Target<'a> {
    /// Empty if it is not known; then only a list with all hosts contains it.
    pub(crate) host: &'a str,
    /// The port of the URL, or else the default port of its scheme.
    pub(crate) port: Option<u16>,
    pub(crate) query: Option<&'a str>,
}

/// Which fields a signature of the request covers: changing or removing one of them would make the
/// signature invalid.
#[derive(Clone, Copy, Debug, Default)]
struct Signed {
    trace_context: bool,
    baggage: bool,
}

impl Signed {
    /// Looks where signatures list what they cover: AWS and Google (`Authorization: AWS4-HMAC-SHA256 ..,
    /// SignedHeaders=host;traceparent`, or in the query of a URL that was signed), HTTP Message Signatures
    /// (RFC 9421, `Signature-Input`), and what came before them (`Signature: headers="date traceparent"`).
    fn of(headers: &HeaderMap, query: Option<&str>) -> Signed {
        let has = |name: &str| headers.contains_key(name);
        let in_query = query.filter(|query| query.contains("SignedHeaders="));
        if in_query.is_none()
            && !["authorization", "signature", "signature-input"].iter().any(|it| has(it))
        {
            return Signed::default();
        }
        let covers = |field: &str| {
            let lists = ["authorization", "signature", "signature-input"];
            let values = lists.iter().flat_map(|name| headers.get_all(*name));
            values.filter_map(|value| value.to_str().ok()).any(|list| has_word(list, field))
                || in_query.is_some_and(|query| {
                    // The only encoded character in a list of fields is the semicolon, written in upper
                    // or lower case.
                    has_word(&query.replace("%3B", ";").replace("%3b", ";"), field)
                })
        };
        Signed { trace_context: of_trace().any(covers), baggage: covers(BAGGAGE) }
    }

    fn any(self) -> bool {
        self.trace_context || self.baggage
    }

    /// Puts back the fields that are signed. Those of the trace go together, since they describe one span.
    fn restore(self, before: &HeaderMap, headers: &mut HeaderMap) {
        for field in of_trace()
            .filter(|_| self.trace_context)
            .chain([BAGGAGE].into_iter().filter(|_| self.baggage))
        {
            headers.remove(field);
            for value in before.get_all(field) {
                let name = http::HeaderName::from_static(field);
                // A full map returns an error here, where `append` would panic.
                let _ = headers.try_append(name, value.clone());
            }
        }
    }
}

/// The fields that name a span.
fn of_trace() -> impl Iterator<Item = &'static str> {
    OF_SPANS.into_iter().chain([X_AMZN_TRACE_ID])
}

/// Whether anything of a trace would be written in this context.
fn names_a_trace(context: &Context) -> bool {
    #[cfg(feature = "sdk")]
    if super::caller::without_span(context).is_some() {
        return true;
    }
    context.has_active_span()
}

/// Whether `text` has the name of a field in it, as a word of its own.
fn has_word(text: &str, word: &str) -> bool {
    let is_of_word = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    text.split(|c| !is_of_word(c)).any(|part| part.eq_ignore_ascii_case(word))
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use opentelemetry::KeyValue;
    use opentelemetry::trace::{SpanId, TraceFlags, TraceId, TraceState};

    use super::*;

    fn headers(all: &[(&'static str, &'static str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, HeaderValue::from_static(value));
        }
        headers
    }

    fn signed(all: &[(&'static str, &'static str)], query: Option<&str>) -> (bool, bool) {
        let Signed { trace_context, baggage } = Signed::of(&headers(all), query);
        (trace_context, baggage)
    }

    #[test]
    fn what_a_signature_covers_is_found_wherever_signatures_say_so() {
        let aws = "AWS4-HMAC-SHA256 Credential=a/b, SignedHeaders=host;traceparent;x-amz-date, Signature=f0";
        let oci = r#"Signature version="1",headers="date (request-target) Baggage",keyId="a""#;
        let rfc9421 = r#"sig1=("@method" "tracestate");created=1"#;
        let before = r#"keyId="a",headers="date traceparent baggage",signature="a==""#;
        assert_eq!(signed(&[("authorization", aws)], None), (true, false));
        assert_eq!(signed(&[("authorization", oci)], None), (false, true));
        assert_eq!(signed(&[("signature-input", rfc9421)], None), (true, false));
        assert_eq!(signed(&[("signature", before)], None), (true, true));
        for encoded in ["%3B", "%3b", ";"] {
            let query = format!("X-Amz-SignedHeaders=host{encoded}traceparent&X-Amz-Signature=f0");
            assert_eq!(signed(&[], Some(&query)), (true, false), "{encoded}");
        }

        assert_eq!(signed(&[("authorization", "Bearer x-traceparent")], None), (false, false));
        assert_eq!(signed(&[("traceparent", "00"), ("baggage", "a=1")], None), (false, false));
        assert_eq!(signed(&[], Some("q=traceparent")), (false, false));
    }

    #[test]
    fn a_signed_field_stays_as_it_is_with_all_its_lines_or_without_any() {
        let before = headers(&[("tracestate", "a=1"), ("tracestate", "b=2"), ("baggage", "c=3")]);
        let mut after = headers(&[("traceparent", "new"), ("baggage", "d=4")]);

        Signed { trace_context: true, baggage: false }.restore(&before, &mut after);

        assert_eq!(
            after,
            headers(&[("tracestate", "a=1"), ("tracestate", "b=2"), ("baggage", "d=4")])
        );
    }

    #[test]
    fn each_host_is_sent_what_it_may_know() {
        let span = SpanContext::new(
            TraceId::from(1),
            SpanId::from(2),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        );
        let context = Context::new()
            .with_remote_span_context(span)
            .with_baggage([KeyValue::new("tenant", "7")]);
        let outbound =
            Outbound::default().trace_context_to("private,.example.com".parse().expect("hosts"));
        let sees = |host| {
            let may = |hosts: &Hosts| hosts.contains(host, Some(443));
            (may(&outbound.trace_context), may(&outbound.baggage))
        };

        assert_eq!(sees("localhost"), (true, true));
        assert_eq!(sees("api.example.com"), (true, false));
        assert_eq!(sees("other.example"), (false, false));
        let mut stale = headers(&[("host", "a")]);
        outbound.inject(&context, Target { host: "", port: None, query: None }, &mut stale);
        assert_eq!(stale, headers(&[("host", "a")]), "no propagator is installed here");
    }
}
