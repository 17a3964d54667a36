//! What does each thread keep for itself, so that it need not share it?

use std::cell::RefCell;

use opentelemetry::trace::{SpanContext, SpanId, TraceId};
use opentelemetry_sdk::trace::IdGenerator;
use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use super::clock::Clock;
use super::function::{Known, Prepared};
use super::open::{Decision, OpenSpan};
use super::shared::Native;
use crate::export::pipeline::{PipelineHandle, ThreadBuffer};
#[cfg(feature = "metrics")]
use crate::metrics::counts::Counts;
#[cfg(feature = "metrics")]
use crate::metrics::own::OwnCounts;
use crate::process::fork::Process;
use crate::span::callsite::Description;

/// How many records are kept for reuse: as many as a typical thread has spans open at once.
const SPARES: usize = 64;

thread_local! {
    static LOCAL: RefCell<Local> = RefCell::new(Local::new());
}

pub(super) struct Local {
    /// The process that all of this was made in, and its number.
    process: Process,
    pub(super) pid: u32,
    ids: SmallRng,
    pub(super) clock: Clock,
    #[expect(clippy::vec_box, reason = "they are boxed where they come from and go to")]
    spares: Vec<Box<OpenSpan>>,
    buffer: Option<ThreadBuffer>,
    #[cfg(feature = "metrics")]
    counts: Option<OwnCounts>,
}

/// Calls with what this thread keeps; on a thread that is about to end, with a new one.
#[expect(clippy::inline_always, reason = "every span that begins and ends comes through here")]
#[inline(always)]
pub(super) fn with<R>(f: impl FnOnce(&mut Local) -> R) -> R {
    let mut f = Some(f);
    let result = LOCAL.try_with(|local| {
        let mut local = local.try_borrow_mut().ok()?;
        f.take().map(|f| f(&mut local))
    });
    match (result, f) {
        (Ok(Some(result)), _) => result,
        (_, Some(f)) => f(&mut Local::new()),
        (_, None) => unreachable!("it is called where its result is"),
    }
}

/// A trace id like those that annotated functions begin traces with.
pub(crate) fn new_trace_id() -> TraceId {
    with(|local| {
        local.follow_fork();
        local.new_trace_id()
    })
}

/// Gives the spans of other libraries ids as annotated functions have them, which a forked child does not
/// repeat.
#[derive(Debug)]
pub(crate) struct Ids;

impl IdGenerator for Ids {
    fn new_trace_id(&self) -> TraceId {
        new_trace_id()
    }

    fn new_span_id(&self) -> SpanId {
        with(|local| {
            local.follow_fork();
            local.new_span_id()
        })
    }
}

impl Local {
    #[cold]
    fn new() -> Self {
        Local {
            process: Process::this(),
            pid: std::process::id(),
            ids: SmallRng::from_os_rng(),
            clock: Clock::new(),
            spares: Vec::new(),
            buffer: None,
            #[cfg(feature = "metrics")]
            counts: None,
        }
    }

    /// Forgets what a forked child must not share with its parent.
    #[inline]
    pub(super) fn follow_fork(&mut self) {
        if self.process.is_parent() {
            self.start_anew();
        }
    }

    #[cold]
    #[inline(never)]
    fn start_anew(&mut self) {
        self.process = Process::this();
        self.pid = std::process::id();
        self.ids = SmallRng::from_os_rng();
        self.buffer = None;
        #[cfg(feature = "metrics")]
        {
            self.counts = None;
        }
    }

    /// A span under this parent that begins now.
    #[expect(clippy::inline_always, reason = "what it is called with is known where it is called")]
    #[inline(always)]
    pub(super) fn begin(
        &mut self,
        native: &'static Native,
        description: &'static Description,
        prepared: &'static Prepared,
        above: &SpanContext,
        decision: Decision,
    ) -> Box<OpenSpan> {
        self.follow_fork();
        let Known { function, sieve } = prepared.known(description, native.fold);
        let mut span =
            self.spares.pop().unwrap_or_else(|| Box::new(OpenSpan::new(native, function)));
        span.begins(self.clock.now());
        span.pid = self.pid;
        span.finished.span_id = self.new_span_id();
        span.hang(above, || self.new_trace_id());
        span.decision = decision;
        span.is_of(native, description, function, *sieve);
        span.place(function);
        span
    }

    /// A record of no span yet.
    pub(super) fn spare(
        &mut self,
        native: &'static Native,
        description: &'static Description,
        prepared: &'static Prepared,
    ) -> Box<OpenSpan> {
        let new =
            || Box::new(OpenSpan::new(native, &prepared.known(description, native.fold).function));
        self.spares.pop().unwrap_or_else(new)
    }

    /// A record of a call that begins now and has no span.
    #[cfg(feature = "metrics")]
    pub(super) fn call(
        &mut self,
        native: &'static Native,
        description: &'static Description,
        prepared: &'static Prepared,
    ) -> Box<OpenSpan> {
        self.follow_fork();
        let mut call = self.spare(native, description, prepared);
        call.begins(self.clock.now());
        call.pid = self.pid;
        let Known { function, sieve } = prepared.known(description, native.fold);
        call.is_of(native, description, function, *sieve);
        call
    }

    #[inline]
    pub(super) fn new_trace_id(&mut self) -> TraceId {
        // Zero is not a valid id.
        TraceId::from(self.ids.random::<u128>().max(1))
    }

    #[inline]
    pub(super) fn new_span_id(&mut self) -> SpanId {
        SpanId::from(self.ids.random::<u64>().max(1))
    }

    /// The buffer for spans that end on this thread; `None` in a forked child that has not started an
    /// exporter. The caller has looked for a fork already.
    #[inline]
    pub(super) fn buffer(&mut self, pipeline: &PipelineHandle) -> Option<&ThreadBuffer> {
        if self.buffer.is_none() {
            self.buffer = pipeline.thread_buffer();
        }
        self.buffer.as_ref()
    }

    /// What this thread counts. The caller has looked for a fork already.
    #[cfg(feature = "metrics")]
    #[inline]
    pub(super) fn counts(&mut self, counts: &Counts) -> &mut OwnCounts {
        self.counts.get_or_insert_with(|| OwnCounts::of(counts))
    }

    /// Takes back a span that is not needed any more, for reuse.
    #[inline]
    pub(super) fn give_back(&mut self, mut span: Box<OpenSpan>) {
        if self.spares.len() < SPARES {
            span.clear();
            self.spares.push(span);
        }
    }
}
