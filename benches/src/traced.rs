//! The work, traced by `#[traced]`.

use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};
use otel_runtime::{Protocol, Telemetry, traced};

use crate::export::{Export, SERVICE, Transport};
use crate::work::{BRANCHES, Refused, below, pause, price, sell};

pub(crate) fn install(export: &Export) -> Telemetry {
    let protocol = match export.transport {
        Transport::Http => Protocol::HttpProtobuf,
        Transport::Grpc => Protocol::Grpc,
    };
    let builder = otel_runtime::builder();
    let builder = match export.batches.bytes {
        Some(bytes) => builder.max_queue_bytes(bytes),
        None => builder,
    };
    let builder =
        (1..export.batches.exporters).fold(builder.otlp(), |builder, _| builder.exporter(Forgets));
    builder
        .service_name(SERVICE)
        .endpoint(export.base())
        .protocol(protocol)
        .schedule_delay(export.batches.delay)
        .max_queue_size(export.batches.queue)
        .max_export_batch_size(export.batches.size)
        .init()
        .expect("nothing has been installed before")
}

/// An exporter that sends nothing anywhere.
#[derive(Debug)]
struct Forgets;

impl SpanExporter for Forgets {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

#[inline(never)]
#[traced(attrs(item, customer))]
pub(crate) fn root(children: i64, item: i64, customer: &str) -> Result<i64, Refused> {
    (item..item + children).map(|item| child(item, customer)).sum()
}

#[inline(never)]
#[traced(attrs(item, customer))]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer)
}

/// One call, with one attribute.
#[inline(never)]
#[traced(attrs(text))]
pub fn note(text: &str) {
    std::hint::black_box(text);
}

#[traced(attrs(item, customer))]
pub(crate) async fn async_root(item: i64, customer: &str) -> i64 {
    let mut total = 0;
    for item in item..item + BRANCHES {
        total += branch(item, customer).await;
    }
    total
}

#[traced(attrs(item, customer))]
async fn branch(item: i64, customer: &str) -> i64 {
    let mut total = 0;
    for item in below(item) {
        total += leaf(item, customer, 2, 0.5, true).await.unwrap_or(0);
    }
    total
}

#[traced(attrs(item, customer, quantity, weight, express))]
async fn leaf(
    item: i64,
    customer: &str,
    quantity: i64,
    weight: f64,
    express: bool,
) -> Result<i64, Refused> {
    pause().await;
    sell(item, customer)
}
