//! Which span does an event of `tracing` belong to?
//!
//! | the event | belongs to |
//! | --- | --- |
//! | says nothing of a parent | the span that is current for OpenTelemetry, whoever made it |
//! | `parent: &span` | the span that `tracing-opentelemetry` has made of that one; if it has made none, nobody |
//! | `parent: None` | nobody |

use std::sync::OnceLock;

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use tracing::dispatcher::{Dispatch, WeakDispatch};
use tracing::field::{Field, Visit};
use tracing::span::Id;
use tracing::{Event, Subscriber};
use tracing_subscriber::layer::{self, Layer};
use tracing_subscriber::registry::LookupSpan;

use crate::process::unwind::caught;

/// Whom an event says that it belongs to.
pub(super) enum Owner<'a> {
    Current,
    Span(&'a Id),
    Nobody,
}

impl<'a> Owner<'a> {
    #[inline]
    pub(super) fn of(event: &'a Event<'_>) -> Owner<'a> {
        match event.parent() {
            None if event.is_root() => Owner::Nobody,
            None => Owner::Current,
            Some(_) if tells_of_a_new_span(event) => Owner::Nobody,
            Some(id) => Owner::Span(id),
        }
    }
}

/// Whether it is the event by which `tracing-subscriber` tells that a span is there (`FmtSpan::NEW`). To ask for the
/// ids of that span would start it, before the program can set its remote parent.
fn tells_of_a_new_span(event: &Event<'_>) -> bool {
    struct IsNew(bool);
    impl Visit for IsNew {
        fn record_str(&mut self, field: &Field, value: &str) {
            self.0 |= field.name() == "message" && value == "new";
        }

        fn record_debug(&mut self, _: &Field, _: &dyn std::fmt::Debug) {}
    }
    let mut is_new = IsNew(false);
    if event.metadata().is_span() {
        event.record(&mut is_new);
    }
    is_new.0
}

/// The context of the span that `tracing-opentelemetry` has made of this one.
///
/// It starts the span, if it has not started: its ids are known only then. `dispatch` has a span with this id.
pub(super) fn context_of(id: &Id, dispatch: &Dispatch) -> Option<Context> {
    let context = caught(|| tracing_opentelemetry::get_otel_context(id, dispatch)).ok()??;
    context.has_active_span().then_some(context)
}

/// The same for a span of a subscriber that may be known. If it is not, it can be asked for only if it is the global one.
fn context_in(whole: Option<&WeakDispatch>, id: &Id) -> Option<Context> {
    match whole {
        Some(whole) => context_of(id, &whole.upgrade()?),
        None => tracing::dispatcher::get_default(|all| context_of(id, all)),
    }
}

/// The subscriber that a layer is a part of. A layer is not told in a `Vec`, in an `Option` and with a filter of its own.
#[derive(Debug, Default)]
pub(super) struct Whole(OnceLock<WeakDispatch>);

impl Whole {
    pub(super) fn register(&self, dispatch: &Dispatch) {
        // A layer is part of one subscriber.
        let _ = self.0.set(dispatch.downgrade());
    }

    /// The context of the span that an event belongs to; an empty one if that is nobody. `None`: the current context.
    pub(super) fn context<S>(
        &self,
        event: &Event<'_>,
        layer: &layer::Context<'_, S>,
    ) -> Option<Context>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        let known = match Owner::of(event) {
            Owner::Current => return None,
            Owner::Span(id) if layer.exists(id) => context_in(self.0.get(), id),
            Owner::Nobody | Owner::Span(_) => None,
        };
        Some(known.unwrap_or_default())
    }
}

/// The subscriber that a span belongs to, among what it has for layers.
struct OfSubscriber(WeakDispatch);

/// Lets lines of `info!(parent: &span, ..)` have the ids of that span where the subscriber is not the global one, but
/// set by `tracing::subscriber::set_default` or `with_default`, as in tests.
///
/// A subscriber of one of these does not let a format ask for the span's ids, so the layer leaves them a way to itself
/// in each span, for an allocation more. With the global subscriber it changes nothing. Add it by `with`: in a `Vec` of
/// layers, an `Option` or with a filter of its own it is not told which subscriber it is in.
///
/// # Examples
///
/// ```
/// use otel_runtime::logs;
/// use tracing_subscriber::layer::SubscriberExt;
///
/// let lines = tracing_subscriber::fmt::layer().map_event_format(logs::with_trace_context);
/// let subscriber = tracing_subscriber::registry().with(logs::explicit_parents()).with(lines);
/// tracing::subscriber::with_default(subscriber, || tracing::info!("in a test"));
/// ```
#[must_use]
pub fn explicit_parents() -> ExplicitParents {
    ExplicitParents(Whole::default())
}

/// The layer that [`explicit_parents`] makes.
#[derive(Debug)]
pub struct ExplicitParents(Whole);

impl<S: Subscriber + for<'a> LookupSpan<'a>> Layer<S> for ExplicitParents {
    fn on_register_dispatch(&self, subscriber: &Dispatch) {
        self.0.register(subscriber);
    }

    fn on_new_span(
        &self,
        _: &tracing::span::Attributes<'_>,
        id: &Id,
        layer: layer::Context<'_, S>,
    ) {
        if let (Some(span), Some(whole)) = (layer.span(id), self.0.0.get()) {
            span.extensions_mut().replace(OfSubscriber(whole.clone()));
        }
    }
}

/// The context of a span of `tracing`, for a format.
pub(super) fn context_in_format<S>(
    span: &tracing_subscriber::registry::SpanRef<'_, S>,
) -> Option<Context>
where
    S: for<'a> LookupSpan<'a>,
{
    // The lock of the extensions is held while they are borrowed, and taken again inside.
    let whole = span.extensions().get::<OfSubscriber>().map(|whole| whole.0.clone());
    context_in(whole.as_ref(), &span.id())
}
