//! How does a table of AMQP carry context?

use std::collections::BTreeMap;

use lapin::BasicProperties;
use lapin::types::{AMQPValue, FieldTable, ShortString};
use otel_runtime::context::inject;

/// The headers of a message that are text, as a list from which context is extracted. A message may have none.
pub(crate) fn fields(headers: Option<&FieldTable>) -> Vec<(&str, &[u8])> {
    let headers = headers.into_iter().flatten();
    headers
        .filter_map(|(name, value)| Some((name.as_str(), value.as_long_string()?.as_bytes())))
        .collect()
}

/// The same properties with the current context in their headers, and without another that they held.
pub(crate) fn with_context(properties: BasicProperties) -> BasicProperties {
    let headers = properties.headers().as_ref().map(FieldTable::inner).cloned().unwrap_or_default();
    let mut headers: BTreeMap<String, Header> =
        headers.into_iter().map(|(name, value)| (name.into(), Header(value))).collect();
    inject(&mut headers);
    let headers: BTreeMap<ShortString, AMQPValue> =
        headers.into_iter().map(|(name, value)| (name.into(), value.0)).collect();
    properties.with_headers(headers.into())
}

/// A header of any type, into which context is injected as text.
struct Header(AMQPValue);

impl From<String> for Header {
    fn from(text: String) -> Header {
        Header(AMQPValue::LongString(text.into()))
    }
}
