//! How do the spans that other libraries make with an adopted provider get the attributes of their scope?

use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::Span as _;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{Span, SpanData, SpanProcessor};

use crate::context::values::Values;
use crate::span::adopted;

/// Gives the spans that other libraries make with a provider of the program's the attributes of the
/// [`scope`](crate::context::scope()) that they start in.
///
/// For a program that sets up OpenTelemetry by itself, and calls [`adopt`](crate::adopt): add it to the
/// provider, before the processor that exports. The provider's sampler has been asked by then, and has not
/// seen the attributes; spans of annotated functions have them before, and need no processor. Under
/// [`init`](crate::init) all spans have them, so there it is of no use.
///
/// A span's own attributes hold. It does nothing where there is no scope.
///
/// ```
/// use opentelemetry_sdk::trace::SdkTracerProvider;
/// use otel_runtime::ScopedAttributes;
///
/// let provider = SdkTracerProvider::builder()
///     .with_span_processor(ScopedAttributes::default())
///     // and the processor that exports
///     .build();
/// otel_runtime::adopt(provider)?;
/// # Ok::<(), otel_runtime::AdoptError>(())
/// ```
#[derive(Debug, Default)]
#[non_exhaustive]
pub struct ScopedAttributes {}

impl SpanProcessor for ScopedAttributes {
    fn on_start(&self, span: &mut Span, context: &Context) {
        let Some(scoped) = Values::scoped(context) else { return };
        if adopted::is_ours() {
            return;
        }
        // A copy of the span: it offers no other way to its attributes.
        let own = span.exported_data().map(|data| data.attributes).unwrap_or_default();
        for attribute in scoped.attributes() {
            if own.iter().all(|it| it.key != attribute.key) {
                span.set_attribute(attribute.clone());
            }
        }
    }

    fn on_end(&self, _: SpanData) {}

    fn force_flush(&self) -> OTelSdkResult {
        Ok(())
    }

    fn shutdown_with_timeout(&self, _: Duration) -> OTelSdkResult {
        Ok(())
    }
}
