//! How does a configuration become tracing, and that of the whole process?

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

#[cfg(feature = "console")]
use opentelemetry::Key;
use opentelemetry::global::{set_text_map_propagator, set_tracer_provider};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};

use crate::context::propagation;
#[cfg(feature = "console")]
use crate::export::console::OpenRoots;
#[cfg(feature = "otlp-http")]
use crate::export::otlp::FileExporter;
use crate::export::pipeline::{Connect, Pipeline, Processor, Sink, Way};
use crate::export::settings::{Batching, Output};
#[cfg(feature = "console")]
use crate::export::terminal::Terminal;
use crate::process::fork;
use crate::process::stderr;
use crate::setup::config::{self, Builder, Config, Destination, Source, Tracing, builder};
use crate::setup::error::{InitError, InitErrorKind};
#[cfg(feature = "otlp-http")]
use crate::setup::error::{Problem, Shown};
use crate::setup::global::GlobalProvider;
use crate::setup::installed::{self, Active, Installed};
use crate::setup::restart::{self, Recipe};
use crate::setup::telemetry::Telemetry;
use crate::span::callsite::filter::Filter;
use crate::span::callsite::{self, Callsite};
use crate::span::others::OthersSampler;
use crate::span::recorder::{self, AlreadyInstalled, Ids, Native, Recorder};

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
    Builder::init(builder())
}

/// Whether `install` came before.
static INSTALLED: AtomicBool = AtomicBool::new(false);

/// Builds everything and makes it the process's.
pub(crate) fn install(config: Config) -> Result<Telemetry, InitError> {
    if INSTALLED.swap(true, Ordering::AcqRel) {
        return Err(InitErrorKind::AlreadyInitialised.into());
    }
    let claim = Claim;
    fork::set_up();
    let log_level = config.log_level;
    let description = config.description.clone();
    let mut active = config.tracing.as_ref().map(Active::of);
    let propagator = propagation::composite(&config.propagators);
    let called_before = callsite::called();
    let Built { telemetry, recording } = assemble(config)?;
    if let Some(Recording { recorder, filter }) = recording {
        // Last of all that can fail. Whatever was started before is shut down by the guard's drop.
        recorder::install(Recorder::Native(recorder), filter)
            .map_err(|AlreadyInstalled| InitErrorKind::AlreadyInitialised)?;
        set_tracer_provider(GlobalProvider(telemetry.tracer_provider().clone()));
    } else {
        recorder::install_nobody();
    }
    if let Some(active) = &mut active {
        active.sink = telemetry.sink().cloned();
    }
    set_text_map_propagator(propagator);
    stderr::set_level(log_level);
    for warning in description.warnings() {
        stderr::warn(&warning.to_string());
    }
    tell_of_calls_before(&called_before);
    installed::remember(Installed { description, active });
    claim.keep();
    Ok(telemetry)
}

/// A call that began before there was a recorder has no span, and neither has an annotated `main` that
/// calls `init`.
fn tell_of_calls_before(called: &[&'static Callsite]) {
    let lost: Vec<_> = called.iter().filter(|callsite| callsite.is_on()).collect();
    // The first that was called comes last.
    if let Some(first) = lost.last() {
        let others = match lost.len() {
            1 => String::new(),
            count => format!(" and {} more", count - 1),
        };
        stderr::warn(&format!(
            "annotated functions were called before `init`, and those calls have no span: {}{others}; \
             call `init` first, in a function that is not annotated",
            first.place(),
        ));
    }
}

/// Builds everything, for whoever holds it.
pub(crate) fn build(config: Config) -> Result<Telemetry, InitError> {
    assemble(config).map(|built| built.telemetry)
}

struct Built {
    telemetry: Telemetry,
    /// `None` if tracing is disabled.
    recording: Option<Recording>,
}

/// What makes the spans of annotated functions, and of which.
struct Recording {
    recorder: Native,
    filter: Option<Filter>,
}

fn assemble(config: Config) -> Result<Built, InitError> {
    let Config { description, log_level: _, shutdown_timeout, propagators: _, tracing } = config;
    let Some(tracing) = tracing else {
        let provider = SdkTracerProvider::builder()
            .with_resource(Resource::builder_empty().build())
            .with_sampler(Sampler::AlwaysOff)
            .build();
        return Ok(Built {
            telemetry: Telemetry::new(provider, None, description, shutdown_timeout),
            recording: None,
        });
    };
    let recipe = Recipe::of(&tracing);
    let resource = recipe.resource();
    let Tracing { sampler, filter, limits, processors, .. } = tracing;
    let sampler = sampler.build();
    // Each of these is always set: where one is not, the SDK reads the environment by itself.
    let mut provider = SdkTracerProvider::builder()
        .with_resource(resource.clone())
        .with_span_limits(limits.into())
        .with_sampler(OthersSampler(sampler.sampler.clone()))
        .with_id_generator(Ids);
    let restart = restart::start(Arc::new(recipe));
    let sink = sink(processors, &resource)?.map(|sink| sink.restarted_by(restart));
    if let Some(sink) = &sink {
        provider = provider.with_span_processor(Processor::new(sink.clone(), limits));
    }
    let telemetry = Telemetry::new(provider.build(), sink.clone(), description, shutdown_timeout);
    let recorder = Native::new(sampler, limits, sink);
    Ok(Built { telemetry, recording: Some(Recording { recorder, filter }) })
}

/// Starts a pipeline for each, or none. `None` if spans go nowhere.
pub(crate) fn sink(
    processors: Vec<config::Processor>,
    resource: &Resource,
) -> Result<Option<Sink>, InitError> {
    let mut ways = Vec::new();
    for config::Processor { batch, destination } in processors {
        let route = Route::to(destination, resource);
        let way =
            route.and_then(|route| route.map(|route| route.start(batch, resource)).transpose());
        match way {
            Ok(way) => ways.extend(way),
            Err(error) => {
                // They have nothing to send yet.
                let _ = Sink::new(ways).map(|started| started.shutdown(TO_STOP));
                return Err(error);
            }
        }
    }
    Ok(Sink::new(ways))
}

/// How long those that were started may take to end again, where another cannot be started.
const TO_STOP: Duration = Duration::from_secs(5);

/// How a pipeline gets at its exporter.
struct Route {
    connect: Connect,
    #[cfg(feature = "console")]
    roots: Option<OpenRoots>,
}

impl Route {
    /// `None` if spans go nowhere.
    fn to(destination: Destination, resource: &Resource) -> Result<Option<Route>, InitError> {
        let connect: Connect = match destination {
            Destination::Nowhere => return Ok(None),
            Destination::Custom(exporter) => Box::new(move |_| Ok(exporter)),
            #[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
            Destination::Otlp(otlp) => {
                Box::new(move |retries| crate::export::otlp::connect(&otlp, retries))
            }
            #[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
            Destination::Otlp(otlp) => Box::new(move |_| Err(format!("{otlp:?} is not built in"))),
            Destination::File { output, from } => file(&output, &from)?,
            #[cfg(feature = "console")]
            Destination::Console(console) => {
                let (roots, terminal) = Terminal::new(console, service(resource));
                return Ok(Some(Route {
                    connect: Box::new(move |_| Ok(Box::new(terminal))),
                    roots: Some(roots),
                }));
            }
            #[cfg(not(feature = "console"))]
            Destination::Console(console) => {
                let _ = resource;
                Box::new(move |_| Err(format!("{console:?} is not built in")))
            }
        };
        Ok(Some(Route {
            connect,
            #[cfg(feature = "console")]
            roots: None,
        }))
    }
}

impl Route {
    fn start(self, batch: Batching, resource: &Resource) -> Result<Way, InitError> {
        let way = Way::new(Pipeline::start(batch, resource.clone(), self.connect)?);
        #[cfg(feature = "console")]
        if let Some(roots) = self.roots {
            return Ok(way.drawing(roots));
        }
        Ok(way)
    }
}

/// Opens it now: a path that is wrong should be heard of at the start.
#[cfg(feature = "otlp-http")]
fn file(output: &Output, from: &Source) -> Result<Connect, InitError> {
    let problem = |error| Problem {
        setting: from.to_string(),
        value: Shown::Value(output.to_string()),
        remedy: format!("name a file that can be written, in a directory that is there ({error})")
            .into(),
    };
    let file = FileExporter::open(output)
        .map_err(|error| InitErrorKind::Settings(vec![problem(error)]))?;
    Ok(Box::new(move |_| Ok(Box::new(file))))
}

#[cfg(not(feature = "otlp-http"))]
fn file(output: &Output, from: &Source) -> Result<Connect, InitError> {
    let why = format!("{output} of {from} needs the feature `otlp-http`");
    Err(InitErrorKind::Start { what: "the exporter cannot be built", why }.into())
}

/// The service in the words of a waterfall: `shop@1.2.0`, or without a version, `shop`.
#[cfg(feature = "console")]
fn service(resource: &Resource) -> String {
    let text = |key| resource.get(&Key::from_static_str(key)).map(|value| value.to_string());
    let name = text("service.name").unwrap_or_default();
    match text("service.version") {
        Some(version) => format!("{name}@{version}"),
        None => name,
    }
}

/// The right to be the process's tracing, given back if nothing comes of it.
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
