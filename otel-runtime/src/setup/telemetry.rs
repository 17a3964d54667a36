//! Who owns tracing, and how is it ended?

use std::fmt;
use std::time::Duration;

use opentelemetry_sdk::trace::SdkTracerProvider;

use crate::export::pipeline::{
    Delivery, ExporterStats, FlightStats, PipelineHandle, Refused, ShutdownError, Stats, TailStats,
};
use crate::privacy::WouldRedact;
use crate::process::values;
use crate::setup::config::Description;
use crate::setup::outputs::Outputs;

/// Tracing, for as long as this value lives: keep it until the end of `main`.
///
/// Dropping it shuts tracing down, within 5 s or the time of
/// [`Builder::shutdown_timeout`](crate::Builder::shutdown_timeout); after a shutdown that ran out of time
/// it waits no more. All methods can be called from any thread, inside or
/// outside any async runtime, and more than once; they block their caller, and nobody else: spans
/// are sent by a thread of its own, which never needs the program's reactor.
///
/// [How a program ends](crate::guide::ending) says what becomes of its spans in each case.
#[must_use = "dropping it ends tracing: keep it in a variable, not in `_`, until the end of `main`"]
pub struct Telemetry {
    provider: SdkTracerProvider,
    outputs: Outputs,
    description: Description,
    /// How long a flush or a shutdown takes at most, unless the call says otherwise.
    shutdown_timeout: Duration,
}

impl Telemetry {
    pub(crate) fn new(
        provider: SdkTracerProvider,
        outputs: Outputs,
        description: Description,
        shutdown_timeout: Duration,
    ) -> Self {
        Telemetry { provider, outputs, description, shutdown_timeout }
    }

    /// Sends all spans that ended before now. Waits for 5 s at most, or the time of
    /// [`Builder::shutdown_timeout`](crate::Builder::shutdown_timeout).
    ///
    /// What a policy for whole traces holds back stays there: [`Delivery::undecided`] says how much that is.
    ///
    /// # Errors
    ///
    /// As [`flush_within`](Telemetry::flush_within).
    pub fn flush(&self) -> Result<Delivery, ShutdownError> {
        self.flush_within(self.shutdown_timeout)
    }

    /// Sends all spans that ended before now. Waits for `time` at most, in all, however many exporters
    /// there are.
    ///
    /// # Errors
    ///
    /// If any span was lost since the last flush, or the time was over before all were sent; those
    /// that are still held then are not given up.
    pub fn flush_within(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        self.outputs.flush(time, false)
    }

    /// As [`flush`](Telemetry::flush), once all traces are decided that a policy for whole traces holds back:
    /// also those that are not over, whose later spans then follow that decision. For the end of a test, or of
    /// an invocation after which the process may be frozen. A shutdown decides everything, too.
    ///
    /// Without such a policy, it is a flush.
    ///
    /// # Errors
    ///
    /// As [`flush_within`](Telemetry::flush_within).
    pub fn flush_deciding(&self) -> Result<Delivery, ShutdownError> {
        self.flush_deciding_within(self.shutdown_timeout)
    }

    /// As [`flush_deciding`](Telemetry::flush_deciding), and waits for `time` at most, in all.
    ///
    /// # Errors
    ///
    /// As [`flush_within`](Telemetry::flush_within).
    pub fn flush_deciding_within(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        self.outputs.flush(time, true)
    }

    /// Sends all spans that ended before now, and stops. Waits for 5 s at most, or the time of
    /// [`Builder::shutdown_timeout`](crate::Builder::shutdown_timeout).
    ///
    /// Spans that end later are lost, and counted. A second shutdown finds nothing to do.
    ///
    /// # Errors
    ///
    /// As [`shutdown_within`](Telemetry::shutdown_within).
    pub fn shutdown(&self) -> Result<Delivery, ShutdownError> {
        self.shutdown_within(self.shutdown_timeout)
    }

    /// Sends all spans that ended before now, and stops. Waits for `time` at most, in all.
    ///
    /// # Errors
    ///
    /// If any span was lost since the last flush, or the time was over before everything was done;
    /// what is held then is lost, unless another shutdown on its way gives it more time.
    pub fn shutdown_within(&self, time: Duration) -> Result<Delivery, ShutdownError> {
        self.outputs.shutdown(time)
    }

    /// As [`flush`](Telemetry::flush), for async code: no thread waits.
    ///
    /// It has begun when this returns, for the spans that ended before. The future needs no runtime of
    /// any kind, and may be dropped: the spans go out all the same.
    ///
    /// # Errors
    ///
    /// As [`flush_within`](Telemetry::flush_within).
    pub fn flush_async(
        &self,
    ) -> impl Future<Output = Result<Delivery, ShutdownError>> + Send + use<> {
        self.flush_async_within(self.shutdown_timeout)
    }

    /// As [`flush_within`](Telemetry::flush_within), for async code: no thread waits.
    ///
    /// # Errors
    ///
    /// As [`flush_within`](Telemetry::flush_within).
    pub fn flush_async_within(
        &self,
        time: Duration,
    ) -> impl Future<Output = Result<Delivery, ShutdownError>> + Send + use<> {
        self.outputs.flush_async(time, false)
    }

    /// As [`flush_deciding`](Telemetry::flush_deciding), for async code: no thread waits.
    ///
    /// # Errors
    ///
    /// As [`flush_within`](Telemetry::flush_within).
    pub fn flush_deciding_async(
        &self,
    ) -> impl Future<Output = Result<Delivery, ShutdownError>> + Send + use<> {
        self.outputs.flush_async(self.shutdown_timeout, true)
    }

    /// As [`shutdown`](Telemetry::shutdown), for async code: no thread waits, and the executor goes on.
    ///
    /// ```
    /// # async fn serve() {}
    /// # async fn run() -> Result<(), Box<dyn std::error::Error>> {
    /// let telemetry = otel_runtime::init()?;
    /// serve().await;
    /// telemetry.shutdown_async().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// It has begun when this returns, and goes on if the future is dropped.
    ///
    /// # Errors
    ///
    /// As [`shutdown_within`](Telemetry::shutdown_within).
    pub fn shutdown_async(
        &self,
    ) -> impl Future<Output = Result<Delivery, ShutdownError>> + Send + use<> {
        self.shutdown_async_within(self.shutdown_timeout)
    }

    /// As [`shutdown_within`](Telemetry::shutdown_within), for async code: no thread waits.
    ///
    /// # Errors
    ///
    /// As [`shutdown_within`](Telemetry::shutdown_within).
    pub fn shutdown_async_within(
        &self,
        time: Duration,
    ) -> impl Future<Output = Result<Delivery, ShutdownError>> + Send + use<> {
        self.outputs.shutdown_async(time)
    }

    /// What became of every span that ended, since the start. With several exporters, for all of them
    /// together: a span counts as many times as there are exporters.
    #[must_use]
    pub fn stats(&self) -> Stats {
        let stats = self.outputs.spans.as_ref().map_or_else(Stats::default, PipelineHandle::stats);
        Stats {
            values_lost: values::lost(),
            redacted: self.outputs.redactor.stats(),
            refused: Refused::so_far(),
            ..stats
        }
    }

    /// In a dry run (`OTEL_TRACED_PRIVACY_DRY_RUN`), what would have been redacted so far, by key and class.
    #[must_use]
    pub fn would_redact(&self) -> Vec<WouldRedact> {
        self.outputs.redactor.would_redact()
    }

    /// What the policy for whole traces has decided, and what it holds back. `None` without one.
    #[must_use]
    pub fn tail(&self) -> Option<TailStats> {
        self.outputs.spans.as_ref()?.tail()
    }

    /// What the flight recorder has done, and what it holds. `None` without one.
    #[must_use]
    pub fn flight(&self) -> Option<FlightStats> {
        self.outputs.spans.as_ref()?.flight()
    }

    /// What became of every span that ended, for each exporter by itself, in the order in which they
    /// were chosen.
    #[must_use]
    pub fn exporters(&self) -> Vec<ExporterStats> {
        self.outputs.spans.as_ref().map(PipelineHandle::exporters).unwrap_or_default()
    }

    /// Ends tracing, as dropping it does, and then the process, with this exit code.
    ///
    /// In place of [`std::process::exit`], which runs no destructor, so that the spans of the last seconds
    /// would be lost without a word. Spans that are open, those of the callers, are lost here too: to
    /// return from `main` is better, where that can be done.
    ///
    /// ```no_run
    /// # fn is_healthy() -> bool { true }
    /// let telemetry = otel_runtime::init()?;
    /// if !is_healthy() {
    ///     telemetry.exit(1);
    /// }
    /// # Ok::<(), otel_runtime::InitError>(())
    /// ```
    pub fn exit(self, code: i32) -> ! {
        drop(self);
        std::process::exit(code)
    }

    pub(crate) fn outputs(&self) -> &Outputs {
        &self.outputs
    }

    #[cfg(all(feature = "signals", unix))]
    pub(crate) fn shutdown_timeout(&self) -> Duration {
        self.shutdown_timeout
    }

    /// Every setting that holds, and who set it.
    #[must_use]
    pub fn describe(&self) -> &Description {
        &self.description
    }

    /// Where the spans come from: for code that takes a tracer provider, and for tests, which do not
    /// install one.
    ///
    /// If tracing is disabled by `OTEL_SDK_DISABLED`, its spans are not recorded.
    #[must_use]
    pub fn tracer_provider(&self) -> &SdkTracerProvider {
        &self.provider
    }
}

impl Drop for Telemetry {
    fn drop(&mut self) {
        self.outputs.end(self.shutdown_timeout);
    }
}

impl fmt::Debug for Telemetry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Telemetry").field("stats", &self.stats()).finish_non_exhaustive()
    }
}
