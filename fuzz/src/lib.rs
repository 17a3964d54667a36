//! How is a parser tried that is reached through a propagator only?
//!
//! Whatever comes in, what goes out for it has to be readable, and has to mean the same.

use std::collections::BTreeMap;

use opentelemetry::Context;
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::TextMapPropagator;
use opentelemetry::trace::{SpanContext, TraceContextExt};
use otel_runtime::context::{ExtractCarrier, InjectCarrier};

/// Headers, in the order in which they came.
pub type Headers = Vec<(String, String)>;

/// One header for each line of `text`, all with this name.
pub fn lines(name: &str, text: &str) -> Headers {
    text.split('\n').map(|value| (name.to_owned(), value.to_owned())).collect()
}

/// The span and the baggage in a context.
type Meaning = (SpanContext, BTreeMap<String, String>);

/// Reads `headers`, and what is sent for them; the meaning of both must be the same, and a third time the
/// same headers must be sent.
///
/// # Panics
///
/// If it is not.
pub fn round_trip(propagator: &dyn TextMapPropagator, headers: &Headers) {
    let context = extract(propagator, headers);
    let sent = inject(propagator, &context);
    let again = extract(propagator, &sent);
    assert_eq!(meaning(&again), meaning(&context), "{sent:?}");
    assert_eq!(inject(propagator, &again), sent);
}

/// What a carrier says.
pub fn extract(propagator: &dyn TextMapPropagator, carrier: &impl ExtractCarrier) -> Context {
    carrier.with_extractor(|extractor| propagator.extract_with_context(&Context::new(), extractor))
}

/// What is sent in this context.
pub fn inject(propagator: &dyn TextMapPropagator, context: &Context) -> Headers {
    let mut headers = Headers::new();
    headers.with_injector(|injector| propagator.inject_context(context, injector));
    headers
}

fn meaning(context: &Context) -> Meaning {
    let members = context.baggage().iter();
    let members = members.map(|(key, (value, metadata))| {
        (key.to_string(), format!("{value};{}", metadata.as_str()))
    });
    (context.span().span_context().clone(), members.collect())
}
