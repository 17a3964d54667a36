//! Which pipelines take the spans to the chosen exporters?

#[cfg(feature = "console")]
use opentelemetry::Key;
use opentelemetry_sdk::Resource;

#[cfg(feature = "otlp-http")]
use crate::export::otlp::FileExporter;
use crate::export::pipeline::{Connect, Exporter, PipelineHandle, Stages};
use crate::export::settings::{Batching, Output};
#[cfg(feature = "console")]
use crate::export::terminal::Terminal;
use crate::setup::config::{Destination, Processor, Source};
use crate::setup::error::{InitError, InitErrorKind};
#[cfg(feature = "otlp-http")]
use crate::setup::error::{Problem, Shown};

/// Starts a pipeline for each exporter, behind `stages`. `None` if there is no exporter.
pub(crate) fn start(
    processors: Vec<Processor>,
    stages: Stages,
    resource: &Resource,
) -> Result<Option<PipelineHandle>, InitError> {
    let mut exporters = Vec::new();
    for Processor { batch, destination } in processors {
        exporters.extend(exporter(batch, destination, resource)?);
    }
    Ok(PipelineHandle::start(exporters, stages, resource)?)
}

/// The exporter for this destination; `None` for [`Destination::Nowhere`].
fn exporter(
    batching: Batching,
    destination: Destination,
    resource: &Resource,
) -> Result<Option<Exporter>, InitError> {
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
            let (open_traces, terminal) = Terminal::new(console, &service(resource));
            return Ok(Some(Exporter {
                batching,
                connect: Box::new(move |_| Ok(Box::new(terminal))),
                open_traces: Some(open_traces),
            }));
        }
        #[cfg(not(feature = "console"))]
        Destination::Console(console) => {
            let _ = resource;
            Box::new(move |_| Err(format!("{console:?} is not built in")))
        }
    };
    Ok(Some(Exporter { batching, connect, open_traces: None }))
}

/// Opens the file now, so that a wrong path is reported at the start.
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

/// The service as a waterfall names it: `shop@1.2.0`, or `shop` if it has no version.
#[cfg(feature = "console")]
fn service(resource: &Resource) -> String {
    let text = |key| resource.get(&Key::from_static_str(key)).map(|value| value.to_string());
    let name = text("service.name").unwrap_or_default();
    match text("service.version") {
        Some(version) => format!("{name}@{version}"),
        None => name,
    }
}
