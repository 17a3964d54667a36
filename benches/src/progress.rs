//! What does a bench do while one waits for it?

use std::fmt::Display;

/// Says that a step begins, the how-manieth it is, and of how many: on stderr, so that stdout has the results alone.
pub fn step(what: impl Display, step: usize, steps: usize) {
    eprintln!("{what}: {step} of {steps}");
}
