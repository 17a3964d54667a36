//! How does context get into a request, and out of one?

use opentelemetry::propagation::{Extractor, Injector, TextMapPropagator};
use opentelemetry::{Context, global};

use super::current::current;
use super::fields::{OF_SPANS, UBER_CTX, UBER_TRACE_ID, X_AMZN_TRACE_ID};
use crate::process::unwind::caught;

/// Reads the context that a request brought along: the remote parent, and baggage.
///
/// It is read by the global propagator, the one that `init` installed (by default W3C trace
/// context and baggage); before that, nothing is read. It is put on an *empty* context, not on the
/// current one: a server continues its caller, not whatever happened to be current where the
/// request was read. Without a valid parent in the carrier, a span that starts in the result
/// therefore begins a new trace.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::trace::TraceContextExt;
/// use otel_runtime::context::{TraceContextPropagator, extract};
///
/// // `init` does this.
/// opentelemetry::global::set_text_map_propagator(TraceContextPropagator::default());
///
/// let headers = HashMap::from([(
///     "traceparent".to_owned(),
///     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
/// )]);
/// let context = extract(&headers);
/// assert_eq!(context.span().span_context().span_id().to_string(), "b7ad6b7169203331");
///
/// let none = extract(&HashMap::from([("traceparent".to_owned(), "nonsense".to_owned())]));
/// assert!(!none.has_active_span());
/// ```
pub fn extract<C: ExtractCarrier + ?Sized>(carrier: &C) -> Context {
    extract_any(carrier).unwrap_or_default()
}

/// The same; `None` if the carrier has none of the propagator's fields, as with the request of a browser.
/// Then there is nothing to read, and no context is made.
pub(super) fn extract_any<C: ExtractCarrier + ?Sized>(carrier: &C) -> Option<Context> {
    global::get_text_map_propagator(|propagator| {
        // The carrier and the propagator may be code of the program, and panic.
        let has_any = caught(|| {
            let mut fields = propagator.fields().peekable();
            // A propagator that names no fields may read any.
            fields.peek().is_none() || carrier.has_any(fields)
        });
        has_any.unwrap_or(true).then(|| extract_by(propagator, carrier))
    })
}

/// Writes the current context into an outgoing request, for the next service to continue.
///
/// See [`inject_context`].
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use otel_runtime::context::{TraceContextPropagator, carry_in, extract, inject};
///
/// // `init` does this.
/// opentelemetry::global::set_text_map_propagator(TraceContextPropagator::default());
///
/// let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
/// let incoming = HashMap::from([("traceparent".to_owned(), traceparent)]);
/// let mut outgoing = HashMap::new();
///
/// carry_in(extract(&incoming), || inject(&mut outgoing))();
///
/// assert_eq!(outgoing, incoming);
/// ```
pub fn inject<C: InjectCarrier + ?Sized>(carrier: &mut C) {
    inject_context(&current(), carrier);
}

/// Writes `context` into an outgoing request.
///
/// It is written by the global propagator, the one that `init` installed (by default W3C trace
/// context and baggage); before that, nothing is touched.
///
/// Afterwards each field of the propagator is in the carrier once, with the value of `context`, or not at
/// all if `context` has none, whatever the carrier held before: so the
/// [specification](https://opentelemetry.io/docs/specs/otel/context/api-propagators/#fields) advises for
/// carriers that are reused. In a request that was copied from an incoming one, the caller's `tracestate`
/// or `baggage` must not stay beside the `traceparent` of this service; and if there is no span here, the
/// next service must not continue a span that did not call it. The headers of other formats would
/// contradict the new ones, so whichever format is written, of `traceparent`, `tracestate`, `b3`, `x-b3-*` and
/// `uber-trace-id` only what is written stays. `x-amzn-trace-id`, which programs without tracing log as the id of
/// a request, is removed only where X-Ray's format is one of the propagator's.
pub fn inject_context<C: InjectCarrier + ?Sized>(context: &Context, carrier: &mut C) {
    global::get_text_map_propagator(|propagator| inject_by(propagator, context, carrier));
}

/// Text that no format accepts. It stands for a value that is no UTF-8, which still counts: a second
/// `traceparent` makes both invalid, whatever it says.
pub(super) const UNREADABLE: &str = "\u{fffd}";

fn extract_by<C: ExtractCarrier + ?Sized>(
    propagator: &dyn TextMapPropagator,
    carrier: &C,
) -> Context {
    // The carrier and the propagator may be code of the program, and panic.
    let extract = || {
        carrier
            .with_extractor(|extractor| propagator.extract_with_context(&Context::new(), extractor))
    };
    caught(extract).unwrap_or_default()
}

fn inject_by<C: InjectCarrier + ?Sized>(
    propagator: &dyn TextMapPropagator,
    context: &Context,
    carrier: &mut C,
) {
    // The carrier and the propagator may be code of the program, and panic.
    let _ = caught(|| {
        let mut fields = Vec::with_capacity(24);
        fields.extend(propagator.fields());
        if fields.contains(&UBER_TRACE_ID) {
            carrier.remove_prefixed(UBER_CTX);
        }
        let names_spans = |field: &&str| *field == X_AMZN_TRACE_ID || OF_SPANS.contains(field);
        if fields.iter().any(names_spans) {
            fields.extend(OF_SPANS);
        }
        carrier.remove_all(&fields);
        carrier.with_injector(|injector| propagator.inject_context(context, injector));
    });
}

/// What context can be read from.
///
/// | carrier | feature |
/// | --- | --- |
/// | `http::HeaderMap`, `http::Request`, `http::request::Parts` | `http` |
/// | `tonic::metadata::MetadataMap`, `tonic::Request` | `tonic` |
/// | `HashMap<N, V>`, `BTreeMap<N, V>`, `Vec<(N, V)>`, `[(N, V)]`, with names `N` and values `V` that are strings, or values that are bytes, owned or borrowed: `String`, `&str`, `Vec<u8>`, `&[u8]`, `bytes::Bytes` | |
/// | [`Environment`](super::Environment): the variables of this process | |
///
/// Names of fields are compared without case. Two fields whose names differ only in case are two values
/// of one field, like two headers with one name: two `traceparent`s are no valid parent, two `baggage`s
/// are joined. A value that is not UTF-8 (of HTTP: visible ASCII) counts as one that no format accepts.
///
/// The headers of a message of some other type are a list: collect their names and values into a
/// `Vec<(&str, &[u8])>`, or implement this trait with an [`Extractor`] of your own.
#[diagnostic::on_unimplemented(
    message = "context cannot be extracted from `{Self}`",
    label = "not a carrier",
    note = "a carrier is an `http::HeaderMap`, `http::Request` or `http::request::Parts` (feature `http`), \
            a `tonic::metadata::MetadataMap` (feature `tonic`), a `HashMap`, a `BTreeMap`, or a `Vec` or slice of pairs, of strings \
            to strings or bytes, or an `otel_runtime::context::Environment`",
    note = "implement `otel_runtime::context::ExtractCarrier` for a message type of your own"
)]
pub trait ExtractCarrier {
    /// Calls `read` with a view of the carrier's fields.
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R;

    /// Whether any of these fields is there, with whatever values.
    fn has_any<'a>(&self, mut fields: impl Iterator<Item = &'a str>) -> bool {
        self.with_extractor(|extractor| fields.any(|field| extractor.get_all(field).is_some()))
    }
}

#[diagnostic::do_not_recommend]
impl<C: ExtractCarrier + ?Sized> ExtractCarrier for &C {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        (**self).with_extractor(read)
    }

    fn has_any<'a>(&self, fields: impl Iterator<Item = &'a str>) -> bool {
        (**self).has_any(fields)
    }
}

/// What context can be written into.
///
/// | carrier | feature |
/// | --- | --- |
/// | `http::HeaderMap`, `http::Request`, `http::request::Parts` | `http` |
/// | `tonic::metadata::MetadataMap`, `tonic::Request` | `tonic` |
/// | `HashMap<String, V>`, `BTreeMap<String, V>`, `Vec<(String, V)>`, with values `V` that a `String` can become: `String`, `Vec<u8>`, `bytes::Bytes`, `Arc<str>` | |
/// | `std::process::Command`: see [`CommandExt`](super::CommandExt) | |
/// | `tokio::process::Command` | `tokio-process` |
/// | [`Environment`](super::Environment): variables for a process that is started in another way | |
///
/// Names are written in lower case, those of variables in upper case. A field with the same name in any case
/// is replaced.
///
/// For a message of some other type, implement this trait with an [`Injector`] of your own:
///
/// ```
/// use opentelemetry::propagation::Injector;
/// use otel_runtime::context::{InjectCarrier, inject};
///
/// struct Message {
///     headers: Vec<(String, String)>,
/// }
///
/// impl Injector for Message {
///     fn set(&mut self, key: &str, value: String) {
///         self.headers.push((key.to_owned(), value));
///     }
/// }
///
/// impl InjectCarrier for Message {
///     fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
///         write(self)
///     }
///
///     fn remove(&mut self, field: &str) {
///         self.headers.retain(|(name, _)| !name.eq_ignore_ascii_case(field));
///     }
/// }
///
/// let mut message = Message { headers: Vec::new() };
/// inject(&mut message);
/// ```
#[diagnostic::on_unimplemented(
    message = "context cannot be injected into `{Self}`",
    label = "not a carrier",
    note = "a carrier is an `http::HeaderMap`, `http::Request` or `http::request::Parts` (feature `http`), \
            a `tonic::metadata::MetadataMap` (feature `tonic`), a `HashMap`, a `BTreeMap`, or a `Vec` of pairs, of `String`s to \
            `String`s or `Vec<u8>`s, a `std::process::Command`, or an `otel_runtime::context::Environment`",
    note = "implement `otel_runtime::context::InjectCarrier` for a message type of your own"
)]
pub trait InjectCarrier {
    /// Calls `write` with a view that sets the carrier's fields.
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R;

    /// Removes all values of a field, whatever the case of its name; does nothing if it is not there.
    fn remove(&mut self, field: &str);

    /// Removes several fields, most of which are usually not there.
    fn remove_all(&mut self, fields: &[&str]) {
        for field in fields {
            self.remove(field);
        }
    }

    /// Removes all fields whose names begin with `prefix`, in whatever case. Jaeger's format has a field for
    /// each entry of the baggage, such as `uberctx-tenant`.
    ///
    /// By default nothing is removed: then what a copied message brought along stays beside what is written.
    fn remove_prefixed(&mut self, _prefix: &str) {}
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use opentelemetry::baggage::BaggageExt;
    use opentelemetry::propagation::TextMapCompositePropagator;
    use opentelemetry::trace::{SpanContext, TraceContextExt, TraceState};
    use opentelemetry::{KeyValue, SpanId, TraceFlags, TraceId};

    use super::*;
    use crate::context::TraceContextPropagator;

    const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn map(fields: &[(&str, &str)]) -> HashMap<String, String> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn some_span() -> Context {
        Context::new().with_remote_span_context(SpanContext::new(
            TraceId::from(1),
            SpanId::from(2),
            TraceFlags::SAMPLED,
            false,
            TraceState::NONE,
        ))
    }

    #[test]
    fn a_request_without_parent_begins_a_new_trace_whatever_is_current() {
        let current = some_span().with_baggage([KeyValue::new("tenant", "7")]);
        let _guard = current.attach();

        let context = extract_by(&TraceContextPropagator::default(), &map(&[]));

        assert!(!context.has_active_span());
        assert!(context.baggage().is_empty());
    }

    #[test]
    fn what_came_in_goes_out() {
        let propagator = TraceContextPropagator::default();
        let incoming = map(&[("traceparent", TRACEPARENT), ("tracestate", "foo=1")]);
        let mut outgoing = HashMap::new();

        inject_by(&propagator, &extract_by(&propagator, &incoming), &mut outgoing);

        assert_eq!(outgoing, incoming);
    }

    #[test]
    fn stale_fields_of_a_copied_request_are_replaced() {
        let propagator = TraceContextPropagator::default();
        let copied = map(&[
            ("traceparent", TRACEPARENT),
            ("tracestate", "foo=1"),
            ("b3", "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1"),
            ("host", "a"),
        ]);

        let mut carrier = copied.clone();
        inject_by(&propagator, &some_span(), &mut carrier);
        let ours = format!("00-{:032x}-{:016x}-01", 1, 2);
        assert_eq!(carrier, map(&[("traceparent", &ours), ("host", "a")]));

        let mut without_span = copied.clone();
        inject_by(&propagator, &Context::new(), &mut without_span);
        assert_eq!(without_span, map(&[("host", "a")]), "nobody here continues the caller's span");

        let mut untouched = copied.clone();
        inject_by(&TextMapCompositePropagator::new(Vec::new()), &some_span(), &mut untouched);
        assert_eq!(untouched, copied, "nothing is to cross");
    }
}
