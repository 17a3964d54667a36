//! How does a request look in JSON, and what does a reply say?
//!
//! `opentelemetry-proto` writes it. Of a number that is none, which JSON has no way to write, it would
//! leave `null`; it goes as text.
//!
//! Specification: [JSON Protobuf encoding](https://opentelemetry.io/docs/specs/otlp/#json-protobuf-encoding).

use std::error::Error;

use bytes::Bytes;
use opentelemetry_proto::tonic::collector::trace::v1::ExportTraceServiceRequest;
use opentelemetry_proto::tonic::common::v1::any_value::Value;
use opentelemetry_proto::tonic::common::v1::{AnyValue, KeyValue};
use prost::Message;

use super::reply::Taken;

/// The same request, which is given in protobuf.
pub(super) fn encode(body: Bytes) -> Result<Bytes, Box<dyn Error>> {
    let mut request = ExportTraceServiceRequest::decode(body)?;
    for of_resource in &mut request.resource_spans {
        of_resource.resource.iter_mut().for_each(|it| finite(&mut it.attributes));
        for of_scope in &mut of_resource.scope_spans {
            of_scope.scope.iter_mut().for_each(|it| finite(&mut it.attributes));
            for span in &mut of_scope.spans {
                finite(&mut span.attributes);
                span.events.iter_mut().for_each(|it| finite(&mut it.attributes));
                span.links.iter_mut().for_each(|it| finite(&mut it.attributes));
            }
        }
    }
    Ok(serde_json::to_vec(&request)?.into())
}

fn finite(attributes: &mut [KeyValue]) {
    attributes.iter_mut().filter_map(|it| it.value.as_mut()).for_each(finite_value);
}

fn finite_value(value: &mut AnyValue) {
    match &mut value.value {
        Some(Value::DoubleValue(number)) if !number.is_finite() => {
            // The words that protobuf has for it.
            let text = match *number {
                f64::INFINITY => "Infinity",
                f64::NEG_INFINITY => "-Infinity",
                _ => "NaN",
            };
            value.value = Some(Value::StringValue(text.to_owned()));
        }
        Some(Value::ArrayValue(array)) => array.values.iter_mut().for_each(finite_value),
        Some(Value::KvlistValue(list)) => finite(&mut list.values),
        _ => {}
    }
}

/// What became of a request that was taken. A reply that cannot be read takes nothing back.
pub(super) fn taken(reply: &[u8]) -> Taken {
    let reply: serde_json::Value = serde_json::from_slice(reply).unwrap_or_default();
    let Some(partial) = reply.get("partialSuccess") else { return Taken::default() };
    // 64 bits are to be text, and some write a number.
    let rejected = match &partial["rejectedSpans"] {
        serde_json::Value::String(text) => text.parse().ok(),
        other => other.as_i64(),
    };
    let why = partial["errorMessage"].as_str().unwrap_or_default();
    Taken::new(rejected.unwrap_or(0), why.to_owned())
}

/// The text of an error, which is to be a `google.rpc.Status`.
pub(super) fn message(reply: &[u8]) -> Option<String> {
    let reply: serde_json::Value = serde_json::from_slice(reply).ok()?;
    reply.get("message")?.as_str().map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use opentelemetry_proto::tonic::common::v1::{ArrayValue, InstrumentationScope};
    use opentelemetry_proto::tonic::trace::v1::span::{Event, Link};
    use opentelemetry_proto::tonic::trace::v1::{ResourceSpans, ScopeSpans, Span, Status};
    use serde_json::{Value as Json, json};

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
        let json = encode(body.into()).expect("JSON");
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
    fn numbers_that_json_does_not_have_are_text() {
        for (number, text) in
            [(f64::NAN, "NaN"), (f64::INFINITY, "Infinity"), (f64::NEG_INFINITY, "-Infinity")]
        {
            let json = json!({"stringValue": text});
            assert_eq!(encoded_value(Value::DoubleValue(number)), json);
            let array = ArrayValue { values: vec![any(Value::DoubleValue(number))] };
            let json = json!({"arrayValue": {"values": [json]}});
            assert_eq!(encoded_value(Value::ArrayValue(array)), json);
        }
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
