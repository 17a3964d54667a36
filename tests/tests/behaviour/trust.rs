//! How much of what a caller says is believed, and where does a handler hang that reads it once more?

use std::collections::HashMap;
use std::convert::TryInto;

use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::TextMapCompositePropagator;
use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, global};
use otel_runtime::context::{
    BaggagePropagator, Incoming, TraceContextPropagator, Trust, carry_in, extract, receive,
};
use otel_runtime::traced;
use otel_tests::capture::{SpanExt, Spans, provider, remote_parent, spans_named, spans_of};

use crate::{capture, capture_async};

type Headers = HashMap<String, String>;

fn from(caller: &SpanContext, flags: &str) -> Headers {
    let traceparent = format!("00-{}-{}-{flags}", caller.trace_id(), caller.span_id());
    HashMap::from([
        ("traceparent".to_owned(), traceparent),
        ("baggage".to_owned(), "tenant=7".to_owned()),
    ])
}

fn read_with_baggage() {
    global::set_text_map_propagator(TextMapCompositePropagator::new(vec![
        Box::new(TraceContextPropagator::default()),
        Box::new(BaggagePropagator::default()),
    ]));
}

fn tenant() -> Option<String> {
    Context::current().baggage().get("tenant").map(ToString::to_string)
}

/// What a middleware is, that is not ours: it makes the request's span by hand.
fn serve<R>(name: &'static str, incoming: &Incoming, handler: impl FnOnce() -> R) -> R {
    let tracer = provider().tracer("a middleware");
    let mut span = tracer.span_builder(name);
    if let Some(caller) = &incoming.link {
        span.links = Some(vec![opentelemetry::trace::Link::with_context(caller.clone())]);
    }
    let span = span.start_with_context(&tracer, &incoming.parent);
    carry_in(incoming.parent.with_span(span), handler)()
}

#[traced(kind = server, parent(extract = headers))]
fn handler(headers: &Headers) -> Option<String> {
    let _ = headers;
    tenant()
}

#[traced(kind = server, parent = extract(headers))]
fn handler_of_old(headers: &Headers) -> Option<String> {
    tenant()
}

#[test]
fn a_handler_that_reads_the_caller_hangs_under_the_live_span_of_its_request() {
    read_with_baggage();
    let caller = remote_parent();
    let headers = from(&caller, "01");

    capture(|| {
        let incoming = receive(&headers, Trust::Trust);
        serve("of a layer", &incoming, || {
            assert_eq!(handler(&headers).as_deref(), Some("7"));
            assert_eq!(handler_of_old(&headers).as_deref(), Some("7"));
        });
        // A middleware that knows nothing of baggage.
        let Incoming { parent, .. } = incoming;
        let bare = Context::new().with_remote_span_context(parent.span().span_context().clone());
        let bare = receive_as(bare);
        serve("of another", &bare, || assert_eq!(handler(&headers).as_deref(), Some("7")));
    });

    let spans = Spans::of(caller);
    let names = spans.names();
    assert_eq!(names, ["handler", "handler_of_old", "of a layer", "handler", "of another"]);
    let layers = [spans.one("of a layer"), spans.one("of another")];
    let above = |at: usize| spans.all[at].parent_span_id;
    let below = [above(0), above(1), above(3)];
    let ids = layers.map(|span| span.span_context.span_id());
    assert_eq!(below, [ids[0], ids[0], ids[1]]);
}

fn receive_as(parent: Context) -> Incoming {
    let mut incoming = receive(&Headers::new(), Trust::Trust);
    incoming.parent = parent;
    incoming
}

#[test]
fn a_handler_without_a_caller_hangs_under_the_span_of_its_request() {
    read_with_baggage();
    let headers = Headers::new();

    capture(|| {
        serve("without a caller", &receive(&headers, Trust::Trust), || handler_alone(&headers));
    });

    let [layer] = spans_named("without a caller").try_into().expect("one span");
    let spans = spans_of(layer.span_context.trace_id());
    let handler = spans.iter().find(|span| span.name == "handler_alone").expect("in this trace");
    assert_eq!(handler.parent_span_id, layer.span_context.span_id());
    assert!(layer.is_root());
}

#[traced(kind = server, parent(extract = headers))]
fn handler_alone(headers: &Headers) {
    let _ = headers;
}

#[test]
fn under_link_and_ignore_a_new_trace_begins_and_a_handler_stays_in_it() {
    read_with_baggage();
    for (trust, flags, name) in [
        (Trust::Link, "00", "linked, unsampled"),
        (Trust::Link, "01", "linked, sampled"),
        (Trust::Ignore, "00", "ignored, unsampled"),
        (Trust::Ignore, "01", "ignored, sampled"),
    ] {
        let caller = remote_parent();
        let headers = from(&caller, flags);

        capture(|| {
            serve(name, &receive(&headers, trust), || {
                assert_eq!(tenant(), None, "{name}");
                assert_eq!(handler(&headers), None, "{name}");
            });
        });

        assert_eq!(Spans::of(caller.clone()).names(), Vec::<&str>::new(), "{name}");
        let [layer] = spans_named(name).try_into().expect("one span, whatever the caller's flag");
        assert!(layer.is_root(), "{name}");
        let links: Vec<_> = layer.links.iter().map(|link| link.span_context.span_id()).collect();
        let expected = if trust == Trust::Link { vec![caller.span_id()] } else { Vec::new() };
        assert_eq!(links, expected, "{name}");
        let of_trace = spans_of(layer.span_context.trace_id());
        assert_eq!(of_trace.len(), 2, "{name}: {of_trace:?}");
    }
}

#[test]
fn another_request_that_is_read_meanwhile_is_not_taken_for_the_one_that_is_served() {
    read_with_baggage();
    let (caller, other) = (remote_parent(), remote_parent());
    let (headers, of_other) = (from(&caller, "01"), from(&other, "01"));

    for trust in [Trust::Trust, Trust::Link, Trust::Ignore] {
        capture(|| serve("outer", &receive(&headers, trust), || drop(handler(&of_other))));
    }

    let spans = Spans::of(other.clone());
    assert_eq!(spans.names(), ["handler"; 3]);
    assert!(spans.all.iter().all(|span| span.parent_span_id == other.span_id()));
}

#[test]
fn values_of_an_explicit_context_stay_under_the_live_span() {
    struct Value;
    #[traced(parent = context)]
    fn explicit(context: &Context) -> bool {
        Context::current().get::<Value>().is_some()
    }
    read_with_baggage();
    let caller = remote_parent();
    let headers = from(&caller, "01");

    capture(|| {
        serve("of a request", &receive(&headers, Trust::Trust), || {
            assert!(explicit(&extract(&headers).with_value(Value)));
        });
    });

    assert_eq!(Spans::of(caller).parent_of("explicit"), "of a request");
}

#[traced(kind = server, parent(extract = headers, trust = Trust::Link), links(&other))]
fn public_handler(headers: &Headers, other: SpanContext) -> Option<String> {
    let _ = (headers, other);
    tenant()
}

#[traced(parent(trust = trust, extract = headers))]
async fn async_handler(headers: Headers, trust: Trust) -> Option<String> {
    tokio::task::yield_now().await;
    drop(headers);
    tenant()
}

struct Public(Trust);

#[traced(kind = server, parent(extract = headers, trust = self.0))]
impl Public {
    fn method(&self, headers: &Headers) -> Result<Option<String>, String> {
        let _ = headers;
        Ok(tenant())
    }

    fn without_self(headers: &Headers) -> Option<String> {
        let _ = headers;
        tenant()
    }
}

#[test]
fn an_attribute_says_how_much_of_a_caller_is_believed() {
    read_with_baggage();
    let caller = remote_parent();
    let headers = from(&caller, "00");
    let other = remote_parent();

    capture(|| {
        assert_eq!(public_handler(&headers, other.clone()), None);
        assert_eq!(Public(Trust::Ignore).method(&headers), Ok(None));
        // The caller is believed, and has not sampled.
        assert_eq!(Public(Trust::Trust).method(&headers), Ok(Some("7".to_owned())));
        // What names `self` is not said of a function without it.
        assert_eq!(Public::without_self(&headers), None);
    });
    capture_async({
        let headers = headers.clone();
        async move {
            for trust in [Trust::Link, Trust::Ignore] {
                assert_eq!(async_handler(headers.clone(), trust).await, None);
            }
        }
    });

    let linked = |name: &str| {
        let spans = spans_named(name);
        let own: Vec<_> = spans.iter().filter(|span| span.is_root()).collect();
        own.iter()
            .map(|span| {
                span.links.iter().map(|link| link.span_context.span_id()).collect::<Vec<_>>()
            })
            .collect::<Vec<_>>()
    };
    assert_eq!(linked("public_handler"), [[caller.span_id(), other.span_id()]]);
    assert_eq!(linked("async_handler"), [vec![caller.span_id()], Vec::new()]);
    assert_eq!(linked("Public::method"), [Vec::<SpanId>::new()]);
    assert_eq!(linked("Public::without_self"), Vec::<Vec<SpanId>>::new());
    assert_eq!(Spans::of(caller).names(), Vec::<&str>::new());
}
