//! What keeps spans from arriving?

mod finding;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod reach;

use std::num::NonZero;
use std::time::Duration;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
use std::time::Instant;

pub use finding::{Diagnosis, Finding, Note};

use crate::context::switch;
use crate::export::pipeline::PipelineHandle;
use crate::privacy::Redactor;
use crate::process::refused;
use crate::sampling::{self, Status};
use crate::setup::config::{Polled, Source};
use crate::setup::global;
use crate::setup::installed::{self, Active, Installed};
use crate::setup::outputs::Outputs;
use crate::span::filter;

/// How long the doctor takes at most, unless the caller says otherwise.
const TIME: Duration = Duration::from_secs(5);

/// Looks for what keeps spans from arriving, and says what to do about it. Takes 5 s at most.
///
/// As [`doctor_within`].
///
/// ```
/// let diagnosis = otel_runtime::doctor();
/// if !diagnosis.is_healthy() {
///     eprintln!("{diagnosis}");
/// }
/// ```
#[must_use]
pub fn doctor() -> Diagnosis {
    doctor_within(TIME)
}

/// Looks for what keeps spans from arriving, and says what to do about it. Takes `time` at most.
///
/// It looks at what [`init`](crate::init) installed, and asks an OTLP backend to take a request without
/// spans, over a connection of its own. It makes no span, changes nothing, and blocks its caller until
/// it has an answer. Of a provider that was adopted it sees nothing.
#[must_use]
pub fn doctor_within(time: Duration) -> Diagnosis {
    let (mut findings, mut notes) = (Vec::new(), Vec::new());
    match installed::get() {
        None if switch::makes_spans() => notes.extend([Note::NoPrivacy, Note::NoPipeline]),
        None => findings.push(Finding::NothingInstalled),
        Some(Installed { description, active: None }) => {
            findings.extend(description.get("disabled").cloned().map(Finding::Disabled));
        }
        // Nothing else can be checked: locks that the parent's threads held at the fork stay locked.
        Some(Installed {
            active: Some(Active { outputs: Outputs { spans: Some(pipeline), .. }, .. }),
            ..
        }) if pipeline.of_this_process().is_none() => {
            findings.push(Finding::Forked { dropped: refused::count() });
        }
        Some(Installed { description, active: Some(active) }) => {
            let setting = |name| description.get(name).cloned();
            if active.never_samples {
                findings.extend(setting("sampler").map(Finding::NothingSampled));
            }
            if let Some(times) = NonZero::new(sampling::panics()) {
                findings.push(Finding::SamplerPanicked { times });
            }
            findings.extend(active.polled.iter().filter_map(unanswered));
            if filter::current().is_off() {
                findings.push(Finding::NothingEnabled);
            }
            if active.outputs.spans.is_none() {
                findings.extend(setting("exporter").map(Finding::NoExporter));
            }
            if sends_to_backend(active)
                && setting("service_name").is_some_and(|it| it.source == Source::Default)
            {
                findings.push(Finding::NoServiceName);
            }
            if !global::is_ours() {
                findings.push(Finding::GlobalProviderReplaced);
            }
            findings.extend(lost(active));
            notes.extend(privacy(&active.outputs.redactor));
            findings.extend(unreachable(active, time));
        }
    }
    Diagnosis { findings, notes }
}

fn privacy(redactor: &Redactor) -> impl Iterator<Item = Note> {
    let stats = redactor.stats();
    let would_redact = stats.total() - stats.failed;
    let dry_run = redactor.is_dry_run().then_some(Note::PrivacyDryRun { would_redact });
    let panicked = NonZero::new(stats.failed).map(|times| Note::DetectorPanicked { times });
    dry_run.into_iter().chain(panicked)
}

fn unanswered(Polled { remote, endpoint, .. }: &Polled) -> Option<Finding> {
    let Status { asked, failed, why } = remote.status();
    Some(Finding::StrategiesUnknown { endpoint: endpoint.clone(), why: why?, asked, failed })
}

fn lost(active: &Active) -> impl Iterator<Item = Finding> {
    let exporters =
        active.outputs.spans.as_ref().map(PipelineHandle::exporters).unwrap_or_default();
    exporters.into_iter().filter(|it| it.stats.dropped.total() > 0).map(Finding::SpansLost)
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn sends_to_backend(active: &Active) -> bool {
    !active.otlp.is_empty()
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn sends_to_backend(_: &Active) -> bool {
    false
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
fn unreachable(active: &Active, time: Duration) -> Vec<Finding> {
    let begin = Instant::now();
    // All backends are asked before the answer of any is waited for.
    let asked: Vec<_> = active.otlp.iter().map(|otlp| reach::ask(otlp, time)).collect();
    let told = active.otlp.iter().zip(asked).filter_map(|(otlp, asked)| {
        let why = asked.and_then(|asked| asked.wait(time.saturating_sub(begin.elapsed()))).err()?;
        Some(Finding::BackendUnreachable { endpoint: otlp.url(), why })
    });
    told.collect()
}

#[cfg(not(any(feature = "otlp-grpc", feature = "otlp-http")))]
fn unreachable(_: &Active, _: Duration) -> Vec<Finding> {
    Vec::new()
}
