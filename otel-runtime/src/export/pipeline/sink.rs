//! Where do finished spans go?
//!
//! Into every pipeline. Most programs have one, for which the others cost a look at whether there are
//! any.

use std::iter;
use std::sync::{Arc, OnceLock};
use std::time::{Duration, SystemTime};

use opentelemetry::trace::{SpanId, TraceId};

use super::Pipeline;
use super::buffer::Buffer;
#[cfg(feature = "console")]
use crate::export::open_traces::{OpenTraces, is_local_root};
use crate::process::fork::Process;
use crate::record::Finished;

/// The way into all pipelines, for whoever makes spans.
#[derive(Clone)]
pub(crate) struct Sink {
    first: Way,
    others: Arc<[Way]>,
    /// Whether any of them wants to know which spans have started.
    draws: bool,
    /// For those who have no thread's.
    shared: Arc<OnceLock<Tray>>,
    process: Process,
    since: SystemTime,
    /// That of a forked child, once it has started its own.
    child: Arc<OnceLock<Sink>>,
}

/// The way into one pipeline.
#[derive(Clone)]
pub(crate) struct Way {
    pub(super) pipeline: Arc<Pipeline>,
    /// Where traces are drawn, as soon as they are whole.
    #[cfg(feature = "console")]
    roots: Option<OpenTraces>,
}

/// The buffers of a thread, or of all that have none.
pub(crate) struct Tray {
    first: TrayOf,
    others: Box<[TrayOf]>,
}

/// The buffer for one pipeline.
struct TrayOf {
    way: Way,
    buffer: Arc<Buffer>,
    process: Process,
}

impl Sink {
    /// `None` if there is no way.
    pub(crate) fn new(ways: impl IntoIterator<Item = Way>) -> Option<Sink> {
        let mut ways = ways.into_iter();
        let (first, others): (Way, Arc<[Way]>) = (ways.next()?, ways.collect());
        Some(Sink {
            draws: iter::once(&first).chain(&*others).any(Way::draws),
            first,
            others,
            shared: Arc::default(),
            process: Process::this(),
            since: SystemTime::now(),
            child: Arc::default(),
        })
    }

    /// This one, or in a forked child, the one that it has started; `None` before.
    pub(crate) fn of_this_process(&self) -> Option<&Sink> {
        let mut sink = self;
        while sink.process.is_parent() {
            sink = sink.child.get()?;
        }
        Some(sink)
    }

    pub(super) fn is_of_this_process(&self) -> bool {
        !self.process.is_parent()
    }

    /// In a forked child that has not started anything, the one of the process that it was forked from.
    pub(crate) fn of_parent(&self) -> Option<&Sink> {
        let mut sink = self;
        while sink.process.is_parent() {
            let Some(child) = sink.child.get() else { return Some(sink) };
            sink = child;
        }
        None
    }

    /// In a forked child, spans go there from now on.
    pub(crate) fn goes_on_as(&self, child: Sink) {
        // Of two threads that come here at once, the other's is as good.
        if let Err(late) = self.child.set(child) {
            let _ = late.shutdown(Duration::ZERO);
        }
    }

    /// `None` in a process that has no pipeline.
    pub(crate) fn tray(&self) -> Option<Tray> {
        self.of_this_process().map(Sink::new_tray)
    }

    /// The same, of all who have no thread's.
    pub(crate) fn shared_tray(&self) -> Option<&Tray> {
        let sink = self.of_this_process()?;
        Some(sink.shared.get_or_init(|| sink.new_tray()))
    }

    /// Whether a span that began then is that of a parent by `fork`, which sends it.
    pub(crate) fn is_of_parent(&self, began: SystemTime) -> bool {
        let child = self.of_this_process().filter(|_| self.process.is_parent());
        child.is_some_and(|child| began < child.since)
    }

    fn new_tray(&self) -> Tray {
        Tray { first: self.first.tray(), others: self.others.iter().map(Way::tray).collect() }
    }

    /// A span that is sampled has started.
    #[inline]
    pub(crate) fn started(&self, trace: TraceId, parent: SpanId, parent_is_remote: bool) {
        if self.draws
            && let Some(sink) = self.of_this_process()
        {
            sink.ways().for_each(|way| way.started(trace, parent, parent_is_remote));
        }
    }

    pub(super) fn ways(&self) -> impl Iterator<Item = &Way> {
        iter::once(&self.first).chain(&*self.others)
    }
}

impl Way {
    pub(crate) fn new(pipeline: Pipeline) -> Self {
        Way {
            pipeline: Arc::new(pipeline),
            #[cfg(feature = "console")]
            roots: None,
        }
    }

    /// That to where traces are drawn.
    #[cfg(feature = "console")]
    pub(crate) fn drawing(self, roots: OpenTraces) -> Self {
        Way { roots: Some(roots), ..self }
    }

    #[cfg_attr(not(feature = "console"), expect(clippy::unused_self, reason = "nothing is drawn"))]
    fn draws(&self) -> bool {
        #[cfg(feature = "console")]
        return self.roots.is_some();
        #[cfg(not(feature = "console"))]
        false
    }

    fn tray(&self) -> TrayOf {
        TrayOf { way: self.clone(), buffer: self.pipeline.queue.buffer(), process: Process::this() }
    }

    #[cfg_attr(not(feature = "console"), expect(clippy::unused_self, reason = "nobody is told"))]
    #[inline]
    fn started(&self, trace: TraceId, parent: SpanId, parent_is_remote: bool) {
        #[cfg(feature = "console")]
        if let Some(roots) = &self.roots
            && is_local_root(parent, parent_is_remote)
        {
            roots.started(trace);
        }
        #[cfg(not(feature = "console"))]
        let _ = (trace, parent, parent_is_remote);
    }
}

impl Tray {
    /// Takes in a sampled span that ended then.
    #[inline]
    pub(crate) fn ended(&self, finished: &Finished, end: u64, fields: &[u8]) {
        self.first.ended(finished, end, fields);
        if !self.others.is_empty() {
            self.ended_for_others(finished, end, fields);
        }
    }

    #[inline(never)]
    fn ended_for_others(&self, finished: &Finished, end: u64, fields: &[u8]) {
        for other in &self.others {
            other.ended(finished, end, fields);
        }
    }

    /// Counts a span that is left out, and would have been taken in.
    pub(crate) fn leave_out(&self, finished: &Finished) {
        self.first.leave_out(finished);
        for other in &self.others {
            other.leave_out(finished);
        }
    }
}

impl TrayOf {
    #[inline]
    fn ended(&self, finished: &Finished, end: u64, fields: &[u8]) {
        let held = self.buffer.push(&self.way.pipeline.queue.intake, finished, end, fields);
        #[cfg(feature = "console")]
        if let Some(roots) = &self.way.roots
            && is_local_root(finished.parent_span_id, finished.parent_span_is_remote)
        {
            if held {
                self.way.pipeline.queue.hurry();
            } else {
                roots.lost(finished.trace_id);
            }
        }
        #[cfg(not(feature = "console"))]
        let _ = held;
    }

    fn leave_out(&self, finished: &Finished) {
        self.buffer.leave_out();
        #[cfg(feature = "console")]
        if let Some(roots) = &self.way.roots
            && is_local_root(finished.parent_span_id, finished.parent_span_is_remote)
        {
            roots.lost(finished.trace_id);
        }
        #[cfg(not(feature = "console"))]
        let _ = finished;
    }
}

impl Drop for TrayOf {
    fn drop(&mut self) {
        if self.process.is_parent() {
            return;
        }
        self.buffer.abandon(&self.way.pipeline.queue.intake);
    }
}
