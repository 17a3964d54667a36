//! Which pipelines take the spans to the exporters that were chosen?

use std::time::Duration;

#[cfg(feature = "console")]
use opentelemetry::Key;
use opentelemetry_sdk::Resource;

#[cfg(feature = "console")]
use crate::export::open_traces::OpenTraces;
#[cfg(feature = "otlp-http")]
use crate::export::otlp::FileExporter;
use crate::export::pipeline::{Connect, Pipeline, Sink, Way};
use crate::export::settings::{Batching, Output};
#[cfg(feature = "console")]
use crate::export::terminal::Terminal;
use crate::setup::config::{Destination, Processor, Source};
use crate::setup::error::{InitError, InitErrorKind};
#[cfg(feature = "otlp-http")]
use crate::setup::error::{Problem, Shown};

/// Starts a pipeline for each, or none. `None` if spans go nowhere.
pub(crate) fn start(
    processors: Vec<Processor>,
    resource: &Resource,
) -> Result<Option<Sink>, InitError> {
    let mut ways = Vec::new();
    for Processor { batch, destination } in processors {
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
    roots: Option<OpenTraces>,
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
