//! Which headers carry a trace from one process to the next?

use std::fmt;

use opentelemetry::propagation::{TextMapCompositePropagator, TextMapPropagator};

use crate::context::{BaggagePropagator, TraceContextPropagator};

/// A format in which context crosses a process boundary.
///
/// Specification: [`OTEL_PROPAGATORS`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Propagator {
    /// W3C Trace Context, the headers `traceparent` and `tracestate`; `tracecontext`.
    TraceContext,
    /// W3C Baggage, the header `baggage`; `baggage`.
    Baggage,
}

impl Propagator {
    /// The formats that are used by default.
    pub(crate) const DEFAULT: [Propagator; 2] = [Propagator::TraceContext, Propagator::Baggage];
}

/// As it is written in `OTEL_PROPAGATORS`.
impl fmt::Display for Propagator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Propagator::TraceContext => "tracecontext",
            Propagator::Baggage => "baggage",
        })
    }
}

/// All of `formats` as one.
pub(crate) fn composite(formats: &[Propagator]) -> TextMapCompositePropagator {
    TextMapCompositePropagator::new(formats.iter().map(|format| build(*format)).collect())
}

fn build(format: Propagator) -> Box<dyn TextMapPropagator + Send + Sync> {
    match format {
        Propagator::TraceContext => Box::new(TraceContextPropagator::default()),
        Propagator::Baggage => Box::new(BaggagePropagator::default()),
    }
}
