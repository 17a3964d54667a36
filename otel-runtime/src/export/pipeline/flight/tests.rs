//! What is kept of spans that were not sampled, and which of them leave, when?

use std::sync::Arc;

use opentelemetry::trace::{SpanId, Status};
use opentelemetry::{InstrumentationScope, TraceFlags};

use super::*;
use crate::export::pipeline::attempt::Outcome;
use crate::export::pipeline::buffer::Buffer;
use crate::export::pipeline::fan_out::Holds;
use crate::export::pipeline::queue::tests::span as any_span;
use crate::export::pipeline::queue::{Next, Outgoing, Queue};
use crate::export::pipeline::stages::{Stager, Stages};
use crate::export::pipeline::stats::Stats;
use crate::export::settings::{Batching, Tail};
use crate::export::{Exported, Retries};
use crate::record::lookup::Found;
use crate::record::{Finished, Origin};
use crate::sampling::tail::{Recording, SpanCondition, TailPolicy};

const SECOND: Duration = Duration::from_secs(1);
const KIB: usize = 1024;

/// A process in which time passes when the test says so, with a backend that takes everything unless it is down.
struct World {
    queue: Arc<Queue>,
    stager: Stager,
    now: Instant,
    thread: Arc<Buffer>,
    is_down: bool,
    /// What the backend got: the number of a span, and why it left.
    got: Vec<(u64, String)>,
}

impl World {
    fn new(max_bytes: usize, tail: Option<Tail>) -> Self {
        let hour = Duration::from_secs(3600);
        let batching = Batching {
            max_queue_size: 64,
            max_queue_bytes: 1 << 24,
            max_export_batch_size: 16,
            schedule_delay: hour,
            export_timeout: hour,
        };
        let outgoing = Outgoing { batching, retries: Retries::default(), open_traces: None };
        let holds = if tail.is_some() { Holds::Traces } else { Holds::Unsampled };
        let queue = Queue::all(vec![outgoing], holds).remove(0);
        let now = Instant::now();
        let flight = std::num::NonZeroUsize::new(max_bytes);
        let steps = Stages { tail, flight, ..Stages::default() };
        let stager = Stager::new(&queue.fan_out, steps, now);
        queue.fan_out.is_staged_by(std::thread::current());
        let thread = queue.fan_out.buffer();
        World { queue, stager, now, thread, is_down: false, got: Vec::new() }
    }

    /// A span of this trace ends; with `text` it is as long as that.
    fn ends(&self, trace: u128, number: u64, is: Is, text: usize) {
        let flags = TraceFlags::default().with_sampled(matches!(is, Is::Sampled));
        let finished = Finished {
            trace_id: TraceId::from(trace),
            span_id: SpanId::from(number),
            trace_flags: flags,
            parent_span_id: SpanId::from(1),
            origin: Origin::Library(Arc::new(InstrumentationScope::default())),
            ..any_span()
        };
        let status = if matches!(is, Is::Failed) { Status::error("") } else { Status::Unset };
        let mut fields = Fields::new();
        let value = Value::from("x".repeat(text));
        let limits = Limits::default();
        fields::attribute(&mut fields, field::span::ATTRIBUTES, "text", &value, &limits);
        fields::status(&mut fields, &status);
        self.thread.started(finished.trace_id);
        self.thread.push(&self.queue.fan_out.intake, &finished, 7, &fields);
    }

    fn call(&self) {
        self.queue.fan_out.dump.ask(Why::Call);
    }

    /// So much time passes; then what there is to do is done. Returns what the backend gets.
    fn pass(&mut self, time: Duration) -> Vec<(u64, String)> {
        self.now += time;
        loop {
            self.stager.pass(self.now);
            self.balanced();
            if self.is_down || !self.export() {
                return std::mem::take(&mut self.got);
            }
        }
    }

    fn export(&mut self) -> bool {
        let mut has_exported = false;
        while let Next::Export(id, batch) = self.queue.next(true) {
            for span in batch.iter() {
                let number = u64::from_be_bytes(span.finished.span_id.to_bytes());
                let why = match span.attribute(KEY) {
                    Some(Found::One(crate::record::fields::Scalar::String(why))) => why,
                    _ => "",
                };
                self.got.push((number, why.to_owned()));
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

    fn flight(&self) -> FlightStats {
        self.queue.fan_out.flight()
    }
}

#[derive(Clone, Copy)]
enum Is {
    Sampled,
    Unsampled,
    Failed,
}
use Is::{Failed, Sampled, Unsampled};

fn why(numbers: impl IntoIterator<Item = u64>, why: &str) -> Vec<(u64, String)> {
    numbers.into_iter().map(|number| (number, why.to_owned())).collect()
}

#[test]
fn what_is_sampled_leaves_as_ever_and_what_is_not_stays() {
    let mut world = World::new(64 * KIB, None);
    world.ends(7, 1, Sampled, 0);
    world.ends(8, 2, Unsampled, 0);
    world.ends(7, 3, Sampled, 0);

    assert_eq!(world.pass(SECOND), why([1, 3], ""));
    let Stats { ended, exported, sampled_out, .. } = world.balanced();
    assert_eq!((ended, exported, sampled_out, world.flight().held), (3, 2, 1, 1));
}

#[test]
fn an_error_sends_its_trace_with_what_ended_before_and_ends_after_it_and_no_other() {
    let mut world = World::new(64 * KIB, None);
    world.ends(7, 2, Unsampled, 0);
    world.ends(8, 20, Unsampled, 0);
    assert_eq!(world.pass(SECOND), why([], ""));
    world.ends(7, 3, Failed, 0);
    assert_eq!(world.pass(SECOND), why([2, 3], "error"));
    world.ends(8, 21, Unsampled, 0);
    world.ends(7, 1, Unsampled, 0);
    assert_eq!(world.pass(SECOND), why([1], "error"));

    let FlightStats { held, sent, dumps, .. } = world.flight();
    assert_eq!((held, sent, dumps), (2, 3, 0));
    // Those that left count as others that ended.
    let Stats { ended, exported, sampled_out, .. } = world.balanced();
    assert_eq!((ended, exported, sampled_out), (8, 3, 5));
}

#[test]
fn a_call_sends_all_and_another_within_a_minute_sends_nothing() {
    let mut world = World::new(64 * KIB, None);
    (1..=3).for_each(|number| world.ends(u128::from(number), number, Unsampled, 0));
    world.call();
    assert_eq!(world.pass(SECOND), why([1, 2, 3], "call"));

    world.ends(4, 4, Unsampled, 0);
    world.call();
    assert_eq!(world.pass(Duration::from_millis(59_999)), why([], ""));
    world.queue.fan_out.dump.ask(Why::Panic);
    assert_eq!(world.pass(SECOND / 1000), why([4], "panic"));
    let FlightStats { dumps, too_soon, held, .. } = world.flight();
    assert_eq!((dumps, too_soon, held), (2, 1, 0));
}

#[test]
fn a_flush_that_comes_after_a_call_waits_until_all_has_left() {
    let mut world = World::new(1 << 20, None);
    (1..=500).for_each(|number| {
        world.ends(7, number, Unsampled, 0);
        world.stager.pass(world.now);
    });
    world.call();
    let begun = world.queue.begin_shutdown(world.now + Duration::from_secs(3600));
    // The queue has room for 64 spans.
    assert_eq!(world.pass(SECOND), why(1..=500, "call"));
    world.queue.end_shutdown(begun, world.now);
    let Stats { exported, held, dropped, .. } = world.balanced();
    assert_eq!((exported, held, dropped.total()), (500, 0, 0));
}

#[test]
fn a_flood_takes_no_more_memory_than_was_said_and_the_latest_stay() {
    let mut world = World::new(64 * KIB, None);
    for number in 1..=5000 {
        world.ends(7, number, Unsampled, usize::try_from(number % 97).expect("small"));
        if number % 20 == 0 {
            assert_eq!(world.pass(SECOND), why([], ""));
            assert!(world.flight().bytes <= 64 * KIB as u64, "{:?}", world.flight());
        }
    }
    let FlightStats { held, overwritten, .. } = world.flight();
    assert_eq!(held + overwritten, 5000);
    assert!(held > 100, "{held}");
    assert_eq!(world.balanced().dropped.total(), 0, "nothing of it was promised");

    // While nothing can leave, what is to leave counts, too.
    world.is_down = true;
    world.call();
    for number in 5001..=9000 {
        world.ends(9, number, if number % 7 == 0 { Failed } else { Unsampled }, 50);
        if number % 20 == 0 {
            world.pass(SECOND);
            assert!(world.flight().bytes <= 64 * KIB as u64, "{:?}", world.flight());
        }
    }
}

#[test]
fn a_span_that_is_larger_than_all_is_overwritten_at_once() {
    let mut world = World::new(64 * KIB, None);
    world.ends(7, 1, Unsampled, 100 * KIB);
    world.ends(7, 2, Unsampled, 0);
    world.call();
    assert_eq!(world.pass(SECOND), why([2], "call"));
    assert_eq!(world.flight().overwritten, 1);
}

#[test]
fn what_the_tail_drops_is_kept_and_its_errors_send_nothing_by_themselves() {
    let policy = TailPolicy::builder()
        .keep_if(SpanCondition::attribute("text", "xx"))
        .build()
        .expect("valid");
    let tail = Tail {
        policy,
        max_bytes: 1 << 20,
        max_trace_bytes: 1 << 17,
        max_duration: 60 * SECOND,
        grace: SECOND,
        remembered: 100,
        recording: Recording::RecordAndSample,
        implied: None,
    };
    let mut world = World::new(64 * KIB, Some(tail));
    world.ends(7, 1, Sampled, 2);
    world.ends(8, 2, Sampled, 0);
    world.ends(9, 3, Failed, 0);
    assert_eq!(world.pass(SECOND), why([], ""));
    assert_eq!(world.pass(2 * SECOND), why([1], ""));
    // It ends late, and follows the decision.
    world.ends(8, 4, Sampled, 0);
    assert_eq!(world.pass(SECOND), why([], ""));
    world.call();
    assert_eq!(world.pass(SECOND), why([2, 3, 4], "call"));
    let Stats { ended, exported, sampled_out, .. } = world.balanced();
    assert_eq!((ended, exported, sampled_out), (7, 4, 3));
}
