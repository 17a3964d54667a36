//! Does what is lock-free in the runtime hold, in every order in which threads may run?
//!
//! The code is that of the runtime. What it calls `atomic` is a model checker's here.
#![cfg(test)]

#[path = "../../otel-runtime/src/export/pipeline/budget.rs"]
#[allow(dead_code, reason = "not all of it is part of the model")]
mod budget;

use std::sync::atomic::{AtomicUsize, Ordering::SeqCst};

use budget::Gauge;
use loom::sync::{Arc, atomic};
use loom::thread;

/// What a thread does, with the room for spans and the number of those that all of them hold, which is not
/// part of the model.
type Work = fn(&Gauge, &AtomicUsize);

const LIMIT: usize = 3;

/// Runs each work on a thread of its own, in all orders that the model's bound lets through.
fn in_all_orders(works: &'static [Work]) {
    let mut model = loom::model::Builder::new();
    // How often a thread is interrupted where it need not wait. Mistakes show with fewer.
    model.preemption_bound = Some(2);
    model.check(move || {
        let shared = Arc::new((Gauge::new(LIMIT), AtomicUsize::new(0)));
        let threads: Vec<_> = works
            .iter()
            .map(|work| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || work(&shared.0, &shared.1))
            })
            .collect();
        for thread in threads {
            thread.join().expect("no panic");
        }

        let (spans, held) = &*shared;
        assert_eq!(held.load(SeqCst), 0);
        assert_eq!(spans.used(), 0, "everything is free again");
        assert_eq!(spans.take(Some), Some((LIMIT, 0)));
        assert_eq!(spans.take(|_| Some(1)), None);
    });
}

/// Takes as much as `share` makes of what is free, and gives it back.
fn take(spans: &Gauge, held: &AtomicUsize, share: impl Fn(usize) -> Option<usize>) {
    if let Some((taken, before)) = spans.take(share) {
        assert!(before + taken <= LIMIT);
        assert!(held.fetch_add(taken, SeqCst) + taken <= LIMIT, "more than there may be");
        held.fetch_sub(taken, SeqCst);
        spans.give_back(taken);
    }
}

/// Two of them fit only one after the other.
fn take_two(spans: &Gauge, held: &AtomicUsize) {
    take(spans, held, |_| Some(2));
}

/// At most half of what is free, as a lease is a share of it.
fn take_share(spans: &Gauge, held: &AtomicUsize) {
    take(spans, held, |free| Some((free / 2).max(1)));
}

fn take_share_and_two(spans: &Gauge, held: &AtomicUsize) {
    take_share(spans, held);
    take_two(spans, held);
}

#[test]
fn two_threads_take_and_give_back_time_and_again() {
    in_all_orders(&[take_share_and_two, take_share_and_two]);
}

#[test]
fn three_threads_never_hold_more_than_the_limit() {
    in_all_orders(&[take_two, take_share, take_share]);
}
