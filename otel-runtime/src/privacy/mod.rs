//! What must not leave the process?

mod names;

pub use names::is_pii;
