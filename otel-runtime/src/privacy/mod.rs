//! What must not leave the process?

mod class;
mod lists;
pub(crate) mod names;
mod table;
mod words;

pub use class::{Class, UnknownClass};
