//! How often is a function called, and how long does it take?
//!
//! Every call of an annotated function is counted when it ends, whether it has a span or was not
//! sampled. A thread counts for itself; whoever exports the metrics adds up all threads:
//!
//! ```text
//! OwnCounts (a thread) ─┐
//! OwnCounts (a thread) ─┼─→ Counts (the process) ─→ Total, one a function and `error.type`
//! threads that ended   ─┘
//! ```

pub(crate) mod buckets;
pub(crate) mod counts;
pub(crate) mod exemplar;
mod histogram;
mod of_thread;
pub(crate) mod own;
mod series;
#[cfg(test)]
mod tests;
pub(crate) mod total;
