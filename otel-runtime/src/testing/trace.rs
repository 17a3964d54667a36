//! What is the context of a capture, and which spans does it get when it ends?

use std::thread;
use std::time::Duration;

use opentelemetry::Context;
use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator};

use super::spans::Spans;
use super::store::{store, telemetry};
use crate::context::current;
use crate::setup::telemetry::Telemetry;

/// How long a capture waits for the export thread, which has hardly anything to do.
const TIME: Duration = Duration::from_secs(60);

/// The trace of a capture that has not ended.
pub(super) struct Trace {
    telemetry: &'static Telemetry,
    /// The parent of the topmost spans of the capture. There is no span with this id.
    parent: SpanContext,
}

impl Trace {
    #[track_caller]
    pub(super) fn start() -> Trace {
        let telemetry = match telemetry() {
            Ok(telemetry) => telemetry,
            Err(error) if error.is_already_initialised() => panic!(
                "no spans can be captured: this process called `init` or `adopt` before the first \
                 capture, which has to set tracing up by itself. Call them in `main` only, which \
                 tests do not run"
            ),
            Err(error) => panic!("no spans can be captured: {error}"),
        };
        let ids = RandomIdGenerator::default();
        let parent = SpanContext::new(
            ids.new_trace_id(),
            ids.new_span_id(),
            TraceFlags::SAMPLED,
            true,
            TraceState::NONE,
        );
        store().open(parent.trace_id());
        Trace { telemetry, parent }
    }

    /// The context in which the captured code runs. Baggage is kept.
    pub(super) fn context(&self) -> Context {
        current::current().with_remote_span_context(self.parent.clone())
    }

    #[track_caller]
    pub(super) fn finish(self) -> Spans {
        if let Err(error) = self.telemetry.flush_within(TIME) {
            panic!("not all spans could be captured: {error}");
        }
        self.take()
    }

    fn take(&self) -> Spans {
        let captured = store().take(&self.parent);
        Spans::new(self.parent.clone(), captured)
    }
}

impl Drop for Trace {
    fn drop(&mut self) {
        if thread::panicking() {
            self.draw();
        }
        store().close(self.parent.trace_id());
    }
}

impl Trace {
    /// Draws the spans so far, for whoever reads of the panic. `eprintln` writes to the output that the
    /// test harness captures for this test alone.
    fn draw(&self) {
        let _ = self.telemetry.flush_within(TIME);
        let spans = self.take();
        if !spans.is_empty() || spans.has_others() {
            eprintln!("the spans of this test before the panic:\n{spans}\n");
        }
    }
}
