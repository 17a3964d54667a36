//! What does a context hold for this crate, beside its span?

#[cfg(feature = "sdk")]
use std::sync::Arc;

use opentelemetry::Context;
#[cfg(feature = "sdk")]
use opentelemetry::TraceId;

#[cfg(feature = "tracing")]
use super::listed::Listed;
#[cfg(feature = "sdk")]
use super::mark::Mark;
use super::scoped::Scoped;

/// All of it in one value: every span that begins looks for it, and so looks once.
#[derive(Clone, Debug, Default)]
pub(crate) struct Values {
    /// The mark of the context's span, if that may be left out.
    #[cfg(feature = "sdk")]
    pub(crate) mark: Option<Arc<Mark>>,
    /// The local trace that is recorded and not sampled, if it is that of the context's span: spans that begin
    /// in the context are, too, whether that span has ended or not.
    #[cfg(feature = "sdk")]
    pub(crate) recorded_only: Option<TraceId>,
    /// The attributes of every span that begins in the context.
    pub(crate) scoped: Option<Scoped>,
    /// The attributes that log lines in the context show.
    #[cfg(feature = "tracing")]
    pub(crate) listed: Option<Listed>,
}

impl Values {
    /// Those of `context`; `None` in most.
    #[inline]
    pub(crate) fn of(context: &Context) -> Option<&Values> {
        context.get()
    }

    /// The attributes of every span that begins in `context`.
    pub(crate) fn scoped(context: &Context) -> Option<&Scoped> {
        Values::of(context)?.scoped.as_ref()
    }

    /// The attributes that log lines in `context` show.
    #[cfg(feature = "tracing")]
    pub(crate) fn listed(context: &Context) -> Option<&Listed> {
        Values::of(context)?.listed.as_ref()
    }

    /// `context`, with these attributes for the log lines in it.
    #[cfg(feature = "tracing")]
    #[cold]
    pub(crate) fn with_listed(context: &Context, listed: Listed) -> Context {
        let mut values = Values::of(context).cloned().unwrap_or_default();
        values.listed = Some(listed);
        context.with_value(values)
    }

    /// `context`, with these attributes for every span that begins in it.
    pub(crate) fn with_scoped(context: &Context, scoped: Scoped) -> Context {
        let mut values = Values::of(context).cloned().unwrap_or_default();
        values.scoped = Some(scoped);
        context.with_value(values)
    }
}
