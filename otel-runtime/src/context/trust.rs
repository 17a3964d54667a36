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
/// The default is [`Trust`](Trust::Trust), as OpenTelemetry specifies: between services of your own, a
/// trace that breaks at each of them is of no use. Choose [`Link`](Trust::Link) where requests come from
/// strangers: otherwise, whoever can send a `traceparent` can put requests into any trace, and decide
/// which of them are recorded.
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
    /// The context that the request's span starts in. If there is to be no span, the request is served in
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
/// If the same request is read once more further below, by this function or by `parent(extract = ..)`,
/// the current span is the parent there: the handler's span is a child of the middleware's, also under
/// `Link` and `Ignore`. The same request is recognised by its caller's span; another request has another
/// caller's span, or comes when the span of the first has ended, as to a worker that a request has started.
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

/// `parent(extract = carrier, trust = ..)`: the same as [`receive`], except that a request without a
/// caller leaves no note of that in the context.
pub fn received<C: ExtractCarrier + ?Sized>(carrier: &C, trust: Trust) -> Incoming {
    believed_here(carrier::extract(carrier), trust)
}

/// The context of a request that names no caller.
fn from_nobody() -> Context {
    thread_local! {
        /// Made once for each thread: a value in a context takes three allocations.
        static NOBODY: Context = Context::new().with_value(Received(SpanContext::NONE));
    }
    NOBODY
        .try_with(Context::clone)
        .unwrap_or_else(|_| Context::new().with_value(Received(SpanContext::NONE)))
}

/// The part of `caller` that is believed; but if the same request is being served here already, the
/// current context.
fn believed_here(caller: Context, trust: Trust) -> Incoming {
    match serving(&caller) {
        Some(parent) => Incoming { parent, link: None },
        None => believed(caller, trust),
    }
}

/// The part of `caller`, the context that was extracted, that is believed.
fn believed(caller: Context, trust: Trust) -> Incoming {
    if trust == Trust::Trust {
        return Incoming { parent: caller, link: None };
    }
    let span = caller.span().span_context().clone();
    let parent = Context::new().with_value(Received(span.clone()));
    let link = (trust == Trust::Link && span.is_valid()).then_some(span);
    Incoming { parent, link }
}

/// In the context of a request whose caller's trace does not go on: the span of that caller. Invalid if
/// the request has none.
#[derive(Debug)]
struct Received(SpanContext);

/// The current context, if it serves the same request that `caller` was extracted from: a span of ours in
/// it is nearer to the code below than the caller's span.
///
/// If the caller's trace was not continued, the request is recognised by the caller's span.
fn serving(caller: &Context) -> Option<Context> {
    let current = current::get()?;
    let span = caller.span();
    let span = span.span_context();
    let is_received =
        |it: &Received| (it.0.trace_id(), it.0.span_id()) == (span.trace_id(), span.span_id());
    if current.get().is_some_and(is_received) && !is_over(&current) {
        return Some(current);
    }
    nearer(caller)?;
    // The code that made the current span may not have put the caller's baggage into the context.
    let has_all = !current.baggage().is_empty() || caller.baggage().is_empty();
    Some(if has_all { current } else { current.with_baggage(copy(caller.baggage())) })
}

/// Whether the span of `context` has ended, as far as that can be seen: a worker that a request has started goes on
/// behind it, and the next message is not that request. A span that is not recorded cannot be asked.
fn is_over(context: &Context) -> bool {
    let span = context.span();
    span.span_context().is_sampled() && !span.span_context().is_remote() && !span.is_recording()
}

/// The current span, if it is a live local span in the same trace as the remote span of `context`: the span in
/// the carrier is then farther up in the trace.
pub(crate) fn nearer(context: &Context) -> Option<SpanContext> {
    let caller = context.span();
    let caller = caller.span_context();
    if !caller.is_valid() || !caller.is_remote() {
        return None;
    }
    let current = current::get()?;
    let here = current.span().span_context().clone();
    let is_nearer = here.is_valid() && !here.is_remote() && here.trace_id() == caller.trace_id();
    (is_nearer && !is_over(&current)).then_some(here)
}

fn copy(baggage: &Baggage) -> impl Iterator<Item = KeyValueMetadata> {
    baggage.iter().map(|(key, (value, metadata))| {
        KeyValueMetadata::new(key.clone(), value.clone(), metadata.clone())
    })
}
