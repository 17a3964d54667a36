//! Which traces are kept, whole, whatever order their spans begin and end in?

mod bounds;
mod orders;
mod states;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::{Duration, Instant};

use opentelemetry::trace::{SpanId, Status};
use opentelemetry::{InstrumentationScope, KeyValue};

use super::*;
use crate::export::Exported;
use crate::export::Retries;
use crate::export::pipeline::attempt::Outcome;
use crate::export::pipeline::buffer::Buffer;
use crate::export::pipeline::fan_out::Holds;
use crate::export::pipeline::folds::Sibling;
use crate::export::pipeline::queue::{Next, Outgoing, Queue};
use crate::export::pipeline::stages::{Stager, Stages};
use crate::export::pipeline::stats::Stats;
use crate::export::settings::Batching;
use crate::record::{Finished, Function, Limits, Origin, field, fields};
use crate::sampling::tail::{Recording, SpanCondition, TailPolicy, TailRule};

const TICK: Duration = Duration::from_millis(250);
const GRACE: Duration = Duration::from_secs(1);
const LIMIT: Duration = Duration::from_secs(60);
const MIB: usize = 1 << 20;

fn errors() -> TailPolicy {
    TailPolicy::builder().keep_if(SpanCondition::error()).build().expect("valid")
}

fn settings(policy: TailPolicy) -> Settings {
    Settings {
        policy,
        max_bytes: 64 * MIB,
        max_trace_bytes: 8 * MIB,
        max_duration: LIMIT,
        grace: GRACE,
        remembered: 65_536,
        recording: Recording::RecordAndSample,
        implied: None,
    }
}

/// A process in which time passes when the test says so, with a backend that takes everything unless it is
/// down.
struct World {
    queue: Arc<Queue>,
    stager: Stager,
    now: Instant,
    threads: Vec<Arc<Buffer>>,
    is_down: bool,
    /// The numbers of the spans that the backend got, by trace.
    got: BTreeMap<u128, Vec<u64>>,
    states: Vec<String>,
}

/// A span that is open or about to end.
#[derive(Clone, Copy, Default)]
struct Shape {
    is_root: bool,
    is_error: bool,
    /// How many bytes an attribute of it takes.
    bytes: usize,
    /// Recorded, and not sampled.
    is_unsampled: bool,
    state: &'static str,
}

impl World {
    fn new(settings: Settings) -> Self {
        World::with_queue(settings, 2048)
    }

    fn with_queue(settings: Settings, max_queue_size: usize) -> Self {
        let hour = Duration::from_secs(3600);
        let batching = Batching {
            max_queue_size,
            max_queue_bytes: 16 * MIB,
            max_export_batch_size: max_queue_size.min(512),
            schedule_delay: hour,
            export_timeout: hour,
        };
        let outgoing = Outgoing { batching, retries: Retries::default(), open_traces: None };
        let queue = Queue::all(vec![outgoing], Holds::Traces).remove(0);
        let now = Instant::now();
        let steps = Stages { tail: Some(settings), ..Stages::default() };
        let stager = Stager::new(&queue.fan_out, steps, now);
        queue.fan_out.is_staged_by(std::thread::current());
        let threads = (0..4).map(|_| queue.fan_out.buffer()).collect();
        World {
            queue,
            stager,
            now,
            threads,
            is_down: false,
            got: BTreeMap::new(),
            states: Vec::new(),
        }
    }

    fn start(&self, thread: usize, trace: u128) {
        self.threads[thread].started(TraceId::from(trace));
    }

    fn end(&self, thread: usize, trace: u128, span: u64, is: Shape) {
        let (finished, fields) = finished(trace, span, is);
        self.threads[thread].push(&self.queue.fan_out.intake, &finished, finished.end, &fields);
    }

    /// Begins and ends a span.
    fn span(&self, trace: u128, span: u64, is: Shape) {
        self.start(0, trace);
        self.end(0, trace, span, is);
    }

    /// So much time passes, in which the spans are collected as often as they are.
    fn pass(&mut self, time: Duration) {
        let end = self.now + time;
        while self.now < end {
            self.now = end.min(self.now + TICK);
            self.tick();
        }
    }

    fn tick(&mut self) {
        self.stager.pass(self.now);
        if !self.is_down {
            while self.export() {
                self.stager.pass(self.now);
            }
        }
        self.balanced();
    }

    fn export(&mut self) -> bool {
        let mut has_exported = false;
        while let Next::Export(id, batch) = self.queue.next(true) {
            for span in batch.iter() {
                let trace = u128::from_be_bytes(span.finished.trace_id.to_bytes());
                let number = u64::from_be_bytes(span.finished.span_id.to_bytes());
                self.got.entry(trace).or_default().push(number);
                self.states.push(span.trace_state().to_owned());
            }
            self.queue.read(id, batch);
            self.queue.settle(id, Outcome::Exported(Exported::default()));
            has_exported = true;
        }
        has_exported
    }

    #[track_caller]
    fn balanced(&self) -> Stats {
        let stats = self.queue.stats();
        let Stats { ended, exported, held, sampled_out, folded, dropped, .. } = stats;
        assert_eq!(ended, exported + held + sampled_out + folded + dropped.total(), "{stats:?}");
        stats
    }

    fn tail(&self) -> TailStats {
        self.queue.fan_out.tail().named(&errors())
    }

    /// The spans that the backend got of a trace, in the order of their numbers.
    fn of(&self, trace: u128) -> Vec<u64> {
        let mut spans = self.got.get(&trace).cloned().unwrap_or_default();
        spans.sort_unstable();
        spans
    }

    fn held(&self) -> u64 {
        self.queue.stats().held
    }
}

fn finished(trace: u128, span: u64, is: Shape) -> (Finished, Vec<u8>) {
    let Shape { is_root, is_error, bytes, is_unsampled, state } = is;
    let mut fields = Vec::new();
    if !state.is_empty() {
        let state = state.parse().expect("valid");
        fields::trace_state(&mut fields, field::span::TRACE_STATE, &state);
    }
    if bytes > 0 {
        let value = KeyValue::new("text", "x".repeat(bytes)).value;
        let limits = Limits::default();
        fields::attribute(&mut fields, field::span::ATTRIBUTES, "text", &value, &limits);
    }
    fields::status(&mut fields, &if is_error { Status::error("") } else { Status::Unset });
    let finished = Finished {
        trace_id: TraceId::from(trace),
        span_id: SpanId::from(span),
        trace_flags: opentelemetry::TraceFlags::SAMPLED.with_sampled(!is_unsampled),
        parent_span_id: if is_root { SpanId::INVALID } else { SpanId::from(1) },
        origin: Origin::Function(function()),
        ..crate::export::pipeline::queue::tests::span()
    };
    (finished, fields)
}

fn function() -> &'static Function {
    static FUNCTION: std::sync::LazyLock<Function> = std::sync::LazyLock::new(|| Function {
        name: "work",
        number: 0,
        path: "work",
        scope: Box::leak(Box::<InstrumentationScope>::default()),
        place: Box::default(),
        place_count: 0,
    });
    &FUNCTION
}

const ROOT: Shape =
    Shape { is_root: true, is_error: false, bytes: 0, is_unsampled: false, state: "" };
const CHILD: Shape = Shape { is_root: false, ..ROOT };
const FAILS: Shape = Shape { is_error: true, ..CHILD };

#[test]
fn a_trace_with_an_error_is_kept_whole_and_another_is_dropped() {
    let mut world = World::new(settings(errors()));
    for trace in [7, 8] {
        world.start(0, trace);
        world.span(trace, 2, if trace == 7 { FAILS } else { CHILD });
        world.span(trace, 3, CHILD);
        world.end(0, trace, 1, ROOT);
    }

    world.pass(GRACE);
    assert_eq!((world.held(), world.balanced().exported), (6, 0), "the grace has just begun");
    world.pass(TICK);
    assert_eq!((world.of(7), world.of(8)), (vec![1, 2, 3], vec![]));
    assert_eq!((world.held(), world.balanced().sampled_out), (0, 3));
    let TailStats { kept, dropped, .. } = world.tail();
    let count = |of: &[(String, u64)], name| of.iter().find(|it| it.0 == name).map(|it| it.1);
    assert_eq!((count(&kept, "error"), count(&dropped, "no_rule")), (Some(1), Some(1)));
}

#[test]
fn the_end_of_the_root_is_not_that_of_the_trace() {
    let mut world = World::new(settings(errors()));
    world.start(0, 7);
    world.start(1, 7);
    world.end(0, 7, 1, ROOT);
    world.pass(10 * GRACE);
    assert_eq!(world.held(), 1, "a spawned task goes on");
    // It spawns another one before it ends, on a thread that has none of its spans yet.
    world.start(2, 7);
    world.end(1, 7, 2, CHILD);
    world.pass(10 * GRACE);
    world.end(3, 7, 3, FAILS);
    world.pass(2 * GRACE);

    assert_eq!(world.of(7), [1, 2, 3]);
    assert_eq!(world.tail().early, Early::default());
}

#[test]
fn what_begins_within_the_grace_belongs_to_the_trace() {
    let mut world = World::new(settings(errors()));
    world.span(7, 1, ROOT);
    world.pass(GRACE / 2);
    world.start(1, 7);
    world.pass(2 * GRACE);
    world.end(1, 7, 2, FAILS);
    world.pass(2 * GRACE);

    assert_eq!(world.of(7), [1, 2]);
}

#[test]
fn late_spans_follow_the_decision_and_late_errors_are_counted() {
    let mut world = World::new(settings(errors()));
    world.span(7, 1, Shape { is_error: true, ..ROOT });
    world.span(8, 1, ROOT);
    world.pass(2 * GRACE);
    for trace in [7, 8] {
        world.span(trace, 2, CHILD);
        world.span(trace, 3, FAILS);
    }
    world.pass(TICK);

    assert_eq!((world.of(7), world.of(8)), (vec![1, 2, 3], vec![]));
    assert_eq!(world.tail().late, Late { kept: 2, dropped: 2, dropped_errors: 1 });
    assert_eq!(world.tail().undecided.traces, 0);
}

#[test]
fn a_trace_does_not_wait_for_spans_that_are_left_out_folded_or_lost() {
    let mut world = World::with_queue(settings(errors()), 64);
    let intake = &world.queue.fan_out.intake;
    for trace in 1..=4_u128 {
        world.start(0, trace);
    }
    // Shorter than its `min_duration`.
    world.start(0, 1);
    world.threads[0].leave_out(TraceId::from(1));
    // In a loop; the one that stands for the others is written when the parent ends.
    for span in 10..20 {
        world.start(0, 2);
        let (finished, fields) = finished(2, span, CHILD);
        let sibling = Sibling {
            finished: &finished,
            end: 0,
            fields: &fields,
            name: None,
            first: 3,
            stays: false,
        };
        world.threads[0].fold(intake, &sibling, world.now);
    }
    // Ended on a thread of its own.
    world.start(0, 3);
    world.end(1, 3, 2, CHILD);
    for trace in 1..=3 {
        world.end(0, trace, 1, ROOT);
    }
    // No room is left for some.
    for span in 0..200 {
        world.start(2, 4);
        world.end(2, 4, span, CHILD);
    }
    world.end(0, 4, 1, ROOT);
    // All of them are left out.
    world.start(0, 5);
    world.threads[0].leave_out(TraceId::from(5));
    world.pass(2 * GRACE);

    assert_eq!((world.held(), world.tail().undecided.traces), (0, 0));
    let Stats { folded, dropped, .. } = world.balanced();
    assert_eq!((folded, dropped.queue_full > 0), (7, true));
    assert_eq!(world.tail().early, Early::default());
    assert_eq!(world.tail().dropped[0].1, 4);
}

#[test]
fn a_trace_with_a_span_that_never_ends_is_decided_at_its_limit() {
    let mut world = World::new(settings(errors()));
    world.start(0, 7);
    world.span(7, 2, FAILS);
    world.pass(LIMIT / 2);
    assert!(world.of(7).is_empty());
    world.pass(LIMIT);
    assert_eq!(world.of(7), [2]);
    world.span(7, 3, CHILD);
    world.end(0, 7, 1, ROOT);
    world.pass(TICK);

    assert_eq!(world.of(7), [1, 2, 3]);
    assert_eq!((world.tail().early.too_long, world.tail().late.kept), (1, 2));
}

#[test]
fn a_root_that_is_open_for_hours_before_anything_ends_is_not_decided_blindly() {
    let mut world = World::new(settings(errors()));
    world.start(0, 7);
    world.pass(3 * LIMIT);
    world.span(7, 2, FAILS);
    world.end(0, 7, 1, ROOT);
    world.pass(2 * GRACE);

    assert_eq!(world.of(7), [1, 2]);
}

#[test]
fn a_start_that_finds_no_room_leaves_its_trace_to_the_time() {
    let mut world = World::new(settings(errors()));
    for other in 0..1024 {
        world.start(0, 1000 + other);
    }
    world.start(0, 7);
    world.start(1, 7);
    world.end(1, 7, 2, CHILD);
    world.pass(2 * GRACE);
    assert!(world.got.is_empty() && world.held() == 1, "the root may be open");
    world.end(0, 7, 1, FAILS);
    world.pass(LIMIT);

    assert_eq!(world.of(7), [1, 2]);
    assert_eq!(world.tail().early.too_long, 1);
}

#[test]
fn times_that_spans_tell_do_not_matter_to_when_a_trace_is_over() {
    let mut world = World::new(settings(errors()));
    for (trace, start, end) in [(1, u64::MAX, u64::MAX), (2, 0, u64::MAX), (3, 0, 0)] {
        let (mut finished, fields) = finished(trace, 1, Shape { is_error: true, ..ROOT });
        finished.start = start;
        world.start(0, trace);
        world.threads[0].push(&world.queue.fan_out.intake, &finished, end, &fields);
    }
    world.pass(2 * GRACE);

    assert_eq!(world.got.len(), 3);
}
