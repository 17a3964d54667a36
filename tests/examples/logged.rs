//! Handles requests, and logs what it does in spans of ours and of `tracing`.
//!
//! `interop/run` looks at what comes of it through a Collector. The argument is how many requests there are. What is
//! logged goes to standard output as well.

use std::error::Error;

use opentelemetry_otlp::LogExporter;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::logs::SdkLoggerProvider;
use otel_runtime::{logs, traced};
use tracing::{error, info, instrument};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let requests: u32 = std::env::args().nth(1).ok_or("how many requests?")?.parse()?;
    let telemetry = otel_runtime::init()?;
    // Both read where to send to from the environment.
    let provider = SdkLoggerProvider::builder()
        .with_resource(Resource::builder().build())
        .with_batch_exporter(LogExporter::builder().with_tonic().build()?)
        .build();
    logs::builder().instrumented_spans().export_to(&provider).install()?;
    for request in 0..requests {
        handle(request).await;
    }
    telemetry.shutdown_async().await?;
    tokio::task::spawn_blocking(move || provider.shutdown()).await??;
    Ok(())
}

#[traced(attrs(request))]
async fn handle(request: u32) {
    info!(request, "taken");
    check(request).await;
    info!(request, "answered");
    info!(parent: None, request, "of nobody");
}

#[instrument]
async fn check(request: u32) {
    info!(request, "checked");
    tokio::task::yield_now().await;
    pay(request);
}

#[traced]
fn pay(request: u32) {
    if request.is_multiple_of(3) {
        error!(request, "declined");
    } else {
        log::info!("paid {request}");
    }
}
