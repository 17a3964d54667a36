//! What must not leave the process?

mod lists;
mod names;
mod table;
mod words;

pub use names::is_pii;
