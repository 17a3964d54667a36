//! Context in and out of the headers of a request: by `otel_runtime::context`, and by the propagators of the SDK.

use http::{HeaderMap, HeaderName, HeaderValue};
use opentelemetry::baggage::BaggageExt;
use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};
use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, global};
use opentelemetry_http::{HeaderExtractor, HeaderInjector};
use otel_runtime::context;

/// Both, with W3C trace context and baggage.
#[derive(Debug)]
pub struct Propagation {
    stock: TextMapCompositePropagator,
    plain: HeaderMap,
}

impl Propagation {
    /// Installs our propagators, as `init` does.
    #[must_use]
    pub fn install() -> Propagation {
        global::set_text_map_propagator(TextMapCompositePropagator::new(vec![
            Box::new(context::TraceContextPropagator::default()),
            Box::new(context::BaggagePropagator::default()),
        ]));
        let stock = TextMapCompositePropagator::new(vec![
            Box::new(opentelemetry_sdk::propagation::TraceContextPropagator::new()),
            Box::new(opentelemetry_sdk::propagation::BaggagePropagator::new()),
        ]);
        Propagation { stock, plain: headers(false) }
    }

    /// # Panics
    ///
    /// If one reads or writes something else than the other.
    pub fn assert_same(&self) {
        let incoming = headers(true);
        let caller = context::extract(&incoming);
        assert_eq!(caller.baggage().len(), 3);
        let stock = self.stock_extract(&incoming);
        assert_eq!(caller.span().span_context(), stock.span().span_context());
        assert_eq!(self.inject(&caller)["traceparent"], self.stock_inject(&caller)["traceparent"]);
    }

    /// Reads by the propagators of the SDK.
    #[must_use]
    pub fn stock_extract(&self, headers: &HeaderMap) -> Context {
        self.stock.extract_with_context(&Context::new(), &HeaderExtractor(headers))
    }

    /// Writes into a copy of headers, by the propagators of the SDK.
    #[must_use]
    pub fn stock_inject(&self, context: &Context) -> HeaderMap {
        let mut headers = self.plain.clone();
        self.stock.inject_context(context, &mut HeaderInjector(&mut headers));
        headers
    }

    /// Writes into a copy of headers, by ours.
    #[must_use]
    pub fn inject(&self, caller: &Context) -> HeaderMap {
        let mut headers = self.plain.clone();
        context::inject_context(caller, &mut headers);
        headers
    }
}

/// Four headers, and context with baggage of three members or none.
#[must_use]
pub fn headers(with_context: bool) -> HeaderMap {
    let common = [
        ("host", "shop.example"),
        ("user-agent", "a client"),
        ("accept", "*/*"),
        ("content-type", "application/json"),
    ];
    let context = [
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("baggage", "tenant=blue,user.tier=gold,request.source=web%20shop"),
    ];
    let context = context.into_iter().filter(|_| with_context);
    common
        .into_iter()
        .chain(context)
        .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)))
        .collect()
}
