//! Where do samplers get random bits that are not a trace's?

use std::cell::RefCell;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};

use super::threshold::Randomness;
use crate::process::fork::Process;

thread_local! {
    static RANDOM: RefCell<(Process, SmallRng)> = RefCell::new(seeded());
}

/// New random bits, which a forked child does not repeat.
pub(super) fn randomness() -> Randomness {
    let number = RANDOM.try_with(|random| {
        let mut random = random.try_borrow_mut().ok()?;
        if random.0.is_parent() {
            *random = seeded();
        }
        Some(random.1.random())
    });
    // On a thread that is about to end.
    Randomness::of(number.ok().flatten().unwrap_or_else(|| seeded().1.random()))
}

fn seeded() -> (Process, SmallRng) {
    (Process::this(), SmallRng::from_os_rng())
}
