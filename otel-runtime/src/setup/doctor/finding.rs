//! What can be wrong, and what is there to do?

use std::fmt;
use std::num::NonZero;

use crate::export::pipeline::{ExporterStats, Stats};
use crate::process::fork;
use crate::setup::config::Setting;

/// What [`doctor`](crate::doctor) found. `Display` says it in plain words, a line each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Diagnosis {
    pub(super) findings: Vec<Finding>,
    pub(super) notes: Vec<Note>,
}

impl Diagnosis {
    /// Whether nothing was found.
    #[must_use]
    pub fn is_healthy(&self) -> bool {
        self.findings.is_empty()
    }

    /// Everything that keeps spans from arriving.
    #[must_use]
    pub fn findings(&self) -> &[Finding] {
        &self.findings
    }

    /// What is as it was set, and good to know.
    #[must_use]
    pub fn notes(&self) -> &[Note] {
        &self.notes
    }
}

/// Something that is as it was set, and keeps no span from arriving.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Note {
    /// The provider is the program's own, so that this crate has no pipeline in which secrets are taken out.
    NoPrivacy,
    /// The provider is the program's own, so that nothing is decided at the tail, and there is no flight recorder.
    NoPipeline,
    /// Everything leaves as it is, and what would be taken out is only counted.
    PrivacyDryRun {
        /// How many values would have been redacted so far.
        would_redact: u64,
    },
    /// Detectors of the program's own panicked. The values that they looked at were dropped.
    DetectorPanicked {
        /// How often they panicked.
        times: NonZero<u64>,
    },
}

/// What it is, and what it means.
impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Note::NoPrivacy => f.write_str(
                "under `adopt`, secrets are taken out of spans if `privacy::Redacting` is put around the exporter, \
                 and out of baggage by `privacy::RedactingPropagator`; OTEL_TRACED_PRIVACY has no effect",
            ),
            Note::NoPipeline => f.write_str(
                "under `adopt` there is neither a tail nor a flight recorder: `init` has both",
            ),
            Note::PrivacyDryRun { would_redact } => write!(
                f,
                "OTEL_TRACED_PRIVACY_DRY_RUN: everything leaves as it is; {would_redact} values would have been \
                 redacted so far, which `Telemetry::would_redact` names",
            ),
            Note::DetectorPanicked { times } => write!(
                f,
                "a detector of the program's own panicked over {times} values, which were dropped: mend it",
            ),
        }
    }
}

/// Something that keeps spans from arriving.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Finding {
    /// Neither `init` nor `adopt` was called.
    NothingInstalled,
    /// This process was forked after `init`, and has not called [`after_fork`](crate::after_fork).
    Forked {
        /// How many spans ended here and were dropped.
        dropped: u64,
    },
    /// Tracing is disabled, by this setting.
    Disabled(Setting),
    /// The sampler records nothing at all.
    NothingSampled(Setting),
    /// The program's own sampler panicked. A span about which it did was recorded if its parent was.
    SamplerPanicked {
        /// How often it panicked.
        times: NonZero<u64>,
    },
    /// The server that says what is sampled did not answer, or not as it should, when it was asked last.
    StrategiesUnknown {
        /// Where it is asked, as in `http://localhost:5778/sampling`.
        endpoint: String,
        /// What was wrong the last time.
        why: String,
        /// How often it was asked, ...
        asked: u64,
        /// ... and how often in vain.
        failed: u64,
    },
    /// The [filter](crate::span::filter) lets no annotated function through.
    NothingEnabled,
    /// Spans are made, and go nowhere, by this setting.
    NoExporter(Setting),
    /// The program, or a library in it, made another provider the global one after `init`.
    GlobalProviderReplaced,
    /// The service has no name of its own, so a backend shows it together with all others that have
    /// none.
    NoServiceName,
    /// Spans were lost before they got to this exporter's destination.
    SpansLost(ExporterStats),
    /// The backend did not take a request without spans.
    BackendUnreachable {
        /// Where requests go, and by which protocol: `http://localhost:4318/v1/traces
        /// (http/protobuf)`.
        endpoint: String,
        /// What was wrong, and what to do about it, as far as that can be told.
        why: String,
    },
}

impl fmt::Display for Diagnosis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_healthy() {
            f.write_str("nothing is wrong, as far as can be seen from here")?;
        }
        for (index, finding) in self.findings.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{finding}")?;
        }
        self.notes.iter().try_for_each(|note| write!(f, "\nnote: {note}"))
    }
}

/// What is wrong, and what to do.
impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Finding::NothingInstalled => f.write_str(
                "nothing makes spans: call `otel_runtime::init()` in `main` and keep what it returns",
            ),
            Finding::Forked { dropped } => write!(f, "{}; {dropped} spans were dropped so far", fork::REMEDY),
            Finding::Disabled(Setting { source, .. }) => {
                write!(f, "tracing is disabled ({source}): take that away")
            }
            Finding::NothingSampled(Setting { value, source, .. }) => write!(
                f,
                "no trace is recorded: the sampler is {value} ({source}); choose another, such as \
                 parentbased_always_on",
            ),
            Finding::SamplerPanicked { times } => write!(
                f,
                "the sampler panicked over {times} spans: a span is then recorded if its parent is, and a trace \
                 that begins is not; mend it",
            ),
            Finding::StrategiesUnknown { endpoint, why, asked, failed } => write!(
                f,
                "{endpoint} does not say what to sample ({why}; {failed} of {asked} times): the last good answer \
                 holds, or else the initial sampler; is Jaeger there?",
            ),
            Finding::NothingEnabled => f.write_str(
                "no annotated function has spans: the filter is off; set another, such as \
                 OTEL_TRACED_FILTER=info",
            ),
            Finding::NoExporter(Setting { source, .. }) => write!(
                f,
                "spans go nowhere ({source}): choose an exporter, such as OTEL_TRACES_EXPORTER=otlp",
            ),
            Finding::NoServiceName => f.write_str(
                "the service has no name, and is hard to find in a backend: set OTEL_SERVICE_NAME",
            ),
            Finding::GlobalProviderReplaced => f.write_str(
                "spans of other libraries go elsewhere, since another provider was made OpenTelemetry's \
                 global one: call `set_tracer_provider` nowhere, or before `init`",
            ),
            Finding::SpansLost(ExporterStats { destination, stats, .. }) => {
                let Stats { ended, dropped, .. } = stats;
                write!(
                    f,
                    "{} of {ended} spans were lost so far on the way to {destination} ({dropped})",
                    dropped.total(),
                )
            }
            Finding::BackendUnreachable { endpoint, why } => {
                write!(f, "{endpoint} does not take spans: {why}")
            }
        }
    }
}
