//! Is every trace whole or gone, in whatever order its spans begin and end?
//!
//! Traces with up to eight spans on four threads: children that end after their parent, tasks that are spawned
//! before their parent ends or within the grace after it, and live for longer than the root.

use super::*;

/// What happens at a moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Event {
    Start,
    End { span: u64, is_error: bool },
}

/// A moment in milliseconds, what happens, and to which trace on which thread.
type At = (u64, Event, u128, usize);

/// The events of a trace that begins at `from`; whether it has an error, and how many spans.
fn trace(id: u128, from: u64, random: &mut fastrand::Rng) -> (Vec<At>, bool, u64) {
    let spans = random.u64(1..=8);
    let has_error = random.u32(0..10) == 0;
    let failed = random.u64(1..=spans);
    let mut ends = Vec::new();
    let mut events = Vec::new();
    for span in 1..=spans {
        let start = match random.choice(&ends) {
            None => from,
            // While its parent is open, or, as a task that a runtime starts later, up to 0.7 s after its end.
            Some(&(start, end)) => {
                let later = random.u64(0..700);
                random.u64(start..=end + later)
            }
        };
        let longest = if random.u32(0..20) == 0 { 4_000 } else { 50 };
        let end = start + random.u64(0..=longest);
        ends.push((start, end));
        events.push((start, Event::Start, id, random.usize(0..4)));
        let is_error = has_error && span == failed;
        events.push((end, Event::End { span, is_error }, id, random.usize(0..4)));
    }
    (events, has_error, spans)
}

/// Lets so many traces pass; each is whole where it has an error, and gone where it has none.
fn simulate(traces: u128, seed: u64) {
    const AT_ONCE: u128 = 2_000;
    let mut random = fastrand::Rng::with_seed(seed);
    let settings = Settings { max_bytes: 512 * MIB, remembered: 100_000, ..settings(errors()) };
    let mut world = World::with_queue(settings, 1 << 14);
    let (mut id, mut ended) = (0, 0);
    while id < traces {
        let mut events = Vec::new();
        let mut expected = Vec::new();
        for _ in 0..AT_ONCE {
            id += 1;
            let (of_trace, has_error, spans) = trace(id, random.u64(0..1_000), &mut random);
            events.extend(of_trace);
            ended += spans;
            if has_error {
                expected.push((id, spans));
            }
        }
        // A span that takes no time begins before it ends, by the order of `Event`.
        events.sort_unstable();
        let (mut time, mut count) = (0, 0);
        for (at, event, trace, thread) in events {
            while time < at {
                let step = (at - time).min(250);
                time += step;
                world.now += Duration::from_millis(step);
                if time % 50 == 0 || step == 250 {
                    world.stager.pass(world.now);
                }
            }
            match event {
                Event::Start => world.start(thread, trace),
                Event::End { span, is_error } => {
                    world.end(thread, trace, span, Shape { is_error, is_root: span == 1, ..CHILD });
                }
            }
            count += 1;
            if count % 400 == 0 {
                world.stager.pass(world.now);
            }
        }
        world.pass(2 * GRACE);
        assert_eq!(world.got.len(), expected.len(), "seed {seed}, up to {id}");
        for (trace, spans) in expected {
            assert_eq!(world.of(trace), (1..=spans).collect::<Vec<_>>(), "seed {seed}, {trace}");
        }
        world.got.clear();
        world.states.clear();
    }
    let Stats { exported, sampled_out, dropped, .. } = world.balanced();
    assert_eq!((exported + sampled_out, dropped.total()), (ended, 0), "seed {seed}");
    assert_eq!((world.tail().late, world.tail().early), Default::default(), "seed {seed}");
}

#[test]
fn of_100_000_traces_every_one_with_an_error_is_whole_and_no_other_leaves_a_span() {
    simulate(100_000, 1);
}

/// `cargo test --release -p otel-runtime --all-features --lib million -- --ignored`
#[test]
#[ignore = "takes a while without optimisation"]
fn of_a_million_traces_every_one_with_an_error_is_whole_and_no_other_leaves_a_span() {
    simulate(1_000_000, 2);
}
