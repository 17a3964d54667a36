//! How do HTTP headers carry context?

use http::header::{HeaderName, HeaderValue};
use http::{HeaderMap, Request, request};
use opentelemetry::propagation::{Extractor, Injector};

use super::carrier::{ExtractCarrier, InjectCarrier};
use super::fields::begins_with;

/// Reads context from [`HeaderMap`]: an [`Extractor`] for any
/// [`TextMapPropagator`](opentelemetry::propagation::TextMapPropagator).
///
/// [`extract`](super::extract) takes a `&HeaderMap` or a `&Request` as it is; this is for a
/// propagator of your own.
#[derive(Clone, Copy, Debug)]
pub struct HeaderExtractor<'a>(pub &'a HeaderMap);

impl Extractor for HeaderExtractor<'_> {
    /// The first value, if it is visible ASCII.
    fn get(&self, key: &str) -> Option<&str> {
        self.0.get(key)?.to_str().ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.0.keys().map(HeaderName::as_str).collect()
    }

    /// Every value. A value that is not visible ASCII is replaced by text that no format accepts, since
    /// it still counts: a second `traceparent` makes both invalid, whatever it says.
    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let values = match known(key) {
            Some(known) => self.0.get_all(known),
            None => self.0.get_all(key),
        };
        let mut values = values.iter().map(|value| value.to_str().unwrap_or("\u{fffd}"));
        // Most headers have one value.
        let first = values.next()?;
        let mut all = vec![first];
        all.extend(values);
        Some(all)
    }
}

/// Writes context into a [`HeaderMap`]: an [`Injector`] for any
/// [`TextMapPropagator`](opentelemetry::propagation::TextMapPropagator).
///
/// A name or value that HTTP does not allow is left out, and so is any header once the map is at
/// its capacity.
///
/// [`inject`](super::inject) takes a `&mut HeaderMap` or a `&mut Request` as it is; this is for a
/// propagator of your own.
#[derive(Debug)]
pub struct HeaderInjector<'a>(pub &'a mut HeaderMap);

/// The names that are written most often.
static KNOWN: [HeaderName; 12] = [
    HeaderName::from_static("traceparent"),
    HeaderName::from_static("tracestate"),
    HeaderName::from_static("baggage"),
    HeaderName::from_static("b3"),
    HeaderName::from_static("x-b3-traceid"),
    HeaderName::from_static("x-b3-spanid"),
    HeaderName::from_static("x-b3-parentspanid"),
    HeaderName::from_static("x-b3-sampled"),
    HeaderName::from_static("x-b3-flags"),
    HeaderName::from_static("uber-trace-id"),
    HeaderName::from_static("jaeger-baggage"),
    HeaderName::from_static("x-amzn-trace-id"),
];

/// The name `key`, if it is one of those: it need not be parsed, and takes no allocation.
fn known(key: &str) -> Option<&'static HeaderName> {
    KNOWN.iter().find(|known| known.as_str() == key)
}

impl Injector for HeaderInjector<'_> {
    fn set(&mut self, key: &str, value: String) {
        let name = known(key).cloned().map_or_else(|| HeaderName::from_bytes(key.as_bytes()), Ok);
        if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
            // A full map returns an error here, where `insert` would panic.
            let _ = self.0.try_insert(name, value);
        }
    }
}

/// A bit for the first letter of a name, the same for both cases of it. Most names differ in it.
fn first_bit(name: &str) -> u32 {
    1 << (name.as_bytes().first().unwrap_or(&0) & 31)
}

impl ExtractCarrier for HeaderMap {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        read(&HeaderExtractor(self))
    }

    /// A loop over the names of all headers, which are few, costs less than a lookup for each field.
    fn has_any<'a>(&self, mut fields: impl Iterator<Item = &'a str>) -> bool {
        let firsts = self.keys().fold(0, |bits, name| bits | first_bit(name.as_str()));
        fields.any(|field| {
            first_bit(field) & firsts != 0
                && self.keys().any(|name| name.as_str().eq_ignore_ascii_case(field))
        })
    }
}

impl InjectCarrier for HeaderMap {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut HeaderInjector(self))
    }

    fn remove(&mut self, field: &str) {
        HeaderMap::remove(self, field);
    }

    /// A loop over the names of all headers, which are few, costs less than a lookup for each field.
    fn remove_all(&mut self, fields: &[&str]) {
        let firsts = fields.iter().fold(0, |bits, field| bits | first_bit(field));
        // A propagator of the program may write the names of its fields in capitals, as in `X-Trace`.
        let is_field =
            |name: &HeaderName| fields.iter().any(|it| it.eq_ignore_ascii_case(name.as_str()));
        let is_one = |name: &HeaderName| first_bit(name.as_str()) & firsts != 0 && is_field(name);
        if self.keys().any(is_one) {
            for field in fields {
                HeaderMap::remove(self, *field);
            }
        }
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        let is_one = |name: &&HeaderName| begins_with(name.as_str(), prefix);
        let names: Vec<_> = self.keys().filter(is_one).cloned().collect();
        for name in names {
            HeaderMap::remove(self, name);
        }
    }
}

impl<B> ExtractCarrier for Request<B> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        self.headers().with_extractor(read)
    }

    fn has_any<'a>(&self, fields: impl Iterator<Item = &'a str>) -> bool {
        self.headers().has_any(fields)
    }
}

impl<B> InjectCarrier for Request<B> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        self.headers_mut().with_injector(write)
    }

    fn remove(&mut self, field: &str) {
        self.headers_mut().remove(field);
    }

    fn remove_all(&mut self, fields: &[&str]) {
        self.headers_mut().remove_all(fields);
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        self.headers_mut().remove_prefixed(prefix);
    }
}

impl ExtractCarrier for request::Parts {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        self.headers.with_extractor(read)
    }

    fn has_any<'a>(&self, fields: impl Iterator<Item = &'a str>) -> bool {
        self.headers.has_any(fields)
    }
}

impl InjectCarrier for request::Parts {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        self.headers.with_injector(write)
    }

    fn remove(&mut self, field: &str) {
        self.headers.remove(field);
    }

    fn remove_all(&mut self, fields: &[&str]) {
        self.headers.remove_all(fields);
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        self.headers.remove_prefixed(prefix);
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::Context;
    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::{SpanContext, TraceContextExt};

    use super::*;
    use crate::context::TraceContextPropagator;

    const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn headers(all: &[(&'static str, &'static [u8])]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in all {
            headers.append(*name, HeaderValue::from_bytes(value).expect("allowed in HTTP"));
        }
        headers
    }

    fn extract(carrier: &impl ExtractCarrier) -> SpanContext {
        carrier.with_extractor(|extractor| {
            TraceContextPropagator::default()
                .extract_with_context(&Context::new(), extractor)
                .span()
                .span_context()
                .clone()
        })
    }

    #[test]
    fn a_request_carries_context_in_and_out() {
        let incoming = headers(&[
            ("traceparent", TRACEPARENT.as_bytes()),
            ("tracestate", b"foo=1"),
            ("tracestate", b"bar=2"),
        ]);
        let span_context = extract(&incoming);
        let context = Context::new().with_remote_span_context(span_context.clone());
        let mut outgoing = Request::new(());

        outgoing.with_injector(|injector| {
            TraceContextPropagator::default().inject_context(&context, injector);
        });

        assert_eq!(outgoing.headers()["traceparent"], TRACEPARENT);
        assert_eq!(outgoing.headers()["tracestate"], "foo=1,bar=2");
        assert_eq!(extract(&outgoing), span_context);
        let (mut parts, ()) = outgoing.into_parts();
        assert_eq!(extract(&parts), span_context);
        InjectCarrier::remove(&mut parts, "traceparent");
        assert_eq!(extract(&parts), SpanContext::NONE);
    }

    #[test]
    fn an_unreadable_header_is_not_overlooked() {
        let two = [("traceparent", TRACEPARENT.as_bytes()), ("traceparent", "é".as_bytes())];
        assert_eq!(extract(&headers(&two)), SpanContext::NONE);

        let state = [("traceparent", TRACEPARENT.as_bytes()), ("tracestate", "é=1".as_bytes())];
        let span_context = extract(&headers(&state));
        assert!(span_context.is_valid());
        assert_eq!(span_context.trace_state().header(), "");
    }

    #[test]
    fn a_field_is_removed_in_whatever_case_a_propagator_names_it() {
        let mut headers = headers(&[("x-trace", b"1"), ("x-trace", b"2"), ("host", b"a")]);

        headers.remove_all(&["b3", "X-Trace"]);

        assert_eq!(headers.keys().map(HeaderName::as_str).collect::<Vec<_>>(), ["host"]);
    }

    #[test]
    fn what_http_does_not_allow_is_left_out() {
        let mut headers = HeaderMap::new();
        let mut injector = HeaderInjector(&mut headers);

        injector.set("no name", "value".to_owned());
        injector.set("name", "line\r\nbreak".to_owned());

        assert!(headers.is_empty());
    }
}
