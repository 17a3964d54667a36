//! Where do finished spans wait for the capture that they belong to?

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::Duration;

use opentelemetry::trace::{SpanContext, TraceContextExt, TraceFlags, TraceState};
use opentelemetry::{Context, SpanId, TraceId};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{IdGenerator, RandomIdGenerator, SpanData, SpanExporter};

use super::Spans;
use super::order::{Beginning, Numbering, take_beginning};
use crate::context::current;
use crate::record::Limits;
use crate::setup::config::builder;
use crate::setup::error::InitError;
use crate::setup::telemetry::Telemetry;

/// How many spans, and how many bytes of them, may end before anybody looks.
const MOST: usize = 1_000_000;
const MOST_BYTES: usize = 1 << 30;

/// How long a capture waits for the export thread, which has next to nothing to do.
const TIME: Duration = Duration::from_secs(60);

static STORE: Mutex<Store> = Mutex::new(Store { open: Vec::new(), ended: Vec::new() });

struct Store {
    /// The traces of the captures that are on. Without any, nothing is kept.
    open: Vec<TraceId>,
    ended: Vec<Ended>,
}

/// A finished span, and how it began.
#[derive(Clone)]
pub(super) struct Ended {
    pub(super) data: SpanData,
    pub(super) beginning: Beginning,
}

/// What there is of a capture.
pub(super) struct Captured {
    /// The spans of its trace, and of those that link to it.
    pub(super) own: Vec<Ended>,
    /// Spans of other traces that began inside it, and what is below them.
    pub(super) others: Vec<Ended>,
    /// How many spans of no capture there are beside them, which may be of this test or not.
    pub(super) strays: usize,
}

impl From<SpanData> for Ended {
    fn from(mut data: SpanData) -> Ended {
        Ended { beginning: take_beginning(&mut data), data }
    }
}

/// The recorder of this process; never dropped, since no test is the last one.
fn telemetry() -> &'static Result<Telemetry, InitError> {
    static TELEMETRY: OnceLock<Result<Telemetry, InitError>> = OnceLock::new();
    TELEMETRY.get_or_init(|| {
        builder()
            .environment([("", ""); 0])
            .filter("trace")
            .custom_sampler(Numbering)
            // How a span began is one of them.
            .attribute_count_limit(Limits::default().attributes_per_span + 1)
            .max_queue_size(MOST)
            .max_queue_bytes(MOST_BYTES)
            .exporter(Keep)
            .init()
    })
}

#[derive(Debug)]
struct Keep;

impl SpanExporter for Keep {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let mut store = store();
        if !store.open.is_empty() {
            store.ended.extend(batch.into_iter().map(Ended::from));
        }
        Ok(())
    }
}

/// The trace of a capture that is on.
pub(super) struct Trace {
    telemetry: &'static Telemetry,
    /// Nobody's span, which all spans of the capture hang under.
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
        store().open.push(parent.trace_id());
        Trace { telemetry, parent }
    }

    /// What all that belongs to the capture runs in. Baggage stays.
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
        let mut store = store();
        store.open.retain(|trace| *trace != self.parent.trace_id());
        if store.open.is_empty() {
            store.ended = Vec::new();
        }
    }
}

impl Trace {
    /// Shows whoever reads of the panic what happened before. `eprintln` is what a test's output is
    /// made of, which other tests do not mix with.
    fn draw(&self) {
        let _ = self.telemetry.flush_within(TIME);
        let spans = self.take();
        if !spans.is_empty() || spans.has_others() {
            eprintln!("the spans of this test before the panic:\n{spans}\n");
        }
    }
}

impl Store {
    /// Takes the spans of the trace, and copies those of traces that link to it, or to one of these:
    /// they may link to another capture's too.
    fn take(&mut self, origin: &SpanContext) -> Captured {
        let trace = origin.trace_id();
        let mut spans: Vec<Ended> =
            self.ended.extract_if(.., |span| span.trace() == trace).collect();
        let mut traces = vec![trace];
        while let Some(next) = self.ended.iter().find(|span| span.links_to(&traces)) {
            let next = next.trace();
            spans.extend(self.ended.iter().filter(|span| span.trace() == next).cloned());
            traces.push(next);
        }
        let others = self.begun_inside(origin, &spans, &traces);
        let strays = self.ended.iter().filter(|span| {
            let trace = span.trace();
            !traces.contains(&trace) && !self.open.contains(&trace)
        });
        let strays = strays.count().saturating_sub(others.len());
        Captured { own: spans, others, strays }
    }

    /// Copies the spans of other traces than `traces` that began inside one of `spans`, or right under
    /// the `origin` of them all, and those below or inside these.
    fn begun_inside(
        &self,
        origin: &SpanContext,
        spans: &[Ended],
        traces: &[TraceId],
    ) -> Vec<Ended> {
        let own = spans.iter().map(Ended::id).filter(|id| *id != SpanId::INVALID);
        let mut inside: HashSet<SpanId> = own.chain([origin.span_id()]).collect();
        let mut rest: Vec<&Ended> =
            self.ended.iter().filter(|span| !traces.contains(&span.trace())).collect();
        let mut found = Vec::new();
        loop {
            let (next, other): (Vec<&Ended>, Vec<&Ended>) = rest.into_iter().partition(|span| {
                inside.contains(&span.beginning.inside)
                    || inside.contains(&span.data.parent_span_id)
            });
            if next.is_empty() {
                return found;
            }
            inside.extend(next.iter().map(|span| span.id()));
            found.extend(next.into_iter().cloned());
            rest = other;
        }
    }
}

impl Ended {
    fn id(&self) -> SpanId {
        self.data.span_context.span_id()
    }

    fn trace(&self) -> TraceId {
        self.data.span_context.trace_id()
    }

    /// Whether it links to one of these traces, and is in none of them.
    fn links_to(&self, traces: &[TraceId]) -> bool {
        let mut links = self.data.links.iter();
        !traces.contains(&self.trace())
            && links.any(|link| traces.contains(&link.span_context.trace_id()))
    }
}

fn store() -> MutexGuard<'static, Store> {
    STORE.lock().unwrap_or_else(PoisonError::into_inner)
}
