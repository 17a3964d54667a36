//! The work, traced by `#[traced]`.

use opentelemetry_sdk::trace::SdkTracerProvider;
use otel_runtime::traced;

use crate::work::{CHILDREN, Refused, pause, price};

pub(crate) fn install(provider: SdkTracerProvider) {
    otel_runtime::adopt(provider).expect("nothing has been adopted before");
}

#[inline(never)]
#[traced(attrs(item, customer))]
pub(crate) fn root(item: i64, customer: &str) -> Result<i64, Refused> {
    (item..item + CHILDREN).map(|item| child(item, customer)).sum()
}

#[inline(never)]
#[traced(attrs(item, customer))]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer)
}

#[traced(attrs(item, customer))]
pub(crate) async fn async_root(item: i64, customer: &str) -> Result<i64, Refused> {
    Ok(branch(item, customer).await? + branch(item + 1, customer).await?)
}

#[traced(attrs(item, customer))]
async fn branch(item: i64, customer: &str) -> Result<i64, Refused> {
    Ok(leaf(item, customer).await? + leaf(item + 1, customer).await?)
}

#[traced(attrs(item, customer))]
async fn leaf(item: i64, customer: &str) -> Result<i64, Refused> {
    pause().await;
    price(item, customer)
}
