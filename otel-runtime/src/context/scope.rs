//! How does every span that is made inside a piece of work get the same attributes?

use opentelemetry::{Context, ContextGuard, KeyValue};

use super::CarryFuture;
use super::current::{self, attach};
use super::scoped::Scoped;
use super::values::Values;

/// Puts attributes onto every span that begins until the guard is dropped.
///
/// Such as the tenant of a request, onto every span of that request in this process, whoever makes it:
///
/// | spans | get them |
/// | --- | --- |
/// | of annotated functions and of this crate's layers | as they start, so that a sampler sees them |
/// | of other libraries, under `init` | likewise |
/// | of other libraries, under [`adopt`](crate::adopt) | after the provider's sampler was asked, if it has the processor `ScopedAttributes` (feature `sdk`); otherwise not |
///
/// They are in the [`Context`], and go where it goes: to what is called and awaited, to another thread or
/// task by [`carry`](super::carry()) and the [others](super), and to spawn calls in annotated functions. They
/// never go to another process: no propagator writes them. For that there is baggage.
///
/// - A span's own attribute of the same key holds, whenever it is set: by `attrs`, by a layer or later.
/// - Of scopes inside each other, the inner one holds for a key that both have.
/// - They count against the limit of attributes of a span, after those that it starts with; what is over the
///   limit is counted in the span's `dropped_attributes_count`. Long texts are cut as others are.
/// - A function with `skip_pii` has none whose key is a name of personal data or of a secret.
/// - The span that is current already gets none.
/// - A span whose parent is given as a [`Context`] is in that context's scope. One that continues the trace of
///   a caller, by `parent(extract = ..)` or a layer, is in the current one.
/// - Under [`detached`](super::detached) there is no scope.
///
/// Keys and values are any that OpenTelemetry has; an empty key is left out. Without a scope, all of this
/// costs a span nothing; with one, each of its attributes costs a span about what one of its own does.
///
/// The guard is for code that is not async: in an async function it would stay on the thread while another
/// task runs there. The compiler keeps such a future from being spawned; use [`scope_future`], or
/// `#[traced(scoped(tenant.id = id))]`, which does this for all that a function does, async or not.
///
/// After OpenTelemetry's
/// [context-scoped attributes](https://github.com/open-telemetry/opentelemetry-specification/blob/main/oteps/4931-context-scoped-attributes.md),
/// which are in development.
///
/// # Examples
///
/// ```
/// use opentelemetry::KeyValue;
/// use otel_runtime::{context, traced};
///
/// #[traced]
/// fn load() {}
///
/// {
///     let _scope = context::scope([KeyValue::new("tenant.id", 7)]);
///     load(); // its span has `tenant.id`
/// }
/// load(); // its span has not
/// ```
pub fn scope(attributes: impl IntoIterator<Item = KeyValue>) -> ScopeGuard {
    ScopeGuard { _attached: attach(with_scope(&current::current(), attributes)) }
}

/// Puts attributes onto every span that begins while `future` is polled or dropped: [`scope`] for async code.
///
/// As with [`carry_future`](super::carry_future), the future runs in the context that is current at this
/// call, so it may be awaited here or handed to another task.
///
/// # Examples
///
/// ```
/// use opentelemetry::KeyValue;
/// use otel_runtime::context::scope_future;
/// # async fn load() -> u32 { 7 }
///
/// async fn handle(tenant: i64) -> u32 {
///     scope_future([KeyValue::new("tenant.id", tenant)], async { load().await }).await
/// }
/// # let _ = handle(7);
/// ```
pub fn scope_future<F: Future>(
    attributes: impl IntoIterator<Item = KeyValue>,
    future: F,
) -> CarryFuture<F> {
    CarryFuture::new(Some(with_scope(&current::current(), attributes)), future)
}

/// `context` with attributes for every span that begins in it, beside those that it has already: for a
/// context that is not the current one, such as that of a message, or one for
/// [`carry_in`](super::carry_in()). See [`scope`].
///
/// # Examples
///
/// ```
/// use opentelemetry::KeyValue;
/// use otel_runtime::context::{Context, carry_in, scoped_attributes, with_scope};
///
/// let of_tenant = with_scope(&Context::new(), [KeyValue::new("tenant.id", 7)]);
/// let both = with_scope(&of_tenant, [KeyValue::new("shard", 3)]);
///
/// let keys = carry_in(both, || {
///     scoped_attributes(&Context::current()).into_iter().map(|attribute| attribute.key).collect::<Vec<_>>()
/// })();
/// assert_eq!(keys, ["tenant.id".into(), "shard".into()]);
/// ```
#[must_use]
pub fn with_scope(context: &Context, attributes: impl IntoIterator<Item = KeyValue>) -> Context {
    match Scoped::new(Values::scoped(context), attributes) {
        Some(scoped) => Values::with_scoped(context, scoped),
        None => context.clone(),
    }
}

/// The attributes of every span that begins in `context`: for what is no span but should have them too, such
/// as a log record of your own.
#[must_use]
pub fn scoped_attributes(context: &Context) -> Vec<KeyValue> {
    Values::scoped(context).map(|scoped| scoped.attributes().to_vec()).unwrap_or_default()
}

/// `context` with the attributes of the current scope, unless it has some: the context of a caller in another
/// process, whose spans begin here.
pub(crate) fn in_current_scope(context: Context) -> Context {
    if Values::scoped(&context).is_some() {
        return context;
    }
    match current::map(|current| Values::scoped(current).cloned()).flatten() {
        Some(scoped) => Values::with_scoped(&context, scoped),
        None => context,
    }
}

/// Ends a [`scope`] when it is dropped.
#[must_use = "the scope ends when its guard is dropped: `let _scope = scope(..);`"]
#[derive(Debug)]
pub struct ScopeGuard {
    /// `None` where the thread is about to end.
    _attached: Option<ContextGuard>,
}
