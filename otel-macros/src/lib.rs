//! The `#[traced]` attribute. Use it through `otel_runtime::traced`.
