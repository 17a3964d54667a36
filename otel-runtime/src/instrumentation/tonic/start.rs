//! What is known of a call when its span begins?

use http::HeaderMap;
use opentelemetry::KeyValue;

use super::methods::{Method, OTHER, UNNAMED};
use super::options::Options;
use crate::call::start::Start;

/// Tells the span what is known, and returns the called method.
pub(super) fn describe(
    start: &mut Start,
    options: &Options,
    path: &str,
    headers: &HeaderMap,
) -> Method {
    let method = options.methods.of(path);
    start.value("rpc.system.name", "grpc");
    match &method {
        Method::Named(name) => {
            start.name(name.clone());
            start.value("rpc.method", name);
        }
        Method::Other(original) => {
            start.name(UNNAMED);
            start.value("rpc.method", OTHER);
            start.value("rpc.method_original", original);
        }
    }
    for metadata in options.request_metadata.iter().filter(|it| options.may_record(it)) {
        if let Some(values) = metadata.values(headers) {
            start.attribute(KeyValue::new(metadata.key, values));
        }
    }
    method
}
