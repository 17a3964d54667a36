//! Where do finished spans wait for their capture?

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use opentelemetry::trace::SpanContext;
use opentelemetry::{SpanId, TraceId};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use super::ended::{Captured, Ended};
use super::order::Numbering;
use crate::record::Limits;
use crate::setup::config::builder;
use crate::setup::error::InitError;
use crate::setup::telemetry::Telemetry;

/// How many spans, and how many bytes of them, may wait until they are looked at.
const MOST: usize = 1_000_000;
const MOST_BYTES: usize = 1 << 30;

static STORE: Mutex<Store> = Mutex::new(Store { open: Vec::new(), ended: Vec::new() });

pub(super) struct Store {
    /// The traces of the captures that have not ended. If there are none, no span is kept.
    open: Vec<TraceId>,
    ended: Vec<Ended>,
}

/// The recorder of this process. It is never dropped, since no test knows that it is the last one.
pub(super) fn telemetry() -> &'static Result<Telemetry, InitError> {
    static TELEMETRY: OnceLock<Result<Telemetry, InitError>> = OnceLock::new();
    TELEMETRY.get_or_init(|| {
        builder()
            .environment([("", ""); 0])
            .filter("trace")
            .custom_sampler(Numbering)
            .ignoring_shares()
            // One more, for the attribute that says how the span began.
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

impl Store {
    /// A capture begins; its spans are in this trace.
    pub(super) fn open(&mut self, trace: TraceId) {
        self.open.push(trace);
    }

    /// The capture of this trace is over.
    pub(super) fn close(&mut self, trace: TraceId) {
        self.open.retain(|open| *open != trace);
        if self.open.is_empty() {
            self.ended = Vec::new();
        }
    }

    /// Takes the spans of the capture's trace, and copies those of traces that link to it, or to a
    /// trace copied already: they may link to another capture's trace, too.
    pub(super) fn take(&mut self, origin: &SpanContext) -> Captured {
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

    /// Copies the spans of traces other than `traces` that began inside one of `spans`, or directly
    /// under `origin`, the parent of them all, and the spans below or inside those.
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

pub(super) fn store() -> MutexGuard<'static, Store> {
    STORE.lock().unwrap_or_else(PoisonError::into_inner)
}
