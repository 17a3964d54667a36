//! What is learned of the traffic, and when are shares computed anew?
//!
//! At the end of an interval, and within one as soon as some key occurs half as often again as expected. Whoever makes
//! the call at which that happens does it, in some 20 µs for 500 keys; the others go on by the shares of before.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::Duration;

use super::super::threshold::Threshold;
use super::keys::{Keys, Number, Slot};
use super::shares::Shares;

/// What is less than this part of what was expected of the known keys counts as fewer of them.
const USUAL: f64 = 0.9;

#[derive(Debug)]
pub(super) struct State {
    /// How many are to be kept in an interval.
    target: f64,
    interval: f64,
    weight: f64,
    /// Nanoseconds of the clock: when this interval began, and when it ends.
    began: AtomicU64,
    ends: AtomicU64,
    /// Whether an interval has ended.
    has_averages: AtomicBool,
    keys: Keys,
    /// All calls whose key has no share of its own: it is new, or there is no slot for it. The average is of
    /// those that will have none in this interval either.
    rest: Slot,
    /// How many such calls are expected, with those that come in the place of known keys.
    expected_of_rest: Number,
    /// How much of what is expected of the known keys comes: they may be gone when new ones take their place.
    turnout: Number,
    /// Traces that began elsewhere: kept, whatever the target.
    pub(super) continued: Count,
    /// Kept traces that began here, and spans below local parents: counted where spans are the target.
    pub(super) begun: Count,
    pub(super) children: Count,
}

/// How often something was in this interval, and is in one.
#[derive(Debug, Default)]
pub(super) struct Count {
    arrived: AtomicU64,
    average: Number,
}

impl Count {
    #[inline]
    pub(super) fn one_more(&self) {
        self.arrived.fetch_add(1, Ordering::Relaxed);
    }

    fn turn(&self, turn: &Turn) {
        self.average.set(turn.average(self.average.get(), turn.arrived(&self.arrived)));
    }
}

/// The end of an interval.
struct Turn {
    /// By what to multiply a count, as the interval may have been longer.
    to_interval: f64,
    /// How much what has just been counts: more, the longer it was.
    weight: f64,
}

impl Turn {
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn arrived(&self, count: &AtomicU64) -> f64 {
        count.swap(0, Ordering::Relaxed) as f64 * self.to_interval
    }

    fn average(&self, before: f64, now: f64) -> f64 {
        self.weight * now + (1.0 - self.weight) * before
    }
}

impl State {
    pub(super) fn new(
        per_second: f64,
        interval: Duration,
        weight: f64,
        most: usize,
        now: u64,
    ) -> Self {
        let interval = interval.as_secs_f64();
        let target = per_second * interval;
        let state = State {
            target,
            interval,
            weight,
            began: AtomicU64::new(now),
            ends: AtomicU64::new(now.saturating_add(nanoseconds(interval))),
            has_averages: AtomicBool::new(false),
            keys: Keys::new(most),
            rest: Slot::new(),
            expected_of_rest: Number::new(target),
            turnout: Number::new(1.0),
            continued: Count::default(),
            begun: Count::default(),
            children: Count::default(),
        };
        // Until more is known, as much as the target is expected.
        state.rest.average.set(target);
        state.rest.share(1.0, target);
        state
    }

    /// The threshold for a trace that begins now, and whether there was a slot for its key.
    #[inline]
    pub(super) fn threshold(&self, key: Option<u64>, now: u64) -> (Option<Threshold>, bool) {
        let ends = self.ends.load(Ordering::Relaxed);
        if now >= ends {
            self.end(now, ends);
        }
        let slot = key.and_then(|key| self.keys.slot(key));
        let is_alarm = slot.is_some_and(Slot::count);
        let own = slot.filter(|slot| slot.has_share());
        if is_alarm || (own.is_none() && self.rest.count()) {
            self.share();
        }
        (own.unwrap_or(&self.rest).threshold(), slot.is_some() || key.is_none())
    }

    /// Ends the interval, on the first thread that sees that it is over.
    #[cold]
    #[inline(never)]
    #[expect(clippy::cast_precision_loss, reason = "an estimate")]
    fn end(&self, now: u64, ends: u64) {
        let next = now.saturating_add(nanoseconds(self.interval));
        if self.ends.compare_exchange(ends, next, Ordering::Relaxed, Ordering::Relaxed).is_err() {
            return;
        }
        let began = self.began.swap(now, Ordering::Relaxed);
        let intervals = now.saturating_sub(began) as f64 / 1e9 / self.interval;
        let is_first = !self.has_averages.swap(true, Ordering::Relaxed);
        let weight = if is_first { 1.0 } else { 1.0 - (1.0 - self.weight).powf(intervals) };
        let turn = Turn { to_interval: 1.0 / intervals, weight };
        self.count_keys(&turn);
        for count in [&self.continued, &self.begun, &self.children] {
            count.turn(&turn);
        }
        self.share();
    }

    /// A key gets a share of its own when it occurred in two intervals on end, and loses it when it did not
    /// occur in one: keys that come once, such as ids, share one all the time.
    fn count_keys(&self, turn: &Turn) {
        let rest = turn.arrived(&self.rest.arrived);
        let (mut of_known, mut expected_of_known) = (0.0, 0.0);
        let mut promoted = 0.0;
        for slot in self.keys.taken() {
            let now = turn.arrived(&slot.arrived);
            let before = slot.average.get();
            if slot.has_share() {
                of_known += now;
                expected_of_known += before;
            } else if now > 0.0 && before > 0.0 {
                promoted += now;
                slot.share(1.0, now);
            }
            if now > 0.0 {
                slot.average.set(if before > 0.0 { turn.average(before, now) } else { now });
            } else {
                self.keys.forget(slot);
            }
        }
        let expected = expected_of_known + self.rest.average.get();
        let all = of_known + rest;
        if expected_of_known > 0.0 && all > 0.0 {
            let came = (of_known / all) / (expected_of_known / expected);
            let came = if came > USUAL { 1.0 } else { came };
            self.turnout.set(turn.average(self.turnout.get(), came));
        }
        let stays = if rest > 0.0 { (1.0 - promoted / rest).max(0.0) } else { 1.0 };
        self.rest.average.set(stays * turn.average(self.expected_of_rest.get(), rest));
    }

    /// Computes all shares anew.
    #[cold]
    #[inline(never)]
    fn share(&self) {
        let turnout = self.turnout.get();
        let known: Vec<_> = self
            .keys
            .taken()
            .filter(|slot| slot.has_share())
            .map(|slot| (slot, expected(slot, slot.average.get(), turnout)))
            .collect();
        let averages: f64 = known.iter().map(|(slot, _)| slot.average.get()).sum();
        // In place of the known keys that do not come, others do.
        let of_rest = self.rest.average.get() + averages * (1.0 - turnout);
        self.expected_of_rest.set(of_rest);
        if cfg!(test) && self.keys.taken().next().is_some() {
            eprintln!(
                "turnout {turnout} known {} avg {averages} rest {} of_rest {of_rest} arrived",
                known.len(),
                self.rest.average.get()
            );
        }
        let of_rest = expected(&self.rest, of_rest, 1.0);

        let mut all: Vec<_> = known.iter().map(|(_, expected)| *expected).collect();
        all.push(of_rest);
        let shares = Shares::of(&mut all, self.budget());
        for (slot, expected) in known {
            slot.share(shares.probability(expected), expected.max(slot.average.get()));
        }
        self.rest.share(shares.probability(of_rest), of_rest);
    }

    /// How many of the traces that begin here are to be kept in an interval. Where spans are the target, each
    /// stands for as many as a kept trace has on average.
    fn budget(&self) -> f64 {
        let [continued, begun, children] =
            [&self.continued, &self.begun, &self.children].map(|count| count.average.get());
        let traces = continued + begun;
        let spans_of_a_trace = if traces > 0.0 { 1.0 + children / traces } else { 1.0 };
        self.target / spans_of_a_trace - continued
    }
}

/// How often a key is expected in this interval, if so much of what is usual comes; if it has come more often than
/// usual already, twice as often.
#[expect(clippy::cast_precision_loss, reason = "an estimate")]
fn expected(slot: &Slot, usual: f64, turnout: f64) -> f64 {
    let arrived = slot.arrived.load(Ordering::Relaxed) as f64;
    if arrived > usual { 2.0 * arrived } else { usual * turnout }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an hour at most")]
fn nanoseconds(seconds: f64) -> u64 {
    (seconds * 1e9) as u64
}
