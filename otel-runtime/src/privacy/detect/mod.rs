//! Where in a text are personal data and secrets?
//!
//! A text goes through the [gate](gate), which lets nearly every harmless one go after a few nanoseconds; then one
//! search for the literals of all detectors; then the pattern of only those detectors whose literal was found; then
//! each detector's own check, such as the check digit of a card. Every step takes time in proportion to the text.

mod candidate;
mod coverage;
mod detector;
mod finding;
mod folded;
mod gate;
mod hints;
mod kinds;
mod literals;
mod name;
mod named;
mod number;
mod packed;
mod scanner;
mod signs;
#[cfg(test)]
mod testing;

pub use coverage::Coverage;
pub use finding::Finding;
pub use scanner::Scanner;
