//! What can a function say of the span that it runs in?

use std::borrow::Cow;
use std::fmt::Display;

use opentelemetry::trace::{SpanRef, Status, TraceContextExt, TraceId};
use opentelemetry::{Context, Key, KeyValue};

use crate::call::links::{self, IntoLinks};
use crate::context::current;
use crate::process::unwind::caught;
use crate::process::values;
use crate::span::value::{AttributeValue, text};

/// Calls `tell` with the current span, if that is being recorded. A panic of the span, which may be of any library,
/// or of a value, which is the program's, does not reach the caller.
fn with_span(tell: impl FnOnce(&SpanRef<'_>)) {
    // A clone, since code of the program may attach another context meanwhile.
    let Some(context) = current::get().filter(Context::has_active_span) else { return };
    let told = caught(|| {
        let span = context.span();
        if span.is_recording() {
            tell(&span);
        }
    });
    if told.is_err() {
        values::lose();
    }
}

/// Sets an attribute of the current span, whoever made that: an annotated function, a layer, another library.
///
/// The value may be of any type that `attrs(..)` takes as it is: booleans, numbers, strings, lists of these, an
/// `Option`. An absent value, such as `None`, sets nothing. Of anything else record the text:
/// `record("cart", cart.to_string())`.
///
/// The last value of a key stands, and it stands once: also over one of `attrs(..)`, and over one that a
/// [scope](crate::context::scope()) gives the span. A new key counts against the limit of attributes of a span, and
/// is counted as dropped over it. (Under [`adopt`](crate::adopt) the provider decides about both;
/// `opentelemetry_sdk` 0.33 sends every value that a key was given.)
///
/// Nothing happens where no span is, where the current one is not recorded because the trace is not sampled, or
/// has ended already, and below the [`filter`](crate::filter) it is the span of the caller. A sampler does not see
/// what is set so late, and `skip_pii` does not keep it back: that is about what the attribute lists.
///
/// # Examples
///
/// ```
/// use otel_runtime::{record, traced};
///
/// #[traced]
/// fn search(words: &str) -> Vec<u64> {
///     let found = vec![3, 7];
///     record("rows", found.len());
///     found
/// }
/// # search("a");
/// ```
pub fn record(key: impl Into<Key>, value: impl AttributeValue) {
    with_span(|span| {
        if let Some(value) = value.attribute_value().record() {
            span.set_attribute(KeyValue::new(key, value));
        }
    });
}

/// Adds an event to the current span, whoever made that: something that happened at this moment.
///
/// There may be many of one name. Over the limit of events of a span, and of attributes of an event, they are counted
/// as dropped. Nothing happens where there is no span that is recorded, as with [`record`].
///
/// # Examples
///
/// ```
/// use otel_runtime::opentelemetry::KeyValue;
/// use otel_runtime::{event, traced};
///
/// #[traced]
/// fn fetch(url: &str) {
///     for attempt in 1..=3 {
///         event("retry", [KeyValue::new("attempt", attempt)]);
///     }
///     event("gave up", []);
/// }
/// # fetch("http://localhost");
/// ```
pub fn event(name: impl Into<Cow<'static, str>>, attributes: impl IntoIterator<Item = KeyValue>) {
    with_span(|span| span.add_event(name, attributes.into_iter().collect()));
}

/// Says that what the current span stands for has failed, where no `Err` says so: its status becomes an error with
/// this description.
///
/// | also said | holds in the end |
/// | --- | --- |
/// | the function returns, or returns `Ok` | this error: success sets no status |
/// | the function returns an `Err`, or panics | that error, whose text replaces this one |
/// | `set_error` again | the later text |
/// | the status `Ok`, set by OpenTelemetry's API before or after | `Ok` |
///
/// (Under [`adopt`](crate::adopt) the provider decides; `opentelemetry_sdk` 0.33 keeps of two descriptions the one that
/// is greater by its bytes.)
///
/// `record("error.type", "out_of_stock")` adds the kind of the error. Nothing happens where there is no span that is
/// recorded, as with [`record`]; the text is not even made then.
///
/// Specification: [Set Status](https://opentelemetry.io/docs/specs/otel/trace/api/#set-status).
///
/// # Examples
///
/// ```
/// use otel_runtime::{set_error, traced};
///
/// #[traced]
/// fn reserve(pieces: u32, in_stock: u32) -> bool {
///     if pieces > in_stock {
///         set_error(format_args!("{pieces} pieces wanted, {in_stock} in stock"));
///     }
///     pieces <= in_stock
/// }
/// # reserve(2, 1);
/// ```
pub fn set_error(description: impl Display) {
    with_span(|span| span.set_status(Status::error(text(&description))));
}

/// Renames the current span, whoever made that. Keep the number of names low: what differs from call to call is an
/// attribute.
///
/// A sampler has seen the name that the span began with. Nothing happens where there is no span that is recorded, as
/// with [`record`].
///
/// # Examples
///
/// ```
/// use otel_runtime::{set_name, traced};
///
/// #[traced]
/// fn dispatch(command: &str) {
///     if command == "get" {
///         set_name("dispatch get");
///     }
/// }
/// # dispatch("get");
/// ```
pub fn set_name(name: impl Into<Cow<'static, str>>) {
    with_span(|span| span.update_name(name));
}

/// Links the current span to others: to a [`SpanContext`](opentelemetry::trace::SpanContext), a
/// [`Context`](opentelemetry::Context), or an `Option`, a collection or an iterator of them, as `links(..)` does when a
/// span begins.
///
/// Those that are invalid are left out; over the limit of links of a span they are counted as dropped. A sampler does not
/// see them. Nothing happens where there is no span that is recorded, as with [`record`].
///
/// # Examples
///
/// ```
/// use otel_runtime::context::{self, Context};
/// use otel_runtime::{link, traced};
///
/// #[traced]
/// fn handle(messages: &[Context]) {
///     link(messages);
/// }
/// # handle(&[Context::new()]);
/// ```
pub fn link<Number>(to: impl IntoLinks<Number>) {
    with_span(|span| {
        links::valid(to).for_each(|link| span.add_link(link.span_context, link.attributes));
    });
}

/// The id of the trace that this thread works for: to answer a request with it, or write it into a message.
///
/// `None` where no span is current. It is there for a trace that is not sampled, too, and for one that only a
/// [context](crate::context) says, without a span here. Its `Display` is 32 hexadecimal digits.
///
/// # Examples
///
/// ```
/// use otel_runtime::{trace_id, traced};
///
/// #[traced]
/// fn failed() -> String {
///     match trace_id() {
///         Some(id) => format!("something went wrong; tell us {id}"),
///         None => "something went wrong".to_owned(),
///     }
/// }
/// # failed();
/// ```
#[must_use]
pub fn trace_id() -> Option<TraceId> {
    let id = current::map(|context| context.span().span_context().trace_id())?;
    (id != TraceId::INVALID).then_some(id)
}
