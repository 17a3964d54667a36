//! `tracing` through `tracing-opentelemetry`.
//!
//! `fields(item)` alone would record nothing: it announces a field without a value.

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::instrument;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::layer::SubscriberExt;

use crate::work::{BRANCHES, Refused, below, pause, price, sell};

/// With the location of a span, and without what the others do not record. Without the level, the
/// exporter's connections would be traced too.
pub(crate) fn install(provider: &SdkTracerProvider) {
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer(env!("CARGO_PKG_NAME")))
        .with_location(true)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false);
    let subscriber = tracing_subscriber::registry().with(LevelFilter::INFO).with(layer);
    tracing::subscriber::set_global_default(subscriber).expect("no subscriber has been set before");
}

#[inline(never)]
#[instrument(skip_all, fields(item = item, customer = customer), err)]
pub(crate) fn root(children: i64, item: i64, customer: &str) -> Result<i64, Refused> {
    (item..item + children).map(|item| child(item, customer)).sum()
}

#[inline(never)]
#[instrument(skip_all, fields(item = item, customer = customer), err)]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer)
}

#[instrument(skip_all, fields(item = item, customer = customer))]
pub(crate) async fn async_root(item: i64, customer: &str) -> i64 {
    let mut total = 0;
    for item in item..item + BRANCHES {
        total += branch(item, customer).await;
    }
    total
}

#[instrument(skip_all, fields(item = item, customer = customer))]
async fn branch(item: i64, customer: &str) -> i64 {
    let mut total = 0;
    for item in below(item) {
        total += leaf(item, customer, 2, 0.5, true).await.unwrap_or(0);
    }
    total
}

#[instrument(
    skip_all,
    fields(
        item = item,
        customer = customer,
        quantity = quantity,
        weight = weight,
        express = express
    ),
    err
)]
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
