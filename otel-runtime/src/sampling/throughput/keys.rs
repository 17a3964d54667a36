//! How is counted by key, without a lock and in bounded memory?
//!
//! A table that is as large from the start as it will ever be. A key takes a free slot near the place that its
//! number says; only the end of an interval frees slots. Two threads that meet may give a key two slots, or
//! count a call for the key that has just left: for an estimate, that is near enough.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

use super::super::threshold::Threshold;

/// How many slots a key may be in. With two slots for each key, hardly any finds all of them taken.
const NEAR: usize = 32;

/// Not a threshold: there is none of its own.
const SHARED: u64 = u64::MAX;
/// Not a threshold: nothing is kept.
const NEVER: u64 = u64::MAX - 1;

#[derive(Debug)]
pub(super) struct Keys {
    slots: Box<[Slot]>,
    used: AtomicUsize,
    most: usize,
}

/// What is known of a key, or of all that have no slot. The count is written for every call, so each has a cache
/// line for itself.
#[derive(Debug)]
#[repr(align(64))]
pub(super) struct Slot {
    key: AtomicU64,
    /// How often it occurred in this interval.
    pub(super) arrived: AtomicU64,
    threshold: AtomicU64,
    /// At how many calls the shares are computed anew, without waiting for the interval's end.
    alarm: AtomicU64,
    /// How often it occurs in an interval.
    pub(super) average: Number,
}

/// A number that threads share.
#[derive(Debug, Default)]
pub(super) struct Number(AtomicU64);

impl Number {
    pub(super) fn new(number: f64) -> Self {
        Number(AtomicU64::new(number.to_bits()))
    }

    pub(super) fn get(&self) -> f64 {
        f64::from_bits(self.0.load(Ordering::Relaxed))
    }

    pub(super) fn set(&self, number: f64) {
        self.0.store(number.to_bits(), Ordering::Relaxed);
    }
}

impl Keys {
    pub(super) fn new(most: usize) -> Self {
        let slots = if most == 0 { 0 } else { (2 * most).next_power_of_two().max(NEAR) };
        Keys { slots: (0..slots).map(|_| Slot::new()).collect(), used: AtomicUsize::new(0), most }
    }

    /// The slot of a key; `None` if all that there may be are taken by others.
    #[inline]
    pub(super) fn slot(&self, key: u64) -> Option<&Slot> {
        let mut free = None;
        for slot in self.near(key) {
            match slot.key.load(Ordering::Relaxed) {
                found if found == key => return Some(slot),
                0 if free.is_none() => free = Some(slot),
                _ => {}
            }
        }
        self.take(key, free?)
    }

    fn near(&self, key: u64) -> impl Iterator<Item = &Slot> {
        let last = self.slots.len().wrapping_sub(1);
        // The number is a hash, of which any bits will do.
        #[expect(clippy::cast_possible_truncation, reason = "as many bits as there are")]
        let first = key as usize & last;
        (0..NEAR).filter_map(move |at| self.slots.get((first + at) & last))
    }

    /// Takes a free slot, if there is to be one more. If another thread was quicker, looks again: it may be for the
    /// same key.
    #[cold]
    fn take<'a>(&'a self, key: u64, slot: &'a Slot) -> Option<&'a Slot> {
        if self.used.fetch_add(1, Ordering::Relaxed) >= self.most {
            self.used.fetch_sub(1, Ordering::Relaxed);
            return None;
        }
        if slot.key.compare_exchange(0, key, Ordering::Relaxed, Ordering::Relaxed).is_ok() {
            return Some(slot);
        }
        self.used.fetch_sub(1, Ordering::Relaxed);
        self.slot(key)
    }

    /// The slots that keys have.
    pub(super) fn taken(&self) -> impl Iterator<Item = &Slot> {
        self.slots.iter().filter(|slot| slot.key.load(Ordering::Relaxed) != 0)
    }

    /// Frees a slot.
    pub(super) fn forget(&self, slot: &Slot) {
        slot.threshold.store(SHARED, Ordering::Relaxed);
        slot.alarm.store(u64::MAX, Ordering::Relaxed);
        slot.average.set(0.0);
        slot.key.store(0, Ordering::Relaxed);
        self.used.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Slot {
    pub(super) fn new() -> Self {
        Slot {
            key: AtomicU64::new(0),
            arrived: AtomicU64::new(0),
            threshold: AtomicU64::new(SHARED),
            alarm: AtomicU64::new(u64::MAX),
            average: Number::default(),
        }
    }

    /// Counts a call; returns whether it is the one at which shares have to be computed anew.
    #[inline]
    pub(super) fn count(&self) -> bool {
        let arrived = self.arrived.fetch_add(1, Ordering::Relaxed) + 1;
        let alarm = self.alarm.load(Ordering::Relaxed);
        arrived >= alarm
            && self
                .alarm
                .compare_exchange(alarm, u64::MAX, Ordering::Relaxed, Ordering::Relaxed)
                .is_ok()
    }

    #[inline]
    pub(super) fn has_share(&self) -> bool {
        self.threshold.load(Ordering::Relaxed) != SHARED
    }

    /// The threshold; `None` if nothing is kept.
    #[inline]
    pub(super) fn threshold(&self) -> Option<Threshold> {
        match self.threshold.load(Ordering::Relaxed) {
            SHARED | NEVER => None,
            threshold => Some(Threshold::from_number(threshold)),
        }
    }

    /// Keeps this share from now on, and sounds the alarm if it occurs much more often than `expected`.
    pub(super) fn share(&self, probability: f64, expected: f64) {
        let threshold = if probability > 0.0 { Threshold::of(probability).number() } else { NEVER };
        self.threshold.store(threshold, Ordering::Relaxed);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "saturates")]
        let alarm = (1.5 * expected) as u64;
        self.alarm.store(alarm.saturating_add(FEW), Ordering::Relaxed);
    }
}

/// So many more than expected are no alarm.
const FEW: u64 = 32;

#[cfg(test)]
mod tests {
    use std::thread;

    use super::*;

    #[test]
    fn there_are_never_more_keys_than_there_may_be_and_a_free_slot_is_used_again() {
        let keys = Keys::new(10);
        let taken = (1..=100).filter(|key| keys.slot(*key).is_some()).count();
        assert_eq!(taken, 10);
        let first = keys.slot(1).expect("it has one");
        keys.forget(first);
        assert!(keys.slot(200).is_some());
        assert!(keys.slot(201).is_none());
        assert_eq!(keys.taken().count(), 10);
    }

    #[test]
    fn eight_threads_that_count_the_same_keys_lose_no_call() {
        let keys = Keys::new(200);
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for at in 0..10_000_u64 {
                        let slot = keys.slot(at % 100 + 1).expect("there are enough");
                        slot.count();
                    }
                });
            }
        });
        let counted: u64 = keys.taken().map(|slot| slot.arrived.load(Ordering::Relaxed)).sum();
        assert_eq!(counted, 80_000);
    }
}
