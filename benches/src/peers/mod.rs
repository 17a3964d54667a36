//! The work, traced by those who offer to do it.

pub(crate) mod fastrace;
pub(crate) mod tracing;
