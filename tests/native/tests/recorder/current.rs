//! What holds of what is said of the current span, if there is much of it, or one thing twice?

use opentelemetry::trace::{Tracer, TracerProvider};
use opentelemetry::{KeyValue, Value};
use otel_runtime::context::scope;
use otel_runtime::{event, link, record, set_error, traced};
use otel_tests::capture::{SpanExt, provider, remote_parent};

use super::capture;

#[traced(attrs(id))]
fn says_twice(id: u32) {
    record("rows", 1);
    record("id", "changed");
    record("rows", 2);
    record("tenant.id", 8);
    set_error("a");
    set_error("Z");
}

#[test]
fn of_a_key_that_is_recorded_again_the_last_value_stands_once() {
    let spans = capture(|| {
        let _scope = scope([KeyValue::new("tenant.id", 7)]);
        says_twice(1);
    });

    let span = spans.one("says_twice");
    assert_eq!(span.attribute("rows"), Some(&Value::I64(2)));
    assert_eq!(span.text("id").as_deref(), Some("changed"));
    assert_eq!(span.attribute("tenant.id"), Some(&Value::I64(8)));
    assert_eq!(span.keys().len(), 3);
    assert_eq!(span.error(), Some("Z"));
}

#[test]
fn of_a_span_of_another_library_too() {
    let spans = capture(|| {
        provider().tracer("other").in_span("manual", |_| {
            record("rows", 1);
            record("rows", 2);
        });
    });

    assert_eq!(spans.one("manual").attribute("rows"), Some(&Value::I64(2)));
    assert_eq!(spans.one("manual").dropped_attributes_count, 0);
}

const MANY: u32 = 100_000;

#[traced]
fn says_much() {
    for number in 0..MANY {
        record(format!("key.{number}"), number);
        event("event", []);
        link(remote_parent());
    }
}

#[test]
fn what_is_over_the_limits_is_counted() {
    let spans = capture(says_much);

    let span = spans.one("says_much");
    assert_eq!(span.attributes.len(), 128);
    assert_eq!(span.dropped_attributes_count, 3 + MANY - 128);
    assert_eq!((span.events.len(), span.events.dropped_count), (128, MANY - 128));
    assert_eq!((span.links.len(), span.links.dropped_count), (128, MANY - 128));
}
