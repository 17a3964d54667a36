//! A program with one span that holds more of everything than some limits allow.

use std::error::Error;

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Array, Context, KeyValue, Value};
use otel_runtime::{init, traced};
use otel_tests::capture::remote_parent;

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = init()?;
    limited();
    telemetry.shutdown()?;
    Ok(())
}

#[traced(attrs(listed = "größer", number = 12345), links(remote_parent()))]
fn limited() {
    let context = Context::current();
    let span = context.span();
    let words = Value::Array(Array::String(vec!["größer".into(), "ab".into()]));
    span.set_attribute(KeyValue::new("late", words));
    span.set_attribute(KeyValue::new("code.function.name", "my own"));
    for name in ["first", "second"] {
        let attributes = || vec![KeyValue::new("a", "größer"), KeyValue::new("b", 2)];
        span.add_event(name, attributes());
        span.add_link(remote_parent(), attributes());
    }
}
