//! What was decided?
//!
//! Settings from code, and those from the environment or from a file, are of one type, [`Settings`].
//! Put over each other and checked, they become the [`Config`], which is plain data that needs no more
//! decisions.

mod batch;
mod builder;
mod compression;
mod describe;
mod durations;
mod env;
mod environment;
#[cfg(feature = "config-file")]
mod file;
mod header;
mod limits;
mod list;
mod metrics;
mod otlp;
mod policy;
mod preset;
mod privacy;
mod problems;
mod processors;
mod proxies;
#[cfg(any(feature = "config-file", feature = "otlp-grpc", feature = "otlp-http"))]
mod read;
mod resolve;
mod settings;
mod source;
mod suggest;
mod tail;
#[cfg(all(test, feature = "console", feature = "otlp-grpc", feature = "otlp-http"))]
mod tests;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod tls;

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use opentelemetry::KeyValue;

pub use builder::{Builder, builder};
pub use describe::{Description, Setting, SkippedAttributes, Warning};
pub(crate) use environment::Environment;
pub(crate) use policy::Polled;
pub use preset::Preset;
pub use source::Source;

#[cfg(feature = "tower")]
use crate::context::Outbound;
use crate::context::baggage_keys::BaggageKeys;
use crate::context::propagation::Propagator;
use crate::export::Export;
use crate::export::settings::{Batching, Console, Metrics, Otlp, Output, Tail};
use crate::privacy::Redactor;
use crate::process::stderr::LogLevel;
use crate::record::Limits;
use crate::sampling::{Head, Ratio};
use crate::span::exceptions::ExceptionEvents;
use crate::span::filter::Filter;

/// All that has to be known before anything is built.
pub(crate) struct Config {
    pub(crate) description: Description,
    pub(crate) log_level: LogLevel,
    pub(crate) shutdown_timeout: Duration,
    pub(crate) propagators: Vec<Propagator>,
    /// `None` means that what was set before stays. It holds also if tracing is disabled, since a caller's context
    /// is still passed on.
    #[cfg(feature = "tower")]
    pub(crate) outbound: Option<Outbound>,
    /// `None` if tracing is disabled: no span is recorded.
    pub(crate) tracing: Option<Tracing>,
}

pub(crate) struct Tracing {
    pub(crate) service_name: Option<String>,
    pub(crate) resource: Vec<KeyValue>,
    /// `None` means the schema URL of the semantic conventions from which the detected attributes are.
    pub(crate) schema_url: Option<String>,
    pub(crate) sampler: Head,
    /// The samplers in it that a server has to be asked for.
    pub(crate) polled: Vec<Polled>,
    /// How the share of a function with `sample` is chosen; `None` means that no trace is left out for it.
    pub(crate) shares: Option<Ratio>,
    /// `None` means that the filter stays which is set already.
    pub(crate) filter: Option<Filter>,
    pub(crate) exception_events: ExceptionEvents,
    pub(crate) http_methods: HttpMethods,
    /// The entries of baggage that become attributes of spans.
    pub(crate) baggage_attributes: Option<BaggageKeys>,
    /// From which sibling on spans are folded into one.
    pub(crate) fold: Option<NonZeroU32>,
    /// `None` if whole traces are not looked at.
    pub(crate) tail: Option<Tail>,
    /// How many bytes of spans that were not sampled are kept; `None` for none.
    pub(crate) flight: Option<NonZeroUsize>,
    pub(crate) limits: Limits,
    pub(crate) redactor: Redactor,
    /// At least one, whose destination may be [`Destination::Nowhere`].
    pub(crate) processors: Vec<Processor>,
    /// `None` if calls are not counted.
    pub(crate) metrics: Option<Metrics>,
}

/// Which methods the layers for HTTP know; `None` means those that the semantic conventions list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct HttpMethods {
    pub(crate) client: Option<Vec<String>>,
    pub(crate) server: Option<Vec<String>>,
}

/// One of the exporters that every span goes to, with its batching.
pub(crate) struct Processor {
    pub(crate) batch: Batching,
    pub(crate) destination: Destination,
}

/// Where spans go.
pub(crate) enum Destination {
    Otlp(Box<Otlp>),
    Console(Console),
    /// Lines of JSON.
    File {
        output: Output,
        from: Source,
    },
    Custom(Box<dyn Export>),
    Nowhere,
}

impl Destination {
    /// The same destination, for a forked child; `None` for the program's own exporter, of which there
    /// is only one.
    pub(crate) fn again(&self) -> Option<Destination> {
        Some(match self {
            Destination::Otlp(otlp) => Destination::Otlp(otlp.clone()),
            Destination::Console(console) => Destination::Console(console.clone()),
            Destination::File { output, from } => {
                // A process that goes into the background often changes its directory, so a relative
                // path has to be resolved first.
                let output = match output {
                    Output::File(path) => {
                        Output::File(std::path::absolute(path).unwrap_or_else(|_| path.clone()))
                    }
                    Output::Stdout => Output::Stdout,
                };
                Destination::File { output, from: from.clone() }
            }
            Destination::Custom(_) => return None,
            Destination::Nowhere => Destination::Nowhere,
        })
    }
}
