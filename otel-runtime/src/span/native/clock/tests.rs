//! Is the time right whatever the clocks do?

use std::cell::Cell;
use std::rc::Rc;

use super::*;

thread_local! {
    /// By how much the system's clock has been set, in the view of this thread.
    pub(crate) static SET: Cell<i64> = const { Cell::new(0) };
}

const SECOND: u64 = 1_000_000_000;
const HOUR: u64 = 3600 * SECOND;

/// A machine whose time passes when it is told so.
#[derive(Clone, Default)]
struct Machine(Rc<Hands>);

#[derive(Default)]
struct Hands {
    counter: Cell<u64>,
    monotonic: Cell<u64>,
    system: Cell<u64>,
}

impl Machine {
    fn new(system: u64) -> Machine {
        let machine = Machine::default();
        machine.0.counter.set(9 * SECOND);
        machine.0.monotonic.set(7 * SECOND);
        machine.0.system.set(system);
        machine
    }

    fn pass(&self, time: u64) {
        let Hands { counter, monotonic, system } = &*self.0;
        for hand in [counter, monotonic, system] {
            hand.set(hand.get() + time);
        }
    }

    fn set_system(&self, time: u64) {
        self.0.system.set(time);
    }

    fn clock(&self) -> Clock<Machine> {
        Clock::of(self.clone())
    }
}

impl Source for Machine {
    fn counter(&self) -> u64 {
        self.0.counter.get()
    }

    fn monotonic(&self) -> u64 {
        self.0.monotonic.get()
    }

    fn system(&self) -> u64 {
        self.0.system.get()
    }
}

#[test]
fn a_clock_that_is_set_changes_no_duration_and_dates_what_begins_later() {
    for set_to in [0, 99 * HOUR, 101 * HOUR, 1 << 62] {
        let machine = Machine::new(100 * HOUR);
        let mut clock = machine.clock();
        let began = clock.now();

        machine.pass(SECOND);
        machine.set_system(set_to);
        machine.pass(SECOND);
        let end = began.end(&mut clock);

        assert_eq!((began.system, end), (100 * HOUR, 100 * HOUR + 2 * SECOND), "{set_to}");
        assert_eq!(clock.now().system, machine.system());
    }
}

#[test]
fn a_time_that_was_just_read_belongs_to_the_span_and_any_other_stays() {
    let machine = Machine::new(100 * HOUR);
    let mut clock = machine.clock();
    let began = clock.now();
    machine.pass(SECOND);

    // Nobody has set the clock.
    assert_eq!(began.given(&mut clock, machine.system()), 100 * HOUR + SECOND);
    assert_eq!(began.given(&mut clock, machine.system() - 5), machine.system() - 5);

    machine.set_system(50 * HOUR);
    assert_eq!(began.given(&mut clock, 50 * HOUR), 100 * HOUR + SECOND);
    assert_eq!(began.given(&mut clock, 100 * HOUR + 3), 100 * HOUR + 3);
    assert_eq!(began.given(&mut clock, 20 * HOUR), 20 * HOUR);
}

#[test]
fn a_span_that_ends_on_another_thread_ends_by_the_same_clock() {
    let machine = Machine::new(100 * HOUR);
    let (mut first, mut other) = (machine.clock(), machine.clock());
    let began = first.now();
    machine.pass(SECOND);
    machine.set_system(HOUR);

    assert_eq!(began.end(&mut other), 100 * HOUR + SECOND);
    assert_eq!(began.end(&mut machine.clock()), 100 * HOUR + SECOND);
}

#[test]
fn a_counter_that_drifts_or_jumps_is_held_against_the_monotonic_clock() {
    let machine = Machine::new(100 * HOUR);
    let mut clock = machine.clock();
    let began = clock.now();
    machine.pass(SECOND);

    for counter in [0, 500 * HOUR, u64::MAX] {
        machine.0.counter.set(counter);
        assert_eq!(began.end(&mut clock), 100 * HOUR + SECOND, "{counter}");
    }
    // At most for the time that the counter is trusted: then it is corrected, and time stands still
    // rather than going back.
    machine.0.counter.set(0);
    clock.compare();
    machine.0.counter.set(400);
    assert_eq!(began.end(&mut clock), 100 * HOUR + SECOND + 400);
    clock.compare();
    assert_eq!(began.end(&mut clock), 100 * HOUR + SECOND + 400);
}

#[test]
fn the_clocks_of_this_machine_are_told() {
    let mut clock = Clock::new();
    for _ in 0..1000 {
        let before = (ORIGIN.elapsed(), nanoseconds(SystemTime::now()));
        let now = clock.now();
        let after = (ORIGIN.elapsed(), nanoseconds(SystemTime::now()));

        // By as much as the clock may be off if every reading was interrupted.
        let slack = TRUST;
        let monotonic = whole(before.0).saturating_sub(slack)..=whole(after.0) + slack;
        assert!(monotonic.contains(&now.monotonic), "{before:?} {now:?} {after:?}");
        let system = before.1 - slack..=after.1 + slack;
        assert!(system.contains(&now.system), "{before:?} {now:?} {after:?}");
    }
}

#[test]
fn a_clock_before_1970_panics_nowhere() {
    SET.set(i64::MIN);
    let thread = std::thread::spawn(|| {
        SET.set(i64::MIN);
        let mut clock = Clock::new();
        let began = clock.now();
        (began.system, began.end(&mut clock))
    });
    let (start, end) = thread.join().expect("no panic");
    assert!(start < TRUST && end >= start, "{start} {end}");
}
