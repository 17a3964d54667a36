//! Where do finished spans go?
//!
//! Into a buffer of the thread that ended them. A thread has one buffer, however many exporters there
//! are.

use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use opentelemetry::trace::{SpanId, TraceId};
use opentelemetry_sdk::Resource;

use super::buffer::Buffer;
use super::destination::{Destination, Exporter};
use super::fan_out::FanOut;
use super::flight::{FlightStats, Why};
use super::folds::Sibling;
use super::outlet::Outlet;
use super::queue::Queue;
use super::stages::Stages;
use super::tail::TailStats;
use super::worker::StartError;
use crate::export::open_traces::is_local_root;
use crate::export::settings::Tail;
use crate::process::fork::Process;
use crate::record::Finished;
use crate::sampling::tail::Recording;

/// The way into the pipeline, for whoever makes spans.
#[derive(Clone)]
pub(crate) struct PipelineHandle {
    fan_out: Arc<FanOut>,
    /// One for each exporter; at least one.
    destinations: Arc<[Destination]>,
    followers: Followers,
    /// Whether anybody wants to know of spans that begin.
    hears_of_starts: bool,
    /// The settings of the tail, if there is one.
    tail: Option<Arc<Tail>>,
    /// Whether there is a flight recorder.
    has_flight: bool,
    /// One buffer for all callers that have no thread's buffer, such as the processor of the SDK's spans.
    shared: Arc<OnceLock<ThreadBuffer>>,
    /// Taken by each of them that writes down a start.
    starting: Arc<Mutex<()>>,
    process: Process,
    since: SystemTime,
    /// In a forked child, the pipeline that it has started for itself.
    child: Arc<OnceLock<PipelineHandle>>,
}

/// The queues of those exporters that wait for whole traces. Most programs have none.
type Followers = Arc<[Arc<Queue>]>;

/// A span that has started.
pub(crate) struct Started {
    pub(crate) trace: TraceId,
    pub(crate) parent: SpanId,
    pub(crate) parent_is_remote: bool,
}

/// The buffer of one thread, or the one that all callers share that have none.
pub(crate) struct ThreadBuffer {
    buffer: Arc<Buffer>,
    fan_out: Arc<FanOut>,
    followers: Followers,
    process: Process,
}

impl PipelineHandle {
    /// Starts a queue and a thread for each exporter, and one thread for the stages, if there are any.
    /// `None` if there is no exporter.
    pub(crate) fn start(
        exporters: Vec<Exporter>,
        stages: Stages,
        resource: &Resource,
    ) -> Result<Option<PipelineHandle>, StartError> {
        let tail = stages.tail.clone().map(Arc::new);
        let has_flight = stages.flight.is_some();
        let destinations = Destination::start_all(exporters, stages, resource)?;
        let destinations: Arc<[Destination]> = destinations.into();
        let queues = || destinations.iter().map(|it| &it.queue);
        let Some(first) = queues().next() else { return Ok(None) };
        let followers: Followers = queues().filter(|it| it.follows_traces()).cloned().collect();
        Ok(Some(PipelineHandle {
            fan_out: Arc::clone(&first.fan_out),
            hears_of_starts: tail.is_some() || !followers.is_empty(),
            followers,
            tail,
            has_flight,
            destinations,
            shared: Arc::default(),
            starting: Arc::default(),
            process: Process::this(),
            since: SystemTime::now(),
            child: Arc::default(),
        }))
    }

    /// This pipeline; in a forked child, the one that it has started, and `None` before it has.
    pub(crate) fn of_this_process(&self) -> Option<&PipelineHandle> {
        let mut handle = self;
        while handle.process.is_parent() {
            handle = handle.child.get()?;
        }
        Some(handle)
    }

    pub(super) fn is_of_this_process(&self) -> bool {
        !self.process.is_parent()
    }

    /// In a forked child that has not started its own, the pipeline of its parent.
    pub(crate) fn of_parent(&self) -> Option<&PipelineHandle> {
        let mut handle = self;
        while handle.process.is_parent() {
            let Some(child) = handle.child.get() else { return Some(handle) };
            handle = child;
        }
        None
    }

    /// In a forked child: spans go to `child` from now on.
    pub(crate) fn goes_on_as(&self, child: PipelineHandle) {
        // If two threads come here at once, the pipeline of the other one is kept.
        if let Err(late) = self.child.set(child) {
            let _ = late.shutdown(Duration::ZERO);
        }
    }

    /// A buffer for a thread; `None` in a process that has no pipeline.
    pub(crate) fn thread_buffer(&self) -> Option<ThreadBuffer> {
        self.of_this_process().map(PipelineHandle::new_buffer)
    }

    /// The one buffer for all callers that have no thread's buffer.
    pub(crate) fn shared_buffer(&self) -> Option<&ThreadBuffer> {
        let handle = self.of_this_process()?;
        Some(handle.shared.get_or_init(|| handle.new_buffer()))
    }

    /// Whether a span that began at this time belongs to the parent by `fork`, which sends it.
    pub(crate) fn is_of_parent(&self, began: SystemTime) -> bool {
        let child = self.of_this_process().filter(|_| self.process.is_parent());
        child.is_some_and(|child| began < child.since)
    }

    /// Whether [`started`](Self::started) has to be called for each span that starts and will be taken in.
    #[inline]
    pub(crate) fn hears_of_starts(&self) -> bool {
        self.hears_of_starts
    }

    /// A span has started that will be taken in. `buffer` is that of the thread; `None` for a caller that has
    /// none.
    pub(crate) fn started(&self, started: &Started, buffer: Option<&ThreadBuffer>) {
        let Started { trace, parent, parent_is_remote } = *started;
        let Some(handle) = self.of_this_process() else { return };
        if handle.tail.is_some() {
            if let Some(buffer) = buffer {
                buffer.started(trace);
            } else {
                let alone = handle.starting.lock().unwrap_or_else(PoisonError::into_inner);
                handle.shared.get_or_init(|| handle.new_buffer()).started(trace);
                drop(alone);
            }
        }
        if is_local_root(parent, parent_is_remote) {
            handle.followers.iter().for_each(|queue| queue.root_started(trace));
        }
    }

    /// Whether spans that are recorded and not sampled are taken in, too: the tail decides about them, or the
    /// flight recorder keeps them.
    pub(crate) fn takes_recorded(&self) -> bool {
        self.tail.is_some() || self.has_flight
    }

    /// Whether the latest spans that were not sampled are kept.
    pub(crate) fn has_flight(&self) -> bool {
        self.has_flight
    }

    /// Asks for all that the flight recorder holds, and waits for nothing; false if there is none.
    pub(crate) fn dump(&self, why: Why) -> bool {
        let Some(handle) = self.of_this_process().filter(|it| it.has_flight) else { return false };
        handle.fan_out.dump.ask(why);
        handle.fan_out.ask();
        true
    }

    /// What the flight recorder has done, and holds; `None` if there is none.
    pub(crate) fn flight(&self) -> Option<FlightStats> {
        let handle = self.of_this_process().filter(|it| it.has_flight)?;
        Some(handle.fan_out.flight())
    }

    /// What it is to mean here that the head samples a trace, if there is a tail.
    pub(crate) fn recording(&self) -> Option<Recording> {
        self.tail.as_ref().map(|tail| tail.recording)
    }

    /// What the tail has decided; `None` if there is none.
    pub(crate) fn tail(&self) -> Option<TailStats> {
        let handle = self.of_this_process()?;
        let Tail { policy, .. } = &**handle.tail.as_ref()?;
        Some(handle.fan_out.tail().named(policy))
    }

    /// Runs this on the thread of the first exporter, until that exporter ends.
    #[cfg(feature = "otlp-http")]
    pub(crate) fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        if let Some(destination) = self.destinations.first() {
            destination.spawn(future);
        }
    }

    /// One for each exporter, in the order in which they were chosen.
    pub(super) fn destinations(&self) -> &[Destination] {
        &self.destinations
    }

    fn new_buffer(&self) -> ThreadBuffer {
        ThreadBuffer {
            buffer: self.fan_out.buffer(),
            fan_out: Arc::clone(&self.fan_out),
            followers: Arc::clone(&self.followers),
            process: Process::this(),
        }
    }
}

impl ThreadBuffer {
    /// A span has started; only one thread at a time calls this.
    fn started(&self, trace: TraceId) {
        if self.buffer.started(trace) {
            self.fan_out.ask();
        }
    }

    /// Takes in a span, which ended at `end`.
    #[expect(clippy::inline_always, reason = "every span that ends comes through here")]
    #[inline(always)]
    pub(crate) fn ended(&self, finished: &Finished, end: u64, fields: &[u8]) {
        let is_taken = self.buffer.push(&self.fan_out.intake, finished, end, fields);
        if !self.followers.is_empty() {
            self.tell_followers(finished, is_taken);
        }
    }

    /// Takes in a sampled span that may become one with its siblings.
    pub(crate) fn fold(&self, sibling: &Sibling<'_>) {
        self.buffer.fold(&self.fan_out.intake, sibling, Instant::now());
    }

    /// Counts a span that was left out as too short (`min_duration`), and would have been taken in
    /// otherwise.
    pub(crate) fn leave_out(&self, finished: &Finished) {
        self.buffer.leave_out(finished.trace_id);
        self.tell_followers(finished, false);
    }

    #[cold]
    #[inline(never)]
    fn tell_followers(&self, finished: &Finished, is_taken: bool) {
        if is_local_root(finished.parent_span_id, finished.parent_span_is_remote) {
            for queue in &*self.followers {
                queue.root_ended(finished.trace_id, is_taken);
            }
        }
    }
}

impl Drop for ThreadBuffer {
    fn drop(&mut self) {
        if self.process.is_parent() {
            return;
        }
        self.buffer.abandon(&self.fan_out.intake);
    }
}
