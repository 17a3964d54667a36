//! What does a flush or a shutdown say of what it delivered, and of what it could not?

use std::error::Error;
use std::fmt;

use super::stats::Dropped;

/// What was delivered since the last report.
///
/// `Debug` leaves out `undecided` where it is 0, as it is in most programs.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivery {
    /// How many spans the exporter took, which for OTLP means that the backend did. With several
    /// exporters, a span counts for each that took it.
    pub exported: u64,
    /// How many spans wait at the tail until it is decided whether their traces are kept. They are not lost:
    /// a flush does not wait for them, [`flush_deciding`](crate::Telemetry::flush_deciding) decides at once.
    /// 0 without a policy for whole traces, and after a shutdown.
    pub undecided: u64,
}

impl fmt::Debug for Delivery {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Delivery { exported, undecided } = self;
        let mut shown = f.debug_struct("Delivery");
        shown.field("exported", exported);
        if *undecided > 0 {
            shown.field("undecided", undecided);
        }
        shown.finish()
    }
}

/// What a flush or a shutdown could not deliver.
///
/// With several exporters, the numbers are those of all together: a span counts for each.
///
/// `Debug` prints the same text as `Display`, because that is what a `main` that returns it shows.
#[derive(Clone, PartialEq, Eq)]
pub struct ShutdownError {
    /// How many spans all exporters together delivered.
    pub(super) exported: u64,
    /// Those exporters that did not deliver everything; never empty.
    pub(super) failed: Vec<Undelivered>,
}

/// What one exporter could not deliver.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Undelivered {
    /// `None` if this is the only exporter.
    pub(super) destination: Option<String>,
    pub(super) exported: u64,
    pub(super) dropped: Dropped,
    pub(super) pending: u64,
    pub(super) timed_out: bool,
    pub(super) cause: Option<String>,
}

impl ShutdownError {
    /// How many spans were delivered since the last report, in spite of the failure.
    #[must_use]
    pub fn exported(&self) -> u64 {
        self.exported
    }

    /// How many spans were lost since the last report, by reason.
    #[must_use]
    pub fn dropped(&self) -> Dropped {
        self.failed.iter().map(|it| it.dropped).sum()
    }

    /// How many spans were still on their way when the time was over. They are not lost yet, unless
    /// the process ends now.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.failed.iter().map(|it| it.pending).sum()
    }

    /// Whether the time was over before everything was done.
    #[must_use]
    pub fn is_timeout(&self) -> bool {
        self.failed.iter().any(|it| it.timed_out)
    }
}

/// With several exporters, a part for each that failed, which begins with where it takes the spans.
impl fmt::Display for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, failed) in self.failed.iter().enumerate() {
            let end = if index == 0 { "" } else { " | " };
            write!(f, "{end}{failed}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Undelivered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(destination) = &self.destination {
            write!(f, "{destination}: ")?;
        }
        let lost = self.dropped.total();
        let all = self.exported + lost + self.pending;
        let mut parts = Vec::new();
        if lost > 0 {
            parts.push(format!("{lost} of {all} spans were not delivered ({})", self.dropped));
        }
        if self.timed_out {
            parts.push(match self.pending {
                0 => "the time was over before the exporter was done".to_owned(),
                held => format!("the time was over with {held} of {all} spans still held"),
            });
        }
        match (&self.cause, parts.is_empty()) {
            (Some(cause), true) => write!(f, "the exporter failed: {cause}"),
            (Some(cause), false) => write!(f, "{}; last error: {cause}", parts.join("; ")),
            (None, _) => f.write_str(&parts.join("; ")),
        }
    }
}

impl fmt::Debug for ShutdownError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Error for ShutdownError {}
