//! Is OpenTelemetry's global tracer provider ours?

use std::cell::Cell;

use opentelemetry::trace::TracerProvider;
use opentelemetry::{InstrumentationScope, global};
use opentelemetry_sdk::trace::{SdkTracer, SdkTracerProvider};

/// A scope that no span has.
const PROBE: &str = "otel-runtime/doctor";

thread_local! {
    static PROBED: Cell<bool> = const { Cell::new(false) };
}

/// The provider that `init` makes the global one. It is a type of its own so that it can be recognised,
/// for which OpenTelemetry has no method.
pub(crate) struct GlobalProvider(pub(crate) SdkTracerProvider);

impl TracerProvider for GlobalProvider {
    type Tracer = SdkTracer;

    fn tracer_with_scope(&self, scope: InstrumentationScope) -> SdkTracer {
        if scope.name() == PROBE {
            PROBED.set(true);
        }
        self.0.tracer_with_scope(scope)
    }
}

/// Asks the global provider for a tracer with the scope above, and sees whether the request came to
/// ours. No span is made.
pub(crate) fn is_ours() -> bool {
    PROBED.set(false);
    let _ = global::tracer(PROBE);
    PROBED.get()
}
