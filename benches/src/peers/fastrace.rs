//! `fastrace` through `fastrace-opentelemetry`.
//!
//! It does not record a function's place, and every value as a string. An error is recorded by hand.

use std::borrow::Cow;

use fastrace::collector::Config;
use fastrace::future::FutureExt;
use fastrace::prelude::{Event, LocalSpan, Span, SpanContext, trace};
use fastrace_opentelemetry::{OpenTelemetryReporter, SPAN_STATUS_CODE, SPAN_STATUS_DESCRIPTION};
use opentelemetry_otlp_of_fastrace::{Protocol, SpanExporter, WithExportConfig};
use opentelemetry_sdk_of_fastrace::Resource;

use crate::export::{Export, SERVICE, Transport, reactor};
use crate::work::{BRANCHES, Refused, below, pause, price, sell};

/// Of how spans are gathered it knows the delay only.
pub(crate) fn install(export: &Export) {
    let config = Config::default().report_interval(export.batches.delay);
    fastrace::set_reporter(reporter(export), config);
}

fn reporter(export: &Export) -> OpenTelemetryReporter {
    let resource = Resource::builder().with_service_name(SERVICE).build();
    let reporter = |exporter| {
        #[expect(
            clippy::default_trait_access,
            reason = "the scope of its `opentelemetry`, not of ours"
        )]
        OpenTelemetryReporter::new(exporter, Cow::Owned(resource), Default::default())
    };
    match export.transport {
        Transport::Http => {
            let exporter = SpanExporter::builder()
                .with_http()
                .with_protocol(Protocol::HttpBinary)
                .with_endpoint(export.traces())
                .build();
            reporter(exporter.expect("the endpoint is a URL"))
        }
        Transport::Grpc => {
            let reactor = reactor();
            let _entered = reactor.enter();
            let exporter =
                SpanExporter::builder().with_tonic().with_endpoint(export.base()).build();
            reporter(exporter.expect("the endpoint is a URL"))
                .with_block_on(move |export| reactor.block_on(export))
        }
    }
}

/// The span that `#[trace]` needs around it.
fn root_span(name: &'static str, sampled: bool, item: i64, customer: &str) -> Span {
    Span::root(name, SpanContext::random().sampled(sampled)).with_properties(|| {
        [
            (Cow::from("item"), Cow::from(item.to_string())),
            (Cow::from("customer"), Cow::from(customer.to_owned())),
        ]
    })
}

/// What the others record of an error.
fn record(error: &Refused) {
    let kind = std::any::type_name_of_val(error);
    let message = error.to_string();
    LocalSpan::add_properties(|| {
        [
            (SPAN_STATUS_CODE, "error".into()),
            (SPAN_STATUS_DESCRIPTION, Cow::from(message.clone())),
            ("error.type", kind.into()),
        ]
    });
    LocalSpan::add_event(Event::new("exception").with_properties(|| {
        [("exception.type", Cow::from(kind)), ("exception.message", message.into())]
    }));
}

#[inline(never)]
pub(crate) fn root(
    sampled: bool,
    children: i64,
    item: i64,
    customer: &str,
) -> Result<i64, Refused> {
    let span = root_span("root", sampled, item, customer);
    let _current = span.set_local_parent();
    (item..item + children).map(|item| child(item, customer)).sum()
}

#[inline(never)]
#[trace(short_name = true, properties = { "item": "{item}", "customer": "{customer}" })]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer).inspect_err(record)
}

pub(crate) async fn async_root(sampled: bool, item: i64, customer: &str) -> i64 {
    let span = root_span("async_root", sampled, item, customer);
    let body = async {
        let mut total = 0;
        for item in item..item + BRANCHES {
            total += branch(item, customer).await;
        }
        total
    };
    body.in_span(span).await
}

#[trace(short_name = true, properties = { "item": "{item}", "customer": "{customer}" })]
async fn branch(item: i64, customer: &str) -> i64 {
    let mut total = 0;
    for item in below(item) {
        total += leaf(item, customer, 2, 0.5, true).await.unwrap_or(0);
    }
    total
}

#[trace(
    short_name = true,
    properties = {
        "item": "{item}",
        "customer": "{customer}",
        "quantity": "{quantity}",
        "weight": "{weight}",
        "express": "{express}",
    }
)]
async fn leaf(
    item: i64,
    customer: &str,
    quantity: i64,
    weight: f64,
    express: bool,
) -> Result<i64, Refused> {
    pause().await;
    sell(item, customer).inspect_err(record)
}
