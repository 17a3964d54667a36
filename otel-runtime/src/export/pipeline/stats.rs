//! What became of the spans, in numbers?

use std::fmt;
use std::iter::Sum;

use crate::privacy::RedactedStats;
use crate::process::inbound::{self, Inbound};

/// What became of every span that ended, since the start.
///
/// A snapshot: `ended` is always `exported` + `held` + `sampled_out` + `folded` +
/// [`dropped.total()`](Dropped::total).
///
/// With several exporters, everything is counted for each of them, and added up: a span that ended
/// counts as many times as there are exporters. [`Telemetry::exporters`](crate::Telemetry::exporters)
/// has the numbers of each.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Stats {
    /// Spans that ended and were sampled; with a policy for whole traces or a flight recorder also those that were
    /// only recorded.
    pub ended: u64,
    /// Spans that the exporter took, which for OTLP means that the backend did.
    pub exported: u64,
    /// Spans that wait in a buffer, for the decision about their trace, or in a queue, or that the exporter is
    /// sending right now.
    pub held: u64,
    /// Spans that were dropped by the policy for whole traces, as it was told to, by reason:
    /// [`Telemetry::tail`](crate::Telemetry::tail); and those that were not sampled and came into the flight recorder.
    /// What leaves that counts as another span that ended.
    pub sampled_out: u64,
    /// Spans that are lost.
    pub dropped: Dropped,
    /// How many times the exporter sent a batch again, because the backend could not be reached or
    /// said that it should: attempts, not spans.
    pub retried: u64,
    /// Spans that were left out because they were shorter than their `min_duration`. They do not count
    /// as ended.
    pub left_out: u64,
    /// Spans that became one with others by `fold`. The one span that stands for them counts as another that
    /// ended, when it is written.
    pub folded: u64,
    /// Attributes and links that spans went without because the code that computes them panicked: an
    /// expression of `#[traced]`, a closure of it over the result, an iterator of links. A `Display` or
    /// `Debug` that panics is not counted: its text ends with `<formatting failed>`. Counted for the
    /// whole program, so it is 0 in the numbers of one exporter.
    pub values_lost: u64,
    /// What was taken out of spans and all else that leaves, by class, as secrets and payment cards are by default.
    /// Counted once for all exporters, so it is 0 in the numbers of one.
    pub redacted: RedactedStats,
    /// What other processes sent that could not be used. Counted for the whole program, so it is 0 in the
    /// numbers of one exporter.
    pub refused: Refused,
}

/// What other processes sent that could not be used, or not whole, by kind: a broken proxy, say, or
/// strangers who try what happens. Each counts once each time that a request is read.
///
/// What was sent is not reported anywhere. The first of each kind is a line on stderr, with its size.
///
/// Headers count if they are read by the propagators of this crate, as `init` installs them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Refused {
    /// Headers that name the caller's span, such as `traceparent`, and are malformed or there twice. The
    /// request began a new trace.
    pub parents: u64,
    /// `tracestate`s that are malformed or have more than 32 members, of which nothing was used, and those of
    /// more than 512 characters, of which members were left out.
    pub trace_states: u64,
    /// Baggage of which members were left out: they are malformed, or there are more than 64, or they take
    /// more than 8192 bytes.
    pub baggage: u64,
    /// Calls of gRPC methods whose spans are called `grpc` because no more names are learned: see
    /// `tonic::ServerLayer::methods`.
    pub methods: u64,
    /// Texts that are longer than what is recorded of them, such as a path of more than 8192 bytes.
    pub texts: u64,
}

impl Refused {
    /// All of this process so far.
    pub(crate) fn so_far() -> Refused {
        Refused {
            parents: inbound::count(Inbound::Parent),
            trace_states: inbound::count(Inbound::TraceState),
            baggage: inbound::count(Inbound::Baggage),
            methods: inbound::count(Inbound::Method),
            texts: inbound::count(Inbound::Text),
        }
    }
}

/// What became of every span that ended, for one exporter.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ExporterStats {
    /// Where it sends the spans: scheme, host and port of a backend, say.
    pub destination: String,
    /// What became of them.
    pub stats: Stats,
    /// How many spans it may hold: its `max_queue_size`.
    pub capacity: usize,
}

/// Spans that were lost, by reason.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Dropped {
    /// The queue was full: spans ended faster than they could be exported.
    pub queue_full: u64,
    /// The exporter failed: the backend refused the whole batch, or could not be reached.
    pub export_failed: u64,
    /// The exporter did not answer in time.
    pub export_timeout: u64,
    /// The backend refused these spans, and took the others of their batch.
    pub rejected: u64,
    /// The exporter panicked, or a step that spans take before they are shared by the exporters.
    pub exporter_panicked: u64,
    /// They still waited, or were with the exporter, when the time for the shutdown was over.
    pub shutdown_timeout: u64,
    /// They ended after the pipeline was shut down.
    pub after_shutdown: u64,
    /// They ended in a process that was forked after [`init`](crate::init) and had not called
    /// [`after_fork`](crate::after_fork).
    pub in_forked_child: u64,
}

impl Stats {
    /// The same numbers, with the spans that ended in a forked child and were refused there.
    pub(super) fn with_refused(mut self, refused: u64) -> Stats {
        self.ended += refused;
        self.dropped.in_forked_child += refused;
        self
    }
}

/// Adds up the numbers of several exporters.
impl Sum for Stats {
    fn sum<I: Iterator<Item = Stats>>(all: I) -> Stats {
        all.fold(Stats::default(), |sum, it| Stats {
            ended: sum.ended + it.ended,
            exported: sum.exported + it.exported,
            held: sum.held + it.held,
            sampled_out: sum.sampled_out + it.sampled_out,
            dropped: [sum.dropped, it.dropped].into_iter().sum(),
            retried: sum.retried + it.retried,
            left_out: sum.left_out + it.left_out,
            folded: sum.folded + it.folded,
            values_lost: sum.values_lost + it.values_lost,
            // Those of the program are set once all exporters are added up.
            redacted: sum.redacted,
            refused: sum.refused,
        })
    }
}

/// Adds up the numbers of several exporters.
impl Sum for Dropped {
    fn sum<I: Iterator<Item = Dropped>>(all: I) -> Dropped {
        all.fold(Dropped::default(), |sum, it| Dropped {
            queue_full: sum.queue_full + it.queue_full,
            export_failed: sum.export_failed + it.export_failed,
            export_timeout: sum.export_timeout + it.export_timeout,
            rejected: sum.rejected + it.rejected,
            exporter_panicked: sum.exporter_panicked + it.exporter_panicked,
            shutdown_timeout: sum.shutdown_timeout + it.shutdown_timeout,
            after_shutdown: sum.after_shutdown + it.after_shutdown,
            in_forked_child: sum.in_forked_child + it.in_forked_child,
        })
    }
}

impl Dropped {
    /// All that were lost, for whatever reason.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.by_reason().iter().map(|(_, count)| count).sum()
    }

    /// What was lost since `earlier`.
    pub(super) fn since(&self, earlier: &Dropped) -> Dropped {
        Dropped {
            queue_full: self.queue_full - earlier.queue_full,
            export_failed: self.export_failed - earlier.export_failed,
            export_timeout: self.export_timeout - earlier.export_timeout,
            rejected: self.rejected - earlier.rejected,
            exporter_panicked: self.exporter_panicked - earlier.exporter_panicked,
            shutdown_timeout: self.shutdown_timeout - earlier.shutdown_timeout,
            after_shutdown: self.after_shutdown - earlier.after_shutdown,
            in_forked_child: self.in_forked_child - earlier.in_forked_child,
        }
    }

    fn by_reason(&self) -> [(&'static str, u64); 8] {
        let Dropped {
            queue_full,
            export_failed,
            export_timeout,
            rejected,
            exporter_panicked,
            shutdown_timeout,
            after_shutdown,
            in_forked_child,
        } = *self;
        [
            ("queue full", queue_full),
            ("export failed", export_failed),
            ("export timed out", export_timeout),
            ("refused by the backend", rejected),
            ("exporter panicked", exporter_panicked),
            ("shutdown timed out", shutdown_timeout),
            ("ended after shutdown", after_shutdown),
            ("ended in a forked child", in_forked_child),
        ]
    }
}

/// Writes only the reasons that apply, as in `export failed: 3, queue full: 10`.
impl fmt::Display for Dropped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut separator = "";
        for (reason, count) in self.by_reason().into_iter().filter(|(_, count)| *count > 0) {
            write!(f, "{separator}{reason}: {count}")?;
            separator = ", ";
        }
        if separator.is_empty() { f.write_str("none") } else { Ok(()) }
    }
}
