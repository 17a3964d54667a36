//! What is started once more in a forked child?
//!
//! All that [`pipelines`] starts for the spans that are finished: a pipeline for each
//! exporter, with a resource that names the child.

use std::sync::{Arc, Mutex, PoisonError};

use opentelemetry::KeyValue;

use crate::export::pipeline::{Restarted, Sink, Start};
use crate::export::settings::Batching;
use crate::setup::config::{Destination, Processor, Tracing};
use crate::setup::error::{InitError, InitErrorKind};
#[cfg(all(feature = "signals", unix))]
use crate::setup::signals;
use crate::setup::{installed, pipelines, resource};

/// What the pipelines of a process are made of.
pub(crate) struct Recipe {
    service_name: Option<String>,
    resource: Vec<KeyValue>,
    schema_url: Option<String>,
    /// `None` for an exporter that is the program's own: there is one of it, on a thread of the parent's.
    /// Locked only where a process starts them once more.
    processors: Mutex<Vec<(Batching, Option<Destination>)>>,
}

impl Recipe {
    pub(crate) fn of(tracing: &Tracing) -> Recipe {
        let Tracing { service_name, resource, schema_url, processors, .. } = tracing;
        Recipe {
            service_name: service_name.clone(),
            resource: resource.clone(),
            schema_url: schema_url.clone(),
            processors: Mutex::new(
                processors.iter().map(|it| (it.batch, it.destination.again())).collect(),
            ),
        }
    }

    pub(crate) fn resource(&self) -> opentelemetry_sdk::Resource {
        resource::detect(self.service_name.clone(), self.resource.clone(), self.schema_url.clone())
    }

    fn restarted(self: &Arc<Self>) -> Restarted {
        let processors = self.processors.lock().unwrap_or_else(PoisonError::into_inner);
        let has_own = processors.iter().any(|(_, destination)| destination.is_none());
        let again = processors.iter().filter_map(|(batch, destination)| {
            let destination = destination.as_ref()?.again()?;
            Some(Processor { batch: *batch, destination })
        });
        let again = again.collect();
        drop(processors);
        match pipelines::start(again, &self.resource()) {
            Ok(sink) => Restarted {
                // The child may fork as well.
                sink: sink.map(|sink| sink.restarted_by(start(Arc::clone(self)))),
                problem: has_own.then(own_exporter),
            },
            Err(error) => Restarted { sink: None, problem: Some(error) },
        }
    }
}

/// What a sink is told, for its forked child to start another one.
pub(crate) fn start(recipe: Arc<Recipe>) -> Box<Start> {
    Box::new(move || recipe.restarted())
}

/// Lets spans arrive from a process that was forked after [`init`](crate::init).
///
/// Call it first thing in the child, after a `fork` or from a program that puts itself into the background
/// after `init`. It starts what a child by `fork` lacks, such as the thread that exports, and gives the
/// resource a new `service.instance.id` and the `process.pid` of the child. What the parent held stays the
/// parent's; so do spans that were open when it forked, which the child does not send a second time. The
/// guard of `init`, of which the child has a copy, then belongs to the child.
///
/// Without it the child never waits for anything of ours: its spans have ids of their own, are counted in
/// [`Dropped::in_forked_child`](crate::Dropped::in_forked_child), and one line on stderr says so.
///
/// In a process that was not forked, for the second time, and with a provider that was
/// [adopted](crate::adopt), it does nothing.
///
/// ```no_run
/// # fn daemonize() {}
/// let telemetry = otel_runtime::init()?;
/// daemonize(); // forks, and goes on in the child
/// otel_runtime::after_fork()?;
/// # Ok::<(), otel_runtime::InitError>(())
/// ```
///
/// # Errors
///
/// If a thread cannot be started, or a file not be opened: then nothing is started, and a later call tries
/// again. And if an exporter is the program's own: that lives in the memory of a thread that the child does
/// not have; all other exporters are started.
pub fn after_fork() -> Result<(), InitError> {
    let installed = installed::get().and_then(|installed| installed.active.as_ref());
    let sink = installed.and_then(|active| active.sink.as_ref());
    let started = sink.map_or(Ok(()), Sink::after_fork);
    #[cfg(all(feature = "signals", unix))]
    let started = started.and(signals::after_fork());
    started
}

fn own_exporter() -> InitError {
    let what = "an exporter of the program's own does not come along into a forked child";
    InitErrorKind::Start { what, why: "set tracing up after the fork".to_owned() }.into()
}
