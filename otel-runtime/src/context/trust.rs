//! How much of what a caller says of its trace is believed?
//!
//! ```text
//! carrier ─extract→ caller ─┬─ Trust:  under the caller's span
//!                           ├─ Link:   a new trace, with a link to the caller's span
//!                           └─ Ignore: a new trace
//! ```

use opentelemetry::Context;
use opentelemetry::baggage::{Baggage, BaggageExt, KeyValueMetadata};
use opentelemetry::trace::{SpanContext, TraceContextExt};

use super::carrier::{self, ExtractCarrier};
use super::current;

/// How much of what a caller says of its trace is believed.
///
/// The default is [`Trust`](Trust::Trust): in a system of one's own services a trace that breaks at each of
/// them is of no use, and that is what OpenTelemetry specifies. Choose [`Link`](Trust::Link) where requests
/// come from strangers: whoever can send a `traceparent` can otherwise join its requests to any trace, and
/// say which of them are recorded.
///
/// | | `Trust` | `Link` | `Ignore` |
/// | --- | --- | --- | --- |
/// | trace | the caller's | a new one | a new one |
/// | parent | the caller's span | none | none |
/// | link | none | to the caller's span | none |
/// | baggage | the caller's | dropped | dropped |
/// | sampled by | the caller's flag, with a `parentbased` sampler | the local sampler, as any root | the local sampler, as any root |
///
/// So under `Trust`, with the default sampler, a caller that sends `traceparent: 00-..-00` switches
/// recording off for its request, and one that sends `-01` switches it on, whatever the local rate is. Under
/// `Link` and `Ignore` a caller's flag does neither.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use otel_runtime::context::Trust;
/// use otel_runtime::traced;
///
/// #[traced(kind = server, parent(extract = headers))] // trusts
/// fn internal(headers: &HashMap<String, String>) {}
///
/// #[traced(kind = server, parent(extract = headers, trust = Trust::Link))] // does not
/// fn public(headers: &HashMap<String, String>) {}
///
/// assert_eq!(Trust::default(), Trust::Trust);
/// # internal(&HashMap::new());
/// # public(&HashMap::new());
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Trust {
    /// The caller's trace goes on.
    #[default]
    Trust,
    /// A new trace begins, whose first span has a link to the caller's; the caller's baggage is dropped.
    Link,
    /// A new trace begins, as if the caller had said nothing.
    Ignore,
}

/// What a request brought along, as far as it is believed: made by [`receive`].
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Incoming {
    /// What the request's span starts in. Where there is to be no span, what serves the request runs in
    /// this context all the same, so that the trace is passed on.
    pub parent: Context,
    /// The span to link to: the caller's, under [`Trust::Link`].
    pub link: Option<SpanContext>,
}

/// Reads what a request brought along, and believes as much of it as `trust` says.
///
/// It is for code that starts the span of a request by itself, such as a middleware. In `#[traced]`,
/// `parent(extract = headers)` does it, and trusts; `parent(extract = headers, trust = Trust::Link)` does not.
///
/// Where the same request is read once more below, by this or by `parent(extract = ..)`, what is current
/// there is the parent: the handler's span hangs under the middleware's, also under `Link` and `Ignore`.
/// What is known of the request is its caller's span, so another request is told apart.
///
/// # Examples
///
/// ```
/// use std::collections::HashMap;
///
/// use opentelemetry::trace::TraceContextExt;
/// use otel_runtime::context::{TraceContextPropagator, Trust, receive};
///
/// // `init` does this.
/// opentelemetry::global::set_text_map_propagator(TraceContextPropagator::default());
/// let headers = HashMap::from([(
///     "traceparent".to_owned(),
///     "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00".to_owned(),
/// )]);
///
/// let incoming = receive(&headers, Trust::Link);
///
/// assert!(!incoming.parent.has_active_span());
/// let link = incoming.link.expect("the caller has a span");
/// assert_eq!(link.span_id().to_string(), "b7ad6b7169203331");
/// ```
pub fn receive<C: ExtractCarrier + ?Sized>(carrier: &C, trust: Trust) -> Incoming {
    let Some(caller) = carrier::extract_any(carrier) else {
        let parent = serving(&Context::new()).unwrap_or_else(from_nobody);
        return Incoming { parent, link: None };
    };
    let mut incoming = believed_here(caller, trust);
    if !incoming.parent.has_active_span() && incoming.parent.get::<Received>().is_none() {
        incoming.parent = incoming.parent.with_value(Received(SpanContext::NONE));
    }
    incoming
}

/// `parent(extract = carrier)`
pub fn extract<C: ExtractCarrier + ?Sized>(carrier: &C) -> Incoming {
    received(carrier, Trust::Trust)
}

/// `parent(extract = carrier, trust = ..)`: the same as [`receive`], but that nobody below has to know that
/// there was no caller.
pub fn received<C: ExtractCarrier + ?Sized>(carrier: &C, trust: Trust) -> Incoming {
    believed_here(carrier::extract(carrier), trust)
}

/// The context of a request that names no caller at all.
fn from_nobody() -> Context {
    thread_local! {
        /// Made once for each thread: a value in a context takes three allocations.
        static NOBODY: Context = Context::new().with_value(Received(SpanContext::NONE));
    }
    NOBODY
        .try_with(Context::clone)
        .unwrap_or_else(|_| Context::new().with_value(Received(SpanContext::NONE)))
}

/// What is believed of `caller`, unless its very request is served here already.
fn believed_here(caller: Context, trust: Trust) -> Incoming {
    match serving(&caller) {
        Some(parent) => Incoming { parent, link: None },
        None => believed(caller, trust),
    }
}

/// What is believed of `caller`, the context that was extracted.
fn believed(caller: Context, trust: Trust) -> Incoming {
    if trust == Trust::Trust {
        return Incoming { parent: caller, link: None };
    }
    let span = caller.span().span_context().clone();
    let parent = Context::new().with_value(Received(span.clone()));
    let link = (trust == Trust::Link && span.is_valid()).then_some(span);
    Incoming { parent, link }
}

/// The span of the caller whose request is served in this context, where its trace does not go on there.
/// Invalid if the caller has none.
#[derive(Debug)]
struct Received(SpanContext);

/// The current context, if it serves the very request that `caller` was extracted from: a span of ours is
/// nearer to what is called than the caller's.
///
/// Where the caller's trace was not continued, that is known by its span.
fn serving(caller: &Context) -> Option<Context> {
    let current = current::get()?;
    let span = caller.span();
    let span = span.span_context();
    let is_received =
        |it: &Received| (it.0.trace_id(), it.0.span_id()) == (span.trace_id(), span.span_id());
    if current.get().is_some_and(is_received) {
        return Some(current);
    }
    nearer(caller)?;
    // Whoever made the span here may have left the caller's baggage where it was.
    let has_all = !current.baggage().is_empty() || caller.baggage().is_empty();
    Some(if has_all { current } else { current.with_baggage(copy(caller.baggage())) })
}

/// The current span, if it is a local one of the trace that `context` has from another process: what a
/// carrier says of the trace that we are in is older.
pub(crate) fn nearer(context: &Context) -> Option<SpanContext> {
    let caller = context.span();
    let caller = caller.span_context();
    if !caller.is_valid() || !caller.is_remote() {
        return None;
    }
    current::get()
        .map(|current| current.span().span_context().clone())
        .filter(|here| here.is_valid() && !here.is_remote() && here.trace_id() == caller.trace_id())
}

fn copy(baggage: &Baggage) -> impl Iterator<Item = KeyValueMetadata> {
    baggage.iter().map(|(key, (value, metadata))| {
        KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
    })
}
