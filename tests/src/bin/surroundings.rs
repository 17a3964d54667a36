//! A service that is called, with baggage and in a scope; the argument says which test it is for.

use std::collections::HashMap;
use std::error::Error;

use opentelemetry::trace::{SpanKind, Tracer};
use opentelemetry::{KeyValue, global};
use otel_runtime::context::{self, Trust};
use otel_runtime::{init, traced};

fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = init()?;
    let mut headers = HashMap::new();
    headers.insert(
        "traceparent".to_owned(),
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned(),
    );
    let baggage =
        "tenant.id=7,tenant.plan=J%20%C3%BC,user.email=a@b,shard=baggage,own=baggage,other=1";
    headers.insert("baggage".to_owned(), baggage.to_owned());
    match std::env::args().nth(1).as_deref() {
        Some("trusted") => trusted(&headers),
        Some("linked") => linked(&headers),
        Some("crowded") => crowded(),
        _ => return Err("there is no such test".into()),
    }
    telemetry.shutdown()?;
    Ok(())
}

#[traced(parent(extract = headers), attrs(own = "own"), scoped(shard = "scope"))]
fn trusted(headers: &HashMap<String, String>) {
    inner();
    private();
    let tracer = global::tracer("another library");
    let builder = tracer.span_builder("foreign").with_kind(SpanKind::Client);
    builder.with_attributes([KeyValue::new("own", "own")]).start(&tracer);
    let mut outgoing: HashMap<String, String> = HashMap::new();
    context::inject(&mut outgoing);
    let sent = outgoing.get("baggage").map_or(0, |baggage| baggage.split(',').count());
    assert_eq!((sent, outgoing.len()), (6, 2), "all baggage goes on, and no scope");
}

#[traced(parent(extract = headers, trust = Trust::Link))]
fn linked(headers: &HashMap<String, String>) {
    inner();
}

#[traced]
fn inner() {}

#[traced(skip_pii)]
fn private() {}

/// More attributes than the span may have.
fn crowded() {
    let many = (0..10).map(|index| KeyValue::new(format!("key{index}"), "größer"));
    let _scope = context::scope(many);
    listed();
    global::tracer("another library").in_span("foreign", |_| ());
}

#[traced(attrs(key3 = 3))]
fn listed() {}
