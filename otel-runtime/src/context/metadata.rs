//! How does gRPC metadata carry context?
//!
//! As HTTP headers do, since gRPC metadata are HTTP headers. Keys that end in `-bin` hold bytes, and no
//! format of context uses them.

use opentelemetry::propagation::{Extractor, Injector};
use tonic::Request;
use tonic::metadata::MetadataMap;

use super::carrier::{ExtractCarrier, InjectCarrier};
use super::headers::{HeaderExtractor, HeaderInjector};

struct Ascii<T>(T);

fn is_binary(key: &str) -> bool {
    let key = key.as_bytes();
    key.len() >= 4 && key[key.len() - 4..].eq_ignore_ascii_case(b"-bin")
}

impl Extractor for Ascii<HeaderExtractor<'_>> {
    fn get(&self, key: &str) -> Option<&str> {
        if is_binary(key) { None } else { self.0.get(key) }
    }

    fn keys(&self) -> Vec<&str> {
        let mut keys = self.0.keys();
        keys.retain(|key| !is_binary(key));
        keys
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        if is_binary(key) { None } else { self.0.get_all(key) }
    }
}

impl Injector for Ascii<HeaderInjector<'_>> {
    fn set(&mut self, key: &str, value: String) {
        if !is_binary(key) {
            self.0.set(key, value);
        }
    }
}

/// Keys that end in `-bin` are not read.
impl ExtractCarrier for MetadataMap {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        read(&Ascii(HeaderExtractor(self.as_ref())))
    }
}

/// Keys that end in `-bin` are neither written nor removed.
impl InjectCarrier for MetadataMap {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Ascii(HeaderInjector(self.as_mut())))
    }

    fn remove(&mut self, field: &str) {
        if !is_binary(field) {
            self.as_mut().remove(field);
        }
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        InjectCarrier::remove_prefixed(self.as_mut(), prefix);
    }
}

/// The context in its metadata.
impl<T> ExtractCarrier for Request<T> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        self.metadata().with_extractor(read)
    }
}

/// The context in its metadata.
impl<T> InjectCarrier for Request<T> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        self.metadata_mut().with_injector(write)
    }

    fn remove(&mut self, field: &str) {
        InjectCarrier::remove(self.metadata_mut(), field);
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        self.metadata_mut().remove_prefixed(prefix);
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::Context;
    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::{SpanContext, TraceContextExt};
    use tonic::metadata::{AsciiMetadataValue, MetadataValue};

    use super::*;
    use crate::context::TraceContextPropagator;

    const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
    const OTHER: &str = "00-0af7651916cd43dd8448eb211c80319d-b7ad6b7169203332-01";

    fn metadata(all: &[(&'static str, &'static str)]) -> MetadataMap {
        let mut metadata = MetadataMap::new();
        for (key, value) in all {
            metadata.append(*key, AsciiMetadataValue::from_static(value));
        }
        metadata
    }

    fn extract(carrier: &impl ExtractCarrier) -> SpanContext {
        carrier.with_extractor(|extractor| {
            let context =
                TraceContextPropagator::default().extract_with_context(&Context::new(), extractor);
            context.span().span_context().clone()
        })
    }

    #[test]
    fn metadata_carries_context_in_and_out() {
        let incoming = metadata(&[
            ("traceparent", TRACEPARENT),
            ("tracestate", "foo=1"),
            ("tracestate", "bar=2"),
        ]);
        let span = extract(&incoming);
        let context = Context::new().with_remote_span_context(span.clone());
        let mut outgoing = Request::new("message");
        outgoing.metadata_mut().insert("traceparent", AsciiMetadataValue::from_static(OTHER));

        outgoing.with_injector(|injector| {
            TraceContextPropagator::default().inject_context(&context, injector);
        });

        let sent: Vec<_> = outgoing.metadata().get_all("traceparent").iter().collect();
        assert_eq!(sent, [TRACEPARENT], "one value a name, whatever was there");
        assert_eq!(outgoing.metadata().get("tracestate").expect("written"), "foo=1,bar=2");
        assert_eq!(extract(&outgoing), span);
        InjectCarrier::remove(&mut outgoing, "traceparent");
        assert_eq!(extract(&outgoing), SpanContext::NONE);
    }

    #[test]
    fn a_key_that_stands_twice_is_one_too_many() {
        let two = metadata(&[("traceparent", TRACEPARENT), ("traceparent", TRACEPARENT)]);
        assert_eq!(extract(&two), SpanContext::NONE);

        let mut headers = http::HeaderMap::new();
        headers.insert("traceparent", http::HeaderValue::from_static(TRACEPARENT));
        let unreadable = http::HeaderValue::from_bytes("é".as_bytes()).expect("allowed in HTTP");
        headers.append("traceparent", unreadable);
        assert_eq!(extract(&MetadataMap::from_headers(headers)), SpanContext::NONE);
    }

    #[test]
    fn binary_keys_are_left_alone() {
        let key = "grpc-trace-bin";
        let mut metadata = metadata(&[("host", "a")]);
        metadata.insert_bin(key, MetadataValue::from_bytes(b"\0\xff"));

        metadata.with_injector(|injector| {
            injector.set(key, "text".to_owned());
            injector.set("Other-BIN", "text".to_owned());
        });
        InjectCarrier::remove(&mut metadata, key);

        let value = metadata.get_bin(key).expect("still there");
        assert_eq!(&value.to_bytes().expect("bytes")[..], b"\0\xff");
        assert_eq!(metadata.keys_len(), 2);
        metadata.with_extractor(|extractor| {
            assert_eq!(extractor.keys(), ["host"]);
            assert_eq!(extractor.get(key), None);
            assert_eq!(extractor.get_all(key), None);
        });
    }
}
