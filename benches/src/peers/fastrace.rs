//! `fastrace` through `fastrace-opentelemetry`.
//!
//! It records neither a function's place nor its error, and every value as a string.

use std::borrow::Cow;

use fastrace::future::FutureExt;
use fastrace::prelude::{Span, SpanContext, trace};
use fastrace_opentelemetry::OpenTelemetryReporter;
use opentelemetry_sdk_of_fastrace::Resource;

use crate::sink::Forget;
use crate::work::{CHILDREN, Refused, pause, price};

pub(crate) fn install() {
    let resource = Cow::Owned(Resource::builder_empty().build());
    #[expect(
        clippy::default_trait_access,
        reason = "the scope of its `opentelemetry`, not of ours"
    )]
    let reporter = OpenTelemetryReporter::new(Forget, resource, Default::default());
    fastrace::set_reporter(reporter, fastrace::collector::Config::default());
}

/// Lets its thread finish what it was given, so that it works for nobody else's account.
pub(crate) fn settle() {
    fastrace::flush();
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

#[inline(never)]
pub(crate) fn root(sampled: bool, item: i64, customer: &str) -> Result<i64, Refused> {
    let span = root_span("root", sampled, item, customer);
    let _current = span.set_local_parent();
    (item..item + CHILDREN).map(|item| child(item, customer)).sum()
}

#[inline(never)]
#[trace(short_name = true, properties = { "item": "{item}", "customer": "{customer}" })]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    price(item, customer)
}

pub(crate) async fn async_root(sampled: bool, item: i64, customer: &str) -> Result<i64, Refused> {
    let span = root_span("async_root", sampled, item, customer);
    async { Ok(branch(item, customer).await? + branch(item + 1, customer).await?) }
        .in_span(span)
        .await
}

#[trace(short_name = true, properties = { "item": "{item}", "customer": "{customer}" })]
async fn branch(item: i64, customer: &str) -> Result<i64, Refused> {
    Ok(leaf(item, customer).await? + leaf(item + 1, customer).await?)
}

#[trace(short_name = true, properties = { "item": "{item}", "customer": "{customer}" })]
async fn leaf(item: i64, customer: &str) -> Result<i64, Refused> {
    pause().await;
    price(item, customer)
}
