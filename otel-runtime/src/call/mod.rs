//! What does an annotated call do?

pub(crate) mod annotation;
pub(crate) mod causes;
pub(crate) mod current;
pub(crate) mod frame;
pub(crate) mod future;
pub(crate) mod links;
pub(crate) mod lost;
pub(crate) mod open;
pub(crate) mod outcome;
pub(crate) mod probe;
pub(crate) mod ret;
pub(crate) mod returned;
pub(crate) mod stack;
pub(crate) mod start;
pub(crate) mod timings;
