//! How does a request look in JSON, and what does a reply say?
//!
//! `opentelemetry-proto` writes the JSON. For a number that JSON cannot express, such as NaN, it writes
//! `null`, where protobuf's JSON mapping has a word (`"NaN"`): this puts the word in.
//!
//! Specification: [JSON Protobuf encoding](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).

use std::error::Error;

use bytes::Bytes;
#[cfg(feature = "metrics")]
use opentelemetry_proto::tonic::collector::metrics::v1::ExportMetricsServiceRequest;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message;
use serde_json::Value as Json;

use super::reply::Taken;
use crate::export::settings::Signal;

/// The same request in JSON; `body` is in protobuf.
pub(super) fn encode(body: Bytes, signal: Signal) -> Result<Bytes, Box<dyn Error>> {
    match signal {
        Signal::Traces => traces(body),
        // No number in it is other than finite.
        #[cfg(not(feature = "metrics"))]
        Signal::Metrics => Err("metrics are not built in".into()),
        #[cfg(feature = "metrics")]
        Signal::Metrics => {
            Ok(serde_json::to_vec(&ExportMetricsServiceRequest::decode(body)?)?.into())
        }
    }
}

fn traces(body: Bytes) -> Result<Bytes, Box<dyn Error>> {
    let request = ExportTraceServiceRequest::decode(body)?;
    let mut text = serde_json::to_string(&request)?;
    // No string of the program can contain this, since its quotes are escaped.
    if text.contains("\"doubleValue\":null") {
        let mut json = serde_json::to_value(&request)?;
        name_all(&request, &mut json);
        text = serde_json::to_string(&json)?;
    }
    Ok(text.into())
}

/// Puts the words for NaN and the infinities into the JSON of this request.
fn name_all(request: &ExportTraceServiceRequest, json: &mut Json) {
    for (of_resource, json) in zip(&request.resource_spans, &mut json["resourceSpans"]) {
        if let Some(resource) = &of_resource.resource {
            name(&resource.attributes, &mut json["resource"]);
        }
        for (of_scope, json) in zip(&of_resource.scope_spans, &mut json["scopeSpans"]) {
            if let Some(scope) = &of_scope.scope {
                name(&scope.attributes, &mut json["scope"]);
            }
            for (span, json) in zip(&of_scope.spans, &mut json["spans"]) {
                name(&span.attributes, json);
                zip(&span.events, &mut json["events"])
                    .for_each(|(it, json)| name(&it.attributes, json));
                zip(&span.links, &mut json["links"])
                    .for_each(|(it, json)| name(&it.attributes, json));
            }
        }
    }
}

/// Puts them into the JSON of an object that has these attributes.
fn name(attributes: &[KeyValue], json: &mut Json) {
    name_list(attributes, &mut json["attributes"]);
}

fn name_list(attributes: &[KeyValue], json: &mut Json) {
    for (attribute, json) in zip(attributes, json) {
        if let Some(value) = &attribute.value {
            name_value(value, &mut json["value"]);
        }
    }
}

fn name_value(value: &AnyValue, json: &mut Json) {
    match &value.value {
        Some(Value::DoubleValue(number)) if !number.is_finite() => {
            json["doubleValue"] = Json::from(match *number {
                f64::INFINITY => "Infinity",
                f64::NEG_INFINITY => "-Infinity",
                _ => "NaN",
            });
        }
        Some(Value::ArrayValue(array)) => {
            let json = &mut json["arrayValue"]["values"];
            zip(&array.values, json).for_each(|(value, json)| name_value(value, json));
        }
        Some(Value::KvlistValue(list)) => {
            name_list(&list.values, &mut json["kvlistValue"]["values"]);
        }
        _ => {}
    }
}

/// Pairs each message with its JSON.
fn zip<'a, M>(
    messages: &'a [M],
    json: &'a mut Json,
) -> impl Iterator<Item = (&'a M, &'a mut Json)> {
    messages.iter().zip(json.as_array_mut().into_iter().flatten())
}

/// What became of a request that the backend took. It did take it, even if the reply cannot be read.
pub(super) fn taken(reply: &[u8]) -> Taken {
    let reply: Json = serde_json::from_slice(reply).unwrap_or_default();
    let Some(partial) = reply.get("partialSuccess") else { return Taken::default() };
    // A number of 64 bits should be a string in JSON, but some backends write a number.
    let rejected = partial.get("rejectedSpans").or(partial.get("rejectedDataPoints"));
    let rejected = match rejected.unwrap_or(&Json::Null) {
        Json::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    let why = partial["errorMessage"].as_str().unwrap_or_default();
    Taken::new(rejected.unwrap_or(0), why.to_owned())
}

/// The text of an error; the body should be a `google.rpc.Status`.
pub(super) fn message(reply: &[u8]) -> Option<String> {
    let reply: Json = serde_json::from_slice(reply).ok()?;
    reply.get("message")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::common::v1::{ArrayValue, InstrumentationScope, KeyValueList};
    use opentelemetry_proto::tonic::resource::v1::Resource;
    use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
    use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
    use serde_json::json;

    use super::*;

    fn any(value: Value) -> AnyValue {
        AnyValue { value: Some(value) }
    }

    fn attribute(value: Value) -> Vec<KeyValue> {
        vec![KeyValue { key: "key".to_owned(), value: Some(any(value)), ..KeyValue::default() }]
    }

    fn encoded(span: Span) -> Json {
        let scope = InstrumentationScope { name: "shop".to_owned(), ..Default::default() };
        let scope_spans =
            vec![ScopeSpans { scope: Some(scope), spans: vec![span], ..ScopeSpans::default() }];
        let resource_spans = vec![ResourceSpans { scope_spans, ..ResourceSpans::default() }];
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let json = traces(body.into()).expect("JSON");
        serde_json::from_slice(&json).expect("JSON")
    }

    fn encoded_value(value: Value) -> Json {
        let json = encoded(Span { attributes: attribute(value), ..Span::default() });
        json["resourceSpans"][0]["scopeSpans"][0]["spans"][0]["attributes"][0]["value"].clone()
    }

    #[test]
    fn ids_are_hexadecimal_and_64_bits_are_text() {
        let span = Span {
            trace_id: (0..16).collect(),
            span_id: vec![0xab; 8],
            parent_span_id: vec![0xcd; 8],
            name: "load".to_owned(),
            kind: 2,
            start_time_unix_nano: u64::MAX,
            end_time_unix_nano: 1_700_000_000_000_000_001,
            dropped_attributes_count: 3,
            flags: 0x301,
            events: vec![Event { time_unix_nano: 7, name: "e".to_owned(), ..Event::default() }],
            links: vec![Link { trace_id: vec![1; 16], span_id: vec![2; 8], ..Link::default() }],
            status: Some(Status { code: 2, message: "no stock".to_owned() }),
            ..Span::default()
        };
        let json = encoded(span);
        let of_scope = &json["resourceSpans"][0]["scopeSpans"][0];
        assert_eq!(of_scope["scope"]["name"], "shop");
        let span = &of_scope["spans"][0];
        for (field, value) in [
            ("traceId", json!("000102030405060708090a0b0c0d0e0f")),
            ("spanId", json!("abababababababab")),
            ("parentSpanId", json!("cdcdcdcdcdcdcdcd")),
            ("name", json!("load")),
            // "Values of enum fields MUST be encoded as integer values."
            ("kind", json!(2)),
            ("startTimeUnixNano", json!("18446744073709551615")),
            ("endTimeUnixNano", json!("1700000000000000001")),
            ("droppedAttributesCount", json!(3)),
            ("flags", json!(0x301)),
            ("status", json!({"code": 2, "message": "no stock"})),
        ] {
            assert_eq!(span[field], value, "{field}");
        }
        assert_eq!(span["events"][0]["timeUnixNano"], "7");
        assert_eq!(span["links"][0]["traceId"], "01010101010101010101010101010101");
        assert_eq!(span["links"][0]["spanId"], "0202020202020202");
    }

    #[test]
    fn values_keep_their_types() {
        for (value, json) in [
            (Value::StringValue("a\"b".to_owned()), json!({"stringValue": "a\"b"})),
            (Value::BoolValue(false), json!({"boolValue": false})),
            (Value::IntValue(i64::MIN), json!({"intValue": "-9223372036854775808"})),
            (Value::DoubleValue(0.5), json!({"doubleValue": 0.5})),
            (Value::BytesValue(vec![0xfb, 0xff]), json!({"bytesValue": "+/8="})),
            (
                Value::ArrayValue(ArrayValue { values: vec![any(Value::IntValue(1))] }),
                json!({"arrayValue": {"values": [{"intValue": "1"}]}}),
            ),
        ] {
            assert_eq!(encoded_value(value), json);
        }
    }

    #[test]
    fn numbers_that_json_does_not_have_are_words_of_their_type() {
        for (number, word) in
            [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")]
        {
            let json = json!({"doubleValue": word});
            assert_eq!(encoded_value(Value::DoubleValue(number)), json);
            let values = [0.5, number, number].map(|it| any(Value::DoubleValue(it))).to_vec();
            let array = any(Value::ArrayValue(ArrayValue { values }));
            let list = Value::ArrayValue(ArrayValue { values: vec![array] });
            let json = json!({"arrayValue": {"values": [{"doubleValue": 0.5}, json, json]}});
            assert_eq!(encoded_value(list), json!({"arrayValue": {"values": [json]}}));
        }
    }

    #[test]
    fn they_are_found_wherever_attributes_are() {
        let attributes = || attribute(Value::DoubleValue(f64::NAN));
        let span = Span {
            attributes: attributes(),
            events: vec![Event::default(), Event { attributes: attributes(), ..Event::default() }],
            links: vec![Link { attributes: attributes(), ..Link::default() }],
            ..Span::default()
        };
        let scope = InstrumentationScope { attributes: attributes(), ..Default::default() };
        let scope_spans = ScopeSpans {
            scope: Some(scope),
            spans: vec![Span::default(), span],
            ..ScopeSpans::default()
        };
        let list = KeyValueList { values: attributes() };
        let resource =
            Resource { attributes: attribute(Value::KvlistValue(list)), ..Resource::default() };
        let resource_spans = ResourceSpans {
            resource: Some(resource),
            scope_spans: vec![ScopeSpans::default(), scope_spans],
            ..ResourceSpans::default()
        };
        let resource_spans = vec![ResourceSpans::default(), resource_spans];
        let body = ExportTraceServiceRequest { resource_spans }.encode_to_vec();
        let text = traces(body.into()).expect("JSON");
        let text = String::from_utf8_lossy(&text);
        assert_eq!(text.matches("{\"doubleValue\":\"NaN\"}").count(), 5, "{text}");
        assert!(!text.contains("\"doubleValue\":null"), "{text}");
    }

    #[test]
    fn a_partial_success_may_write_its_number_either_way() {
        for number in ["3", "\"3\""] {
            let reply = format!(
                r#"{{"partialSuccess": {{"rejectedSpans": {number}, "errorMessage": "too old"}}}}"#
            );
            assert_eq!(taken(reply.as_bytes()), Taken::new(3, "too old".to_owned()));
        }
        for reply in ["", "{}", "[]", "null", "{\"partialSuccess\": 1}", "<html>"] {
            assert_eq!(taken(reply.as_bytes()), Taken::default(), "{reply}");
        }
    }
}
