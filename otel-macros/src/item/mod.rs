//! What is annotated?

mod attributes;
mod block;
mod conditional;
mod function;

pub(crate) use block::{Block, Content, Item};
pub(crate) use function::{Function, Within};
