//! What is known of a call that has started?

use opentelemetry::Context;

#[cfg(feature = "metrics")]
pub(crate) use crate::span::native::counted::Counted;
#[cfg(not(feature = "metrics"))]
pub(crate) use crate::span::uncounted::Counted;

/// How a call has started.
pub(crate) struct Started {
    /// The context of what the call does.
    pub(crate) context: Context,
    /// What counts the call, where it has no span.
    pub(crate) counted: Option<Counted>,
}

/// A call that is not counted, or by its span.
impl From<Context> for Started {
    fn from(context: Context) -> Self {
        Started { context, counted: None }
    }
}
