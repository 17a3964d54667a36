//! What is known of a call's span when it starts?

use http::HeaderMap;
use opentelemetry::KeyValue;

use super::methods::{Method, OTHER, UNNAMED};
use super::settings::Settings;
use crate::call::start::Start;

/// Says it, and which method it is.
pub(super) fn describe(
    start: &mut Start,
    settings: &Settings,
    path: &str,
    headers: &HeaderMap,
) -> Method {
    let method = settings.methods.of(path);
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
    for (key, values) in settings.request_metadata.of(headers) {
        start.attribute(KeyValue::new(format!("rpc.request.metadata.{key}"), values));
    }
    method
}
