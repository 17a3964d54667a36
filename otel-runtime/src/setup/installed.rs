//! What is installed in this process?

use std::sync::OnceLock;

use crate::export::settings::Otlp;
use crate::sampling::{Head, Sampler};
use crate::setup::config::{Description, Destination, Polled, SkippedAttributes, Tracing};
use crate::setup::outputs::Outputs;
use crate::setup::restart::Recipe;
use crate::span::registry;

static INSTALLED: OnceLock<Installed> = OnceLock::new();

/// What `init` installed, for those who ask later.
pub(crate) struct Installed {
    pub(crate) description: Description,
    /// `None` if tracing is disabled.
    pub(crate) active: Option<Active>,
}

pub(crate) struct Active {
    /// The sampler never samples, whatever the span.
    pub(crate) never_samples: bool,
    /// The OTLP backends that spans go to.
    #[cfg_attr(
        not(any(feature = "otlp-grpc", feature = "otlp-http")),
        expect(dead_code, reason = "without a protocol there is nothing to reach")
    )]
    pub(crate) otlp: Vec<Otlp>,
    /// The samplers that a server is asked for.
    pub(crate) polled: Vec<Polled>,
    pub(crate) outputs: Outputs,
    /// What a forked child needs to start the pipelines once more.
    pub(crate) recipe: Recipe,
}

impl Active {
    /// What will be installed, without the pipelines, which are not started yet.
    pub(crate) fn of(tracing: &Tracing) -> Active {
        let never_samples = match &tracing.sampler {
            Head::Standard(Sampler::AlwaysOff) => true,
            Head::Standard(Sampler::TraceIdRatio(ratio)) => *ratio <= 0.0,
            Head::Standard(_) | Head::Custom(_) | Head::Sampler(_) => false,
        };
        let otlp = tracing.processors.iter().filter_map(|processor| match &processor.destination {
            Destination::Otlp(otlp) => Some(Otlp::clone(otlp)),
            Destination::Console(_)
            | Destination::File { .. }
            | Destination::Custom(_)
            | Destination::Nowhere => None,
        });
        Active {
            never_samples,
            otlp: otlp.collect(),
            polled: tracing.polled.clone(),
            outputs: Outputs::default(),
            recipe: Recipe::of(tracing),
        }
    }
}

/// Remembers what was installed: `init` does so once in the life of the process.
pub(crate) fn remember(installed: Installed) {
    // It cannot be there already, because `init` succeeds once.
    let _ = INSTALLED.set(installed);
}

pub(crate) fn get() -> Option<&'static Installed> {
    INSTALLED.get()
}

/// Every setting that holds in this process, and who set it; `None` before [`init`](crate::init), and
/// where a provider was adopted.
///
/// ```
/// if let Some(description) = otel_runtime::describe() {
///     println!("{description}");
/// }
/// ```
///
/// It also lists, for every function that was called so far, the attributes that `skip_pii` leaves out.
#[must_use]
pub fn describe() -> Option<Description> {
    let skipped = registry::skipped().into_iter().map(SkippedAttributes::from).collect();
    get().map(|installed| installed.description.clone().with_skipped(skipped))
}
