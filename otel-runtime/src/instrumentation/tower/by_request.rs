//! What does a program decide for each request?

use std::sync::Arc;

use super::head::RequestHead;
use crate::context::Trust;
use crate::instrumentation::operation::asked;
use crate::span::callsite::Callsite;

/// A closure of the program's that looks at a request.
pub(crate) type OfRequest<T> = Arc<dyn Fn(&RequestHead<'_>) -> T + Send + Sync>;

/// Which requests are traced: by default, all.
pub(crate) fn is_traced(
    only: Option<&OfRequest<bool>>,
    callsite: &'static Callsite,
    head: &RequestHead<'_>,
) -> bool {
    only.and_then(|only| asked(callsite, || only(head))).unwrap_or(true)
}

/// How much of what a caller says is believed.
#[derive(Clone)]
pub(crate) enum Trusted {
    All(Trust),
    Each(OfRequest<Trust>),
}

impl Default for Trusted {
    fn default() -> Self {
        Trusted::All(Trust::default())
    }
}

impl Trusted {
    /// How much of what the sender of this request says is believed.
    pub(crate) fn of(&self, callsite: &'static Callsite, head: &RequestHead<'_>) -> Trust {
        match self {
            Trusted::All(trust) => *trust,
            // A caller must not gain trust by making the closure panic.
            Trusted::Each(trust) => asked(callsite, || trust(head)).unwrap_or(Trust::Link),
        }
    }
}
