//! How is what a call returned recorded?

use opentelemetry::KeyValue;
use opentelemetry::trace::TraceContextExt;

use crate::context;
use crate::span::value::{AttributeValue, Value};

/// What `ret` records as it is.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an attribute value",
    label = "cannot be recorded as it is",
    note = "record its text, by `ret = %` for `Display` or `ret = ?` for `Debug`, or parts of it: \
            `ret(total = |ret| ret.total())`"
)]
pub trait Returned {
    /// The value to record.
    fn returned_value(&self) -> Value<'_>;
}

#[diagnostic::do_not_recommend]
impl<T: AttributeValue + ?Sized> Returned for T {
    fn returned_value(&self) -> Value<'_> {
        self.attribute_value()
    }
}

/// `ret`
pub fn returned_value<T: Returned + ?Sized>(value: &T) -> Value<'_> {
    value.returned_value()
}

/// `ret`: records a part of the result on the span that is about to end, which is current.
pub fn record(key: &'static str, value: Value<'_>) {
    if let Some(value) = value.record()
        && let Some(context) = context::current::get()
    {
        context.span().set_attribute(KeyValue::new(key, value));
    }
}
