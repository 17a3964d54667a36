//! Where do finished spans go? Nowhere, as cheaply as can be.

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider, Span, SpanData, SpanProcessor};
use opentelemetry_sdk_of_fastrace as of_fastrace;

/// Drops what it is given.
#[derive(Debug)]
pub(crate) struct Forget;

impl SpanProcessor for Forget {
    fn on_start(&self, _: &mut Span, _: &Context) {}

    fn on_end(&self, _: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}

impl of_fastrace::trace::SpanExporter for Forget {
    async fn export(
        &self,
        _: Vec<of_fastrace::trace::SpanData>,
    ) -> of_fastrace::error::OTelSdkResult {
        Ok(())
    }
}

/// A provider that samples the traces that begin here by `root`, and the others as their parent is.
pub(crate) fn provider(root: Sampler) -> SdkTracerProvider {
    SdkTracerProvider::builder()
        .with_sampler(Sampler::ParentBased(Box::new(root)))
        .with_span_processor(Forget)
        .build()
}
