//! The work, traced by hand: what a careful user of the OpenTelemetry SDK writes to record what
//! `#[traced]` records.

use std::sync::OnceLock;

use opentelemetry::context::FutureExt;
use opentelemetry::trace::{SpanKind, Status, TraceContextExt, Tracer, TracerProvider};
use opentelemetry::{Context, InstrumentationScope, KeyValue};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

use crate::work::{BRANCHES, Refused, below, pause, price, sell};

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
    ($name:literal, $($key:literal = $value:expr),*) => {{
        let tracer = TRACER.get().expect("it has been installed");
        let span = tracer
            .span_builder($name)
            .with_kind(SpanKind::Internal)
            .with_attributes([
                KeyValue::new("code.function.name", concat!(module_path!(), "::", $name)),
                KeyValue::new("code.file.path", file!()),
                KeyValue::new("code.line.number", i64::from(line!())),
                $(KeyValue::new($key, $value)),*
            ])
            .start(tracer);
        Context::current_with_span(span)
    }};
}

/// Ends the span of a context.
fn end(context: &Context, result: &Result<i64, Refused>) {
    let span = context.span();
    if let Err(error) = result {
        let kind = std::any::type_name_of_val(error);
        let message = error.to_string();
        let exception = vec![
            KeyValue::new("exception.type", kind),
            KeyValue::new("exception.message", message.clone()),
        ];
        span.set_attribute(KeyValue::new("error.type", kind));
        span.add_event("exception", exception);
        span.set_status(Status::error(message));
    }
    span.end();
}

#[inline(never)]
pub(crate) fn root(children: i64, item: i64, customer: &str) -> Result<i64, Refused> {
    let context = start!("root", "item" = item, "customer" = customer.to_owned());
    let attached = context.clone().attach();
    let result = (item..item + children).map(|item| child(item, customer)).sum();
    end(&context, &result);
    drop(attached);
    result
}

#[inline(never)]
fn child(item: i64, customer: &str) -> Result<i64, Refused> {
    let context = start!("child", "item" = item, "customer" = customer.to_owned());
    let attached = context.clone().attach();
    let result = price(item, customer);
    end(&context, &result);
    drop(attached);
    result
}

pub(crate) async fn async_root(item: i64, customer: &str) -> i64 {
    let context = start!("async_root", "item" = item, "customer" = customer.to_owned());
    let body = async {
        let mut total = 0;
        for item in item..item + BRANCHES {
            total += branch(item, customer).await;
        }
        total
    };
    let total = body.with_context(context.clone()).await;
    context.span().end();
    total
}

async fn branch(item: i64, customer: &str) -> i64 {
    let context = start!("branch", "item" = item, "customer" = customer.to_owned());
    let body = async {
        let mut total = 0;
        for item in below(item) {
            total += leaf(item, customer, 2, 0.5, true).await.unwrap_or(0);
        }
        total
    };
    let total = body.with_context(context.clone()).await;
    context.span().end();
    total
}

async fn leaf(
    item: i64,
    customer: &str,
    quantity: i64,
    weight: f64,
    express: bool,
) -> Result<i64, Refused> {
    let context = start!(
        "leaf",
        "item" = item,
        "customer" = customer.to_owned(),
        "quantity" = quantity,
        "weight" = weight,
        "express" = express
    );
    let body = async {
        pause().await;
        sell(item, customer)
    };
    let result = body.with_context(context.clone()).await;
    end(&context, &result);
    result
}
