//! The work, traced by hand: what a careful user of the OpenTelemetry SDK writes to record what
//! `#[traced]` records.

use std::sync::OnceLock;

use opentelemetry::context::FutureExt;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::work::{CHILDREN, Refused, pause, price};

/// Of its own type: the global one boxes every span.
static TRACER: OnceLock<SdkTracer> = OnceLock::new();

pub(crate) fn install(provider: &SdkTracerProvider) {
    let scope = InstrumentationScope::builder(env!("CARGO_PKG_NAME"))
        .with_version(env!("CARGO_PKG_VERSION"))
        .build();
    TRACER.set(provider.tracer_with_scope(scope)).expect("nothing has been installed before");
}

/// A context with a span that has started.
macro_rules! start {
    ($name:literal, $item:expr, $customer:expr) => {{
        let tracer = TRACER.get().expect("it has been installed");
        let span = tracer
            .span_builder($name)
            .with_kind(SpanKind::Internal)
            .with_attributes([
                KeyValue::new("code.function.name", concat!(module_path!(), "::", $name)),
                KeyValue::new("code.file.path", file!()),
                KeyValue::new("code.line.number", i64::from(line!())),
                KeyValue::new("item", $item),
                KeyValue::new("customer", $customer.to_owned()),
            ])
            .start(tracer);
        Context::current_with_span(span)
    }};
}

/// Ends the span of a context.
fn end(context: &Context, result: &Result<i64, Refused>) {
    let span = context.span();
    if let Err(error) = result {
        span.record_error(error);
        span.set_status(Status::error(error.to_string()));
    }
    span.end();
}

#[inline(never)]
pub(crate) fn root(item: i64, customer: &str) -> Result<i64, Refused> {
    let context = start!("root", item, customer);
    let attached = context.clone().attach();
    let result = (item..item + CHILDREN).map(|item| child(item, customer)).sum();
    end(&context, &result);
    drop(attached);
    result
}

#[inline(never)]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    let context = start!("child", item, customer);
    let attached = context.clone().attach();
    let result = price(item, customer);
    end(&context, &result);
    drop(attached);
    result
}

pub(crate) async fn async_root(item: i64, customer: &str) -> Result<i64, Refused> {
    let context = start!("async_root", item, customer);
    let body = async { Ok(branch(item, customer).await? + branch(item + 1, customer).await?) };
    let result = body.with_context(context.clone()).await;
    end(&context, &result);
    result
}

async fn branch(item: i64, customer: &str) -> Result<i64, Refused> {
    let context = start!("branch", item, customer);
    let body = async { Ok(leaf(item, customer).await? + leaf(item + 1, customer).await?) };
    let result = body.with_context(context.clone()).await;
    end(&context, &result);
    result
}

async fn leaf(item: i64, customer: &str) -> Result<i64, Refused> {
    let context = start!("leaf", item, customer);
    let body = async {
        pause().await;
        price(item, customer)
    };
    let result = body.with_context(context.clone()).await;
    end(&context, &result);
    result
}
