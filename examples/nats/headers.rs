//! How do the headers of NATS carry context?

use async_nats::HeaderMap;
use otel_runtime::context::inject;

/// The headers of a message as a list, from which context is extracted. A message may have none.
pub(crate) fn fields(headers: Option<&HeaderMap>) -> Vec<(String, String)> {
    let headers = headers.into_iter().flat_map(HeaderMap::iter);
    let fields = headers.flat_map(|(name, values)| values.iter().map(move |value| (name, value)));
    fields.map(|(name, value)| (name.to_string(), value.to_string())).collect()
}

/// The same headers with the current context, and without another that they held.
pub(crate) fn with_context(headers: &HeaderMap) -> HeaderMap {
    let mut fields = fields(Some(headers));
    inject(&mut fields);
    let mut headers = HeaderMap::new();
    for (name, value) in fields {
        headers.append(name, value);
    }
    headers
}
