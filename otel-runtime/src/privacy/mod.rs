//! What must not leave the process?

mod lists;
mod names;
mod table;

pub use names::is_pii;
