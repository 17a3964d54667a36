//! How does a configuration become tracing, for one owner or for the whole process?

use std::sync::atomic::{AtomicBool, Ordering};

use opentelemetry::global::{set_text_map_propagator, set_tracer_provider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};

use crate::context::propagation;
#[cfg(feature = "tower")]
use crate::context::set_outbound;
#[cfg(feature = "metrics")]
use crate::export::metrics::MetricReader;
use crate::export::pipeline::Processor;
#[cfg(feature = "tower")]
use crate::instrumentation::http::method;
#[cfg(feature = "metrics")]
use crate::metrics::counts::Counts;
use crate::privacy::{self, Mode, Place, Redacted, RedactingPropagator, Redactor};
use crate::process::fork;
use crate::process::stderr;
use crate::setup::config::{Builder, Config, Environment, HttpMethods, Tracing, builder};
use crate::setup::error::{InitError, InitErrorKind};
use crate::setup::flight;
use crate::setup::global::GlobalProvider;
use crate::setup::installed::{self, Active, Installed};
use crate::setup::outputs::Outputs;
use crate::setup::pipelines;
#[cfg(feature = "otlp-http")]
use crate::setup::remote;
use crate::setup::restart::Recipe;
use crate::setup::telemetry::Telemetry;
use crate::span::callsite::Callsite;
use crate::span::exceptions::{self, ExceptionEvents};
use crate::span::filter::Filter;
use crate::span::install;
use crate::span::others::OthersSampler;
use crate::span::recorded_only::RecordedOnly;
use crate::span::recorder::{AlreadyInstalled, Ids, Native, Recorder};
use crate::span::registry;

/// Starts tracing as the `OTEL_*` variables say: the one line in `main`.
///
/// Without any, finished traces are drawn on stderr; `OTEL_EXPORTER_OTLP_ENDPOINT` is all it takes
/// to send them to a backend. Settings from code are for [`builder`](crate::builder).
///
/// ```no_run
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let telemetry = otel_runtime::init()?;
///     // ... the program ...
///     telemetry.shutdown()?; // waits 5 s at most
///     Ok(())
/// }
/// ```
///
/// # Errors
///
/// If a variable cannot be used, or tracing is initialised already, or the export thread cannot be
/// started. Nothing is installed and nothing is left running then.
pub fn init() -> Result<Telemetry, InitError> {
    builder().init()
}

/// Ends the chain of setters.
impl Builder {
    /// Builds everything, and installs nothing: spans come from
    /// [`Telemetry::tracer_provider`] only. As often as you like in one process.
    ///
    /// It reads no variable, unless some are handed in by [`environment`](Builder::environment).
    ///
    /// # Errors
    ///
    /// If a setting cannot be used, or the export thread cannot be started; nothing is left running
    /// then.
    pub fn build(self) -> Result<Telemetry, InitError> {
        build(self.decide(Environment::default)?)
    }

    /// Reads the `OTEL_*` variables of the process, builds everything and installs it: as the
    /// recorder of `#[traced]`, and as OpenTelemetry's global tracer provider and propagator.
    ///
    /// # Errors
    ///
    /// As [`build`](Builder::build), and if tracing is initialised already, which then stays as it
    /// is. Nothing is installed and nothing is left running then.
    pub fn init(self) -> Result<Telemetry, InitError> {
        install(self.decide(Environment::of_this_process)?)
    }
}

/// Whether `install` was called before.
static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Builds everything, and makes it the tracing of the process.
fn install(config: Config) -> Result<Telemetry, InitError> {
    if INSTALLED.swap(true, Ordering::AcqRel) {
        return Err(InitErrorKind::AlreadyInitialised.into());
    }
    let claim = Claim;
    fork::set_up();
    let log_level = config.log_level;
    let description = config.description.clone();
    let mut active = config.tracing.as_ref().map(Active::of);
    // A caller's baggage is passed on also where tracing is disabled.
    let redactor = config.tracing.as_ref().map_or_else(secrets, |it| it.redactor.clone());
    let propagator = propagation::composite(&config.propagators);
    if let Some(keys) = redactor.chosen_actions().keys() {
        // Where the program has set some, those stay.
        let _ = privacy::set_hash_keys(keys.clone());
    }
    let propagator = RedactingPropagator::new(propagator, redactor.clone());
    #[cfg(feature = "tower")]
    let outbound = config.outbound.clone();
    let called_before = registry::called();
    let Built { telemetry, recording } = assemble(config)?;
    if let Some(Recording { recorder, filter, exception_events, http_methods }) = recording {
        #[cfg(feature = "tower")]
        method::configure(http_methods.client, http_methods.server);
        #[cfg(not(feature = "tower"))]
        drop(http_methods);
        // This is the last step that can fail. If it does, dropping the guard shuts down what was
        // started.
        install::install(Recorder::Native(recorder), filter)
            .map_err(|AlreadyInstalled| InitErrorKind::AlreadyInitialised)?;
        exceptions::set_exception_events(exception_events);
        set_tracer_provider(GlobalProvider(telemetry.tracer_provider().clone()));
    } else {
        install::install_nobody();
    }
    if let Some(active) = &mut active {
        active.outputs = telemetry.outputs().clone();
    }
    flight::listen(telemetry.outputs());
    set_text_map_propagator(propagator);
    stderr::set_level(log_level);
    privacy::install(redactor.clone());
    stderr::set_filter(lines(redactor));
    #[cfg(feature = "tower")]
    if let Some(outbound) = outbound
        && set_outbound(outbound).is_err()
    {
        stderr::warn("which hosts are sent trace context and baggage was set before: that stays");
    }
    for warning in description.warnings() {
        stderr::warn(&warning.to_string());
    }
    tell_of_calls_before(&called_before);
    installed::remember(Installed { description, active });
    claim.keep();
    Ok(telemetry)
}

fn secrets() -> Redactor {
    Redactor::new(Mode::Secrets)
}

/// Lines of this crate's own never tell a secret, even where spans may.
fn lines(redactor: Redactor) -> Box<dyn Fn(&str) -> String + Send + Sync> {
    let redactor = if redactor.hides() { redactor } else { secrets() };
    Box::new(move |line| match redactor.text(Place::Line, line) {
        Redacted::Kept => line.to_owned(),
        Redacted::Replaced(line) => line,
        Redacted::Dropped => "a line that is not told, for what is in it".to_owned(),
    })
}

/// Warns of annotated functions that were called before `init`, and so have no span; an annotated
/// `main` that calls `init` has none either.
fn tell_of_calls_before(called: &[&'static Callsite]) {
    let lost: Vec<_> = called.iter().filter(|callsite| registry::is_on(callsite)).collect();
    // They are in reverse order of their first calls.
    if let Some(first) = lost.last() {
        let others = match lost.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        stderr::warn(&format!(
            "annotated functions were called before `init`, and those calls have no span: {}{others}; \
             call `init` first, in a function that is not annotated",
            first.description.place(),
        ));
    }
}

/// Builds everything, without installing it.
fn build(config: Config) -> Result<Telemetry, InitError> {
    assemble(config).map(|built| built.telemetry)
}

struct Built {
    telemetry: Telemetry,
    /// `None` if tracing is disabled.
    recording: Option<Recording>,
}

/// What makes the spans of annotated functions, and which functions have one.
struct Recording {
    recorder: Native,
    filter: Option<Filter>,
    exception_events: ExceptionEvents,
    http_methods: HttpMethods,
}

fn assemble(config: Config) -> Result<Built, InitError> {
    let Config { description, log_level: _, shutdown_timeout, propagators: _, tracing, .. } =
        config;
    let Some(tracing) = tracing else {
        let provider = SdkTracerProvider::builder()
            .with_resource(Resource::builder_empty().build())
            .with_sampler(Sampler::AlwaysOff)
            .build();
        return Ok(Built {
            telemetry: Telemetry::new(provider, Outputs::default(), description, shutdown_timeout),
            recording: None,
        });
    };
    let recipe = Recipe::of(&tracing);
    let (resource, limits) = (recipe.resource(), recipe.limits());
    let Tracing {
        sampler,
        #[cfg(feature = "otlp-http")]
        polled,
        shares,
        filter,
        exception_events,
        http_methods,
        baggage_attributes,
        fold,
        redactor,
        processors,
        metrics,
        ..
    } = tracing;
    let sampler = sampler.build();
    #[cfg(feature = "metrics")]
    let (counts, metrics) = match metrics {
        Some(metrics) => {
            let counts = Counts::default();
            (
                Some(counts.clone()),
                Some(MetricReader::start(counts, metrics, redactor.clone(), &resource)?),
            )
        }
        None => (None, None),
    };
    #[cfg(not(feature = "metrics"))]
    let metrics = metrics.and(None);
    let pipeline = pipelines::start(processors, recipe.stages(), &resource)?;
    // All of these are always set, since the SDK would read the environment for those that are not.
    let mut provider = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_span_limits(limits.into())
        .with_sampler(OthersSampler {
            sampler: sampler.sampler.clone(),
            baggage: baggage_attributes.clone(),
            recorded_only: RecordedOnly::of(pipeline.as_ref()),
        })
        .with_id_generator(Ids);
    if let Some(pipeline) = &pipeline {
        provider = provider.with_span_processor(Processor::new(pipeline.clone(), limits));
    }
    #[cfg(feature = "otlp-http")]
    if let Some(pipeline) = &pipeline {
        remote::start(&polled, pipeline, &resource);
    }
    let outputs = Outputs { spans: pipeline.clone(), metrics, redactor };
    let telemetry = Telemetry::new(provider.build(), outputs, description, shutdown_timeout);
    let recorder = Native::new(sampler, shares, baggage_attributes, fold, limits, pipeline);
    #[cfg(feature = "metrics")]
    let recorder = recorder.counting(counts);
    let recording = Recording { recorder, filter, exception_events, http_methods };
    Ok(Built { telemetry, recording: Some(recording) })
}

/// The right to install the tracing of the process; given back if `install` fails.
struct Claim;

impl Claim {
    fn keep(self) {
        std::mem::forget(self);
    }
}

impl Drop for Claim {
    fn drop(&mut self) {
        INSTALLED.store(false, Ordering::Release);
    }
}
