//! How is a span context written into the header of AWS X-Ray, and read back?

use std::sync::LazyLock;

use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::{Context, SpanId, TraceId};

use super::caller::{Caller, Sampling, outgoing};
use super::fields::X_AMZN_TRACE_ID;
use super::handed_on::hand_on;
use super::hex::{push_hex, span_id, trace_id};
use super::sole::{header, refuse};

static FIELDS: LazyLock<[String; 1]> = LazyLock::new(|| [X_AMZN_TRACE_ID.to_owned()]);

/// Propagates the span context in the header `X-Amzn-Trace-Id`, as
/// [AWS X-Ray](https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader)
/// has it: `Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1`.
///
/// - The parts may come in any order, with white space around them. `Self`, which load balancers add,
///   `Lineage` and parts of the application's own are skipped, and not passed on.
/// - A part that stands twice, or is not exactly as specified, makes the header invalid: another version
///   than 1, ids of other lengths or of zeros, a sampling decision other than `0`, `1` and `?`.
/// - Without `Sampled`, or with `Sampled=?`, the caller leaves the decision to this service: under
///   [`init`](crate::init) the sampler decides as for a trace that begins here.
/// - Without `Parent`, as load balancers send it for a request that came without a trace, the first span
///   that `init` makes in the extracted context begins the trace with the id of `Root`, and has no parent.
///   Until there is a span, `Root` is passed on. A tracer of another library, or of an adopted provider,
///   begins a trace with an id of its own there, since OpenTelemetry's API has no trace without a span.
///
/// X-Ray reads the time at which a trace began from the first eight digits of its id, and since 2023 accepts
/// ids that are random there.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::propagation::TextMapPropagator;
/// use opentelemetry::trace::TraceContextExt;
/// use otel_runtime::context::XRayPropagator;
///
/// let headers = HashMap::from([(
///     "x-amzn-trace-id".to_owned(),
///     "Root=1-5759e988-bd862e3fe1be46a994272793;Parent=53995c3f42cd8ad8;Sampled=1".to_owned(),
/// )]);
///
/// let context = XRayPropagator::default().extract(&headers);
///
/// let span = context.span().span_context().clone();
/// assert_eq!(span.trace_id().to_string(), "5759e988bd862e3fe1be46a994272793");
/// assert!(span.is_sampled());
/// ```
#[derive(Clone, Debug, Default)]
#[non_exhaustive]
pub struct XRayPropagator {}

impl TextMapPropagator for XRayPropagator {
    /// Writes `Root`, `Parent` and `Sampled`; without a span, at most a `Root` that came in without a
    /// `Parent`.
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        hand_on(context);
        if let Some(caller) = outgoing(context).filter(|it| it.trace_id != TraceId::INVALID) {
            injector.set(X_AMZN_TRACE_ID, written(caller));
        }
    }

    /// Returns `context` with the remote span context of the header; if it has none, `context` as it is.
    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        let header = header(extractor, X_AMZN_TRACE_ID);
        let Some(caller) = header.read(parse) else {
            if header.is_there() {
                refuse(&[header]);
            }
            return context.clone();
        };
        caller.put_into(context)
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(FIELDS.as_slice())
    }
}

fn parse(header: &str) -> Option<Caller> {
    let (mut root, mut parent, mut sampled) = (None, None, None);
    for part in header.split(';') {
        let part = part.trim_matches([' ', '\t']);
        if part.is_empty() {
            continue;
        }
        let (key, value) = part.split_once('=')?;
        let part = match key {
            "Root" => &mut root,
            "Parent" => &mut parent,
            "Sampled" => &mut sampled,
            key if key.is_empty() || key.contains([' ', '\t']) => return None,
            _ => continue,
        };
        if part.replace(value).is_some() {
            return None;
        }
    }
    Some(Caller {
        trace_id: self::root(root?)?,
        span_id: parent.map_or(Some(SpanId::INVALID), self::parent)?,
        sampling: match sampled {
            None | Some("?") => Sampling::Undecided,
            Some("0") => Sampling::Denied,
            Some("1") => Sampling::Accepted,
            Some(_) => return None,
        },
    })
}

/// `1-` and the id in hexadecimal digits, of which the first eight stand apart.
fn root(text: &str) -> Option<TraceId> {
    let digits = text.strip_prefix("1-")?.as_bytes();
    if digits.len() != 33 || digits[8] != b'-' {
        return None;
    }
    let mut id = [0; 32];
    id[..8].copy_from_slice(&digits[..8]);
    id[8..].copy_from_slice(&digits[9..]);
    id.make_ascii_lowercase();
    trace_id(&id)
}

fn parent(text: &str) -> Option<SpanId> {
    let mut id: [u8; 16] = text.as_bytes().try_into().ok()?;
    id.make_ascii_lowercase();
    span_id(&id)
}

fn written(caller: Caller) -> String {
    let Caller { trace_id, span_id, sampling } = caller;
    let mut header = String::with_capacity(74);
    let id = trace_id.to_bytes();
    let (time, rest) = id.split_at(4);
    header.push_str("Root=1-");
    push_hex(&mut header, time);
    header.push('-');
    push_hex(&mut header, rest);
    if caller.has_span() {
        header.push_str(";Parent=");
        push_hex(&mut header, &span_id.to_bytes());
    }
    match sampling {
        Sampling::Undecided => {}
        Sampling::Denied => header.push_str(";Sampled=0"),
        Sampling::Accepted | Sampling::Debug => header.push_str(";Sampled=1"),
    }
    header
}

#[cfg(test)]
mod tests;
