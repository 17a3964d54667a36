//! Which headers name a span, in any format?

pub(super) const UBER_TRACE_ID: &str = "uber-trace-id";
pub(super) const X_AMZN_TRACE_ID: &str = "x-amzn-trace-id";
/// What the names of headers begin with that hold an entry of the baggage each, in Jaeger's format.
pub(super) const UBER_CTX: &str = "uberctx-";

/// The headers that name a span: those of one format contradict those of another unless all were written
/// for the same span.
///
/// Not `x-amzn-trace-id`: AWS's load balancers write it into every request, and programs that trace
/// nothing with it log it as the id of the request. It belongs to a trace where X-Ray is configured.
pub(super) const OF_SPANS: [&str; 9] = [
    "traceparent",
    "tracestate",
    "b3",
    "x-b3-traceid",
    "x-b3-spanid",
    "x-b3-parentspanid",
    "x-b3-sampled",
    "x-b3-flags",
    UBER_TRACE_ID,
];

/// Whether the name of a field begins with `prefix`, in whatever case.
pub(super) fn begins_with(name: &str, prefix: &str) -> bool {
    let start = name.as_bytes().get(..prefix.len());
    start.is_some_and(|start| start.eq_ignore_ascii_case(prefix.as_bytes()))
}
