//! `tracing` through `tracing-opentelemetry`.

use opentelemetry::trace::TracerProvider;
use opentelemetry_sdk::trace::SdkTracerProvider;
use tracing::instrument;
use tracing_subscriber::layer::SubscriberExt;

use crate::work::{CHILDREN, Refused, pause, price};

/// With the location of a span, and without what the others do not record.
pub(crate) fn install(provider: &SdkTracerProvider) {
    let layer = tracing_opentelemetry::layer()
        .with_tracer(provider.tracer(env!("CARGO_PKG_NAME")))
        .with_location(true)
        .with_threads(false)
        .with_target(false)
        .with_tracked_inactivity(false);
    tracing::subscriber::set_global_default(tracing_subscriber::registry().with(layer))
        .expect("no subscriber has been set before");
}

#[inline(never)]
#[instrument(skip_all, fields(item, customer), err)]
pub(crate) fn root(item: i64, customer: &str) -> Result<i64, Refused> {
    (item..item + CHILDREN).map(|item| child(item, customer)).sum()
}

#[inline(never)]
#[instrument(skip_all, fields(item, customer), err)]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer)
}

#[instrument(skip_all, fields(item, customer), err)]
pub(crate) async fn async_root(item: i64, customer: &str) -> Result<i64, Refused> {
    Ok(branch(item, customer).await? + branch(item + 1, customer).await?)
}

#[instrument(skip_all, fields(item, customer), err)]
async fn branch(item: i64, customer: &str) -> Result<i64, Refused> {
    Ok(leaf(item, customer).await? + leaf(item + 1, customer).await?)
}

#[instrument(skip_all, fields(item, customer), err)]
async fn leaf(item: i64, customer: &str) -> Result<i64, Refused> {
    pause().await;
    price(item, customer)
}
