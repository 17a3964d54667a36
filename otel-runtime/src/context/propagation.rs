//! Which headers carry a trace from one process to the next?

use std::fmt;
use std::sync::Arc;

use opentelemetry::Context;
use opentelemetry::propagation::text_map_propagator::FieldIter;
use opentelemetry::propagation::{
    Extractor, Injector, TextMapCompositePropagator, TextMapPropagator,
};

use crate::context::{
    B3Propagator, BaggagePropagator, JaegerPropagator, TraceContextPropagator, XRayPropagator,
};
use crate::process::unwind::caught;

/// A format in which context crosses a process boundary.
///
/// Several are used in the order in which they are listed, in code, in `OTEL_PROPAGATORS` and in a
/// configuration file alike. All of them are written. All of them are read, and of those with a good header,
/// the last one in the list counts: for the trace, and for baggage as a whole. What cannot be read changes
/// nothing.
///
/// Specification: [`OTEL_PROPAGATORS`](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/#general-sdk-configuration),
/// [composite propagators](https://opentelemetry.io/docs/specs/otel/context/api-propagators/#composite-propagator).
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Propagator {
    /// W3C Trace Context, the headers `traceparent` and `tracestate`; `tracecontext`.
    TraceContext,
    /// W3C Baggage, the header `baggage`; `baggage`.
    Baggage,
    /// B3 in one header, `b3`; `b3`. Reads the headers `x-b3-*`, too: see [`B3Propagator`].
    B3,
    /// B3 in several headers, `x-b3-*`; `b3multi`. Reads the header `b3`, too: see [`B3Propagator`].
    B3Multi,
    /// Jaeger, the headers `uber-trace-id` and `uberctx-*`; `jaeger`: see [`JaegerPropagator`].
    Jaeger,
    /// AWS X-Ray, the header `x-amzn-trace-id`; `xray`: see [`XRayPropagator`].
    XRay,
    /// A format of the program's own: see [`Propagator::custom`].
    Custom(CustomPropagator),
}

impl Propagator {
    /// The formats that are used by default.
    pub(crate) const DEFAULT: [Propagator; 2] = [Propagator::TraceContext, Propagator::Baggage];

    /// The names of the formats that are known without [`custom`](Propagator::custom).
    pub(crate) const NAMES: [&str; 6] =
        ["tracecontext", "baggage", "b3", "b3multi", "jaeger", "xray"];

    /// A format of the program's own. `name` is what [`describe`](crate::Builder::describe) shows, and what
    /// `OTEL_PROPAGATORS` and configuration files may list where the format was given to
    /// [`Builder::known_propagator`](crate::Builder::known_propagator). Case does not count.
    ///
    /// If `propagator` panics, the context stays as it is, and the other formats are read and written.
    ///
    /// # Examples
    ///
    /// ```
    /// use otel_runtime::Propagator;
    /// use otel_runtime::context::B3Propagator;
    ///
    /// let telemetry = otel_runtime::builder()
    ///     .propagators([
    ///         Propagator::TraceContext,
    ///         Propagator::custom("ours", B3Propagator::multi()), // a type of yours
    ///     ])
    ///     .environment([("OTEL_TRACES_EXPORTER", "none")])
    ///     .build()?;
    /// # drop(telemetry);
    /// # Ok::<(), otel_runtime::InitError>(())
    /// ```
    pub fn custom(
        name: impl Into<String>,
        propagator: impl TextMapPropagator + Send + Sync + 'static,
    ) -> Propagator {
        let name = name.into().trim().to_ascii_lowercase();
        Propagator::Custom(CustomPropagator { name, propagator: Arc::new(propagator) })
    }

    /// The format of that name, if it needs no code of the program.
    pub(crate) fn named(name: &str) -> Option<Propagator> {
        Some(match name {
            "tracecontext" => Propagator::TraceContext,
            "baggage" => Propagator::Baggage,
            "b3" => Propagator::B3,
            "b3multi" => Propagator::B3Multi,
            "jaeger" => Propagator::Jaeger,
            "xray" => Propagator::XRay,
            _ => return None,
        })
    }

    /// The name, as it is written in `OTEL_PROPAGATORS`.
    pub(crate) fn name(&self) -> &str {
        match self {
            Propagator::TraceContext => "tracecontext",
            Propagator::Baggage => "baggage",
            Propagator::B3 => "b3",
            Propagator::B3Multi => "b3multi",
            Propagator::Jaeger => "jaeger",
            Propagator::XRay => "xray",
            Propagator::Custom(custom) => &custom.name,
        }
    }
}

/// As it is written in `OTEL_PROPAGATORS`.
impl fmt::Display for Propagator {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A format of the program's own, made by [`Propagator::custom`]. Two are equal if their names are.
#[derive(Clone, Debug)]
pub struct CustomPropagator {
    name: String,
    propagator: Arc<dyn TextMapPropagator + Send + Sync>,
}

impl PartialEq for CustomPropagator {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for CustomPropagator {}

/// All of `formats` as one.
pub(crate) fn composite(formats: &[Propagator]) -> TextMapCompositePropagator {
    TextMapCompositePropagator::new(formats.iter().map(build).collect())
}

fn build(format: &Propagator) -> Box<dyn TextMapPropagator + Send + Sync> {
    match format {
        Propagator::TraceContext => Box::new(TraceContextPropagator::default()),
        Propagator::Baggage => Box::new(BaggagePropagator::default()),
        Propagator::B3 => Box::new(B3Propagator::single()),
        Propagator::B3Multi => Box::new(B3Propagator::multi()),
        Propagator::Jaeger => Box::new(JaegerPropagator::default()),
        Propagator::XRay => Box::new(XRayPropagator::default()),
        Propagator::Custom(custom) => Box::new(Guarded::new(Arc::clone(&custom.propagator))),
    }
}

/// A propagator of the program, which may panic.
#[derive(Debug)]
struct Guarded {
    propagator: Arc<dyn TextMapPropagator + Send + Sync>,
    fields: Vec<String>,
}

impl Guarded {
    fn new(propagator: Arc<dyn TextMapPropagator + Send + Sync>) -> Guarded {
        let fields = caught(|| propagator.fields().map(str::to_owned).collect());
        Guarded { propagator, fields: fields.unwrap_or_default() }
    }
}

impl TextMapPropagator for Guarded {
    fn inject_context(&self, context: &Context, injector: &mut dyn Injector) {
        let _ = caught(|| self.propagator.inject_context(context, injector));
    }

    fn extract_with_context(&self, context: &Context, extractor: &dyn Extractor) -> Context {
        caught(|| self.propagator.extract_with_context(context, extractor))
            .unwrap_or_else(|_| context.clone())
    }

    fn fields(&self) -> FieldIter<'_> {
        FieldIter::new(&self.fields)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use opentelemetry::trace::TraceContextExt;

    use super::*;

    #[derive(Debug)]
    struct Panics;

    impl TextMapPropagator for Panics {
        fn inject_context(&self, _: &Context, _: &mut dyn Injector) {
            panic!("no format");
        }

        fn extract_with_context(&self, _: &Context, _: &dyn Extractor) -> Context {
            panic!("no format");
        }

        fn fields(&self) -> FieldIter<'_> {
            panic!("no format");
        }
    }

    #[test]
    fn a_format_of_the_program_that_panics_leaves_the_others_alone() {
        let panics = || Propagator::custom("panics", Panics);
        let all = composite(&[panics(), Propagator::B3, panics(), Propagator::Jaeger]);
        let b3 = "0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-1".to_owned();
        let incoming = HashMap::from([("b3".to_owned(), b3)]);

        let context = all.extract_with_context(&Context::new(), &incoming);
        let mut outgoing = HashMap::new();
        all.inject_context(&context, &mut outgoing);

        assert!(context.span().span_context().is_valid());
        assert_eq!(outgoing["b3"], incoming["b3"]);
        assert!(outgoing.contains_key("uber-trace-id"), "{outgoing:?}");
    }
}
