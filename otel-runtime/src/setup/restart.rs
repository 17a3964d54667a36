//! What is started once more in a forked child?
//!
//! All that [`pipelines`] starts: a pipeline for each exporter, with a resource that names the child.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use opentelemetry::KeyValue;

use crate::export::pipeline::{PipelineHandle, Redaction, Stages};
use crate::export::settings::{Batching, Tail};
use crate::privacy::{LOOKED_AT, Redactor};
use crate::record::Limits;
#[cfg(feature = "otlp-http")]
use crate::setup::config::Polled;
use crate::setup::config::{Destination, Processor, Tracing};
use crate::setup::error::{InitError, InitErrorKind};
use crate::setup::outputs::Outputs;
#[cfg(feature = "otlp-http")]
use crate::setup::remote;
use crate::setup::{pipelines, resource};

/// What is needed to start the pipelines of a process.
pub(crate) struct Recipe {
    service_name: Option<String>,
    resource: Vec<KeyValue>,
    schema_url: Option<String>,
    #[cfg(feature = "otlp-http")]
    polled: Vec<Polled>,
    tail: Option<Tail>,
    flight: Option<NonZeroUsize>,
    limits: Limits,
    redactor: Redactor,
    /// `None` for an exporter of the program's own: there is only one of it, on a thread of the parent.
    /// Locked only while a process starts its pipelines once more.
    processors: Mutex<Vec<(Batching, Option<Destination>)>>,
}

impl Recipe {
    pub(crate) fn of(tracing: &Tracing) -> Recipe {
        let Tracing {
            service_name,
            resource,
            schema_url,
            processors,
            tail,
            flight,
            limits,
            redactor,
            ..
        } = tracing;
        Recipe {
            service_name: service_name.clone(),
            resource: resource.clone(),
            schema_url: schema_url.clone(),
            #[cfg(feature = "otlp-http")]
            polled: tracing.polled.clone(),
            tail: tail.clone(),
            flight: *flight,
            limits: *limits,
            redactor: redactor.clone(),
            processors: Mutex::new(
                processors.iter().map(|it| (it.batch, it.destination.again())).collect(),
            ),
        }
    }

    pub(crate) fn resource(&self) -> opentelemetry_sdk::Resource {
        let resource = resource::detect(
            self.service_name.clone(),
            self.resource.clone(),
            self.schema_url.clone(),
        );
        self.redactor.resource(&resource)
    }

    /// What spans go through before the exporters share them.
    pub(crate) fn stages(&self) -> Stages {
        let redaction = || Box::new(Redaction::new(self.redactor.clone(), self.limits)) as _;
        Stages {
            tail: self.tail.clone(),
            flight: self.flight,
            redaction: (!self.redactor.is_off()).then(redaction),
        }
    }

    /// By which limits spans are recorded: longer than they leave, if they are looked at before.
    pub(crate) fn limits(&self) -> Limits {
        if self.redactor.is_off() { self.limits } else { self.limits.to_look_at(LOOKED_AT) }
    }

    /// Starts the pipelines in a forked child, unless it has done so. If something could not be
    /// started, the next call tries again.
    pub(crate) fn restart(&self, outputs: &Outputs) -> Result<(), InitError> {
        #[cfg(feature = "metrics")]
        if let Some(metrics) = &outputs.metrics {
            metrics.restart(&self.resource())?;
        }
        outputs.spans.as_ref().map_or(Ok(()), |pipeline| self.restart_pipelines(pipeline))
    }

    fn restart_pipelines(&self, pipeline: &PipelineHandle) -> Result<(), InitError> {
        let Some(parent) = pipeline.of_parent() else { return Ok(()) };
        let processors = self.processors.lock().unwrap_or_else(PoisonError::into_inner);
        let has_own = processors.iter().any(|(_, destination)| destination.is_none());
        let again = processors.iter().filter_map(|(batch, destination)| {
            let destination = destination.as_ref()?.again()?;
            Some(Processor { batch: *batch, destination })
        });
        let again = again.collect();
        drop(processors);
        let resource = self.resource();
        if let Some(child) = pipelines::start(again, self.stages(), &resource)? {
            #[cfg(feature = "otlp-http")]
            remote::start(&self.polled, &child, &resource);
            parent.goes_on_as(child);
        }
        if has_own { Err(own_exporter()) } else { Ok(()) }
    }
}

fn own_exporter() -> InitError {
    let what = "an exporter of the program's own does not come along into a forked child";
    InitErrorKind::Start { what, why: "set tracing up after the fork".to_owned() }.into()
}
