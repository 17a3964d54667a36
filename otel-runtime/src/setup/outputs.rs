//! What leaves the process, to be flushed and ended together?
//!
//! Spans, and the counts of calls. A flush tells what became of the spans; if metrics do not arrive, a line on
//! stderr says so, and the next ones hold what these would have said.

use std::time::Duration;

use super::progress;
use crate::export::metrics::{MetricReader, Waiting};
use crate::export::pipeline::{Delivery, PipelineHandle, ShutdownError, Why};
use crate::privacy::Redactor;

/// All that leaves the process.
#[derive(Clone, Default)]
pub(crate) struct Outputs {
    /// `None` if spans go nowhere.
    pub(crate) spans: Option<PipelineHandle>,
    /// What decides what may leave.
    pub(crate) redactor: Redactor,
    /// `None` if calls are not counted.
    pub(crate) metrics: Option<MetricReader>,
}

impl Outputs {
    /// Whether nothing leaves.
    #[cfg(all(feature = "signals", unix))]
    pub(crate) fn are_none(&self) -> bool {
        self.spans.is_none() && self.metrics.is_none()
    }

    /// Asks the flight recorder for all that it holds; false if there is none.
    pub(crate) fn dump(&self, why: Why) -> bool {
        self.spans.as_ref().is_some_and(|spans| spans.dump(why))
    }

    /// With `decides`, all traces are decided that wait for it.
    pub(crate) fn flush(&self, time: Duration, decides: bool) -> Result<Delivery, ShutdownError> {
        let metrics = self.flush_metrics(time);
        let flush = |it: &PipelineHandle| {
            progress::told(time, || it.stats().held, || it.flush(time, decides))
        };
        let spans = self.spans.as_ref().map_or(Ok(Delivery::default()), flush);
        wait(metrics);
        spans
    }

    pub(crate) fn shutdown(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        let metrics = self.shut_down_metrics(time);
        let shutdown =
            |it: &PipelineHandle| progress::told(time, || it.stats().held, || it.shutdown(time));
        let spans = self.spans.as_ref().map_or(Ok(Delivery::default()), shutdown);
        wait(metrics);
        spans
    }

    /// Shuts down; returns at once if an earlier shutdown ran out of time.
    pub(crate) fn end(&self, time: Duration) {
        let metrics = self.shut_down_metrics(time);
        // Losses are reported on stderr.
        let end = |it: &PipelineHandle| progress::told(time, || it.stats().held, || it.end(time));
        let _ = self.spans.as_ref().map(end);
        wait(metrics);
    }

    pub(crate) fn flush_async(
        &self,
        time: Duration,
        decides: bool,
    ) -> impl Future<Output = Result<Delivery, ShutdownError>> + Send + use<> {
        let metrics = self.flush_metrics(time);
        let spans = self.spans.as_ref().map(|it| it.flush_async(time, decides));
        async move {
            let spans = if let Some(spans) = spans { spans.await } else { Ok(Delivery::default()) };
            done(metrics).await;
            spans
        }
    }

    pub(crate) fn shutdown_async(
        &self,
        time: Duration,
    ) -> impl Future<Output = Result<Delivery, ShutdownError>> + Send + use<> {
        let metrics = self.shut_down_metrics(time);
        let spans = self.spans.as_ref().map(|it| it.shutdown_async(time));
        async move {
            let spans = if let Some(spans) = spans { spans.await } else { Ok(Delivery::default()) };
            done(metrics).await;
            spans
        }
    }

    fn flush_metrics(&self, time: Duration) -> Option<Waiting> {
        self.metrics.as_ref()?.flush(time)
    }

    fn shut_down_metrics(&self, time: Duration) -> Option<Waiting> {
        self.metrics.as_ref()?.shutdown(time)
    }
}

fn wait(metrics: Option<Waiting>) {
    if let Some(metrics) = metrics {
        metrics.wait();
    }
}

async fn done(metrics: Option<Waiting>) {
    if let Some(metrics) = metrics {
        metrics.done().await;
    }
}
