//! Which values can an attribute have?

use std::borrow::Cow;
use std::collections::{BTreeSet, HashSet, VecDeque};
use std::fmt::{self, Debug, Display, Write};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8,
    NonZeroU16, NonZeroU32, NonZeroU64, NonZeroU128, NonZeroUsize,
};
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::Array;

use crate::process::unwind::caught;

/// A value on its way into a span. It is formatted or copied only if a recorder wants it.
pub enum Value<'a> {
    /// Nothing to record.
    Absent,
    /// `bool`
    Bool(bool),
    /// A 64-bit integer.
    I64(i64),
    /// `f64`
    F64(f64),
    /// A string.
    Str(&'a str),
    /// An owned value of OpenTelemetry's: an array, or an integer that fits into a string only.
    Owned(opentelemetry::Value),
    /// `%value`
    Display(&'a dyn Display),
    /// `?value`
    Debug(&'a dyn Debug),
}

impl Value<'_> {
    /// The value as the OpenTelemetry API takes it.
    pub(crate) fn record(self) -> Option<opentelemetry::Value> {
        Some(match self {
            Value::Absent => return None,
            Value::Bool(value) => value.into(),
            Value::I64(value) => value.into(),
            Value::F64(value) => value.into(),
            Value::Str(value) => value.to_owned().into(),
            Value::Owned(value) => value,
            Value::Display(value) => text(value).into(),
            Value::Debug(value) => text(&DebugText(value)).into(),
        })
    }
}

struct DebugText<'a>(&'a dyn Debug);

impl Display for DebugText<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Debug::fmt(self.0, f)
    }
}

/// The text of a value, up to where its `Display` fails: that must not make the caller fail.
pub(crate) fn text(value: &dyn Display) -> String {
    let mut text = String::new();
    let written = caught(|| write!(text, "{value}").is_ok());
    if !matches!(written, Ok(true)) {
        text.push_str("<formatting failed>");
    }
    text
}

/// A type with a value of its own among OpenTelemetry's attribute values.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an attribute value",
    label = "cannot be recorded as it is",
    note = "record its text: `key = %value` for `Display`, `key = ?value` for `Debug`; or keep a parameter \
            out of `attrs(..)` with `skip(name)`",
    note = "of a value that is sensitive, record a form that tells less: `hash(value)`, `mask(value)`, \
            `truncate(value, 3)`"
)]
pub trait AttributeValue {
    /// The value to record.
    fn attribute_value(&self) -> Value<'_>;
}

/// `key = value`
pub fn value<T: AttributeValue + ?Sized>(value: &T) -> Value<'_> {
    value.attribute_value()
}

/// `key = %value`
pub fn display<T: Display>(value: &T) -> Value<'_> {
    Value::Display(value)
}

/// `key = ?value`
pub fn debug<T: Debug>(value: &T) -> Value<'_> {
    Value::Debug(value)
}

/// The one list of scalar types: each is a value, and may be an element of an array.
macro_rules! scalars {
    ($($kind:ident($($ty:ty)*) $value:ident => $convert:expr;)*) => {$($(
        impl AttributeValue for $ty {
            fn attribute_value(&self) -> Value<'_> {
                let $value = self;
                $convert
            }
        }

        impl ArrayElement for $ty {
            const KIND: Kind = Kind::$kind;
        }
    )*)*};
}
scalars! {
    Bool(bool) value => Value::Bool(*value);
    F64(f32) value => Value::F64(f64::from(*value));
    F64(f64) value => Value::F64(*value);
    I64(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize) value => integer(*value);
    I64(NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroI128 NonZeroIsize) value => integer(value.get());
    I64(NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroU128 NonZeroUsize) value => integer(value.get());
    String(str String) value => Value::Str(value);
    String(char) value => Value::Owned(value.to_string().into());
}

/// OpenTelemetry's integers are `i64`; what does not fit is recorded as its decimal digits.
fn integer<T: Copy + Display>(value: T) -> Value<'static>
where
    i64: TryFrom<T>,
{
    i64::try_from(value).map_or_else(|_| Value::Owned(value.to_string().into()), Value::I64)
}

/// A pointer to a value has that value.
macro_rules! pointers {
    ($($ty:ty)*) => {$(
        impl<T: AttributeValue + ?Sized> AttributeValue for $ty {
            fn attribute_value(&self) -> Value<'_> {
                (**self).attribute_value()
            }
        }

        impl<T: ArrayElement + ?Sized> ArrayElement for $ty {
            const KIND: Kind = T::KIND;
        }
    )*};
}
pointers!(&T &mut T Box<T> Rc<T> Arc<T>);

impl<T: AttributeValue + ToOwned + ?Sized> AttributeValue for Cow<'_, T> {
    fn attribute_value(&self) -> Value<'_> {
        (**self).attribute_value()
    }
}

impl<T: ArrayElement + ToOwned + ?Sized> ArrayElement for Cow<'_, T> {
    const KIND: Kind = T::KIND;
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    fn attribute_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Absent, AttributeValue::attribute_value)
    }
}

/// A value that arrays may have as an element: all scalars, and pointers to them.
///
/// "Arrays are homogeneous": all elements of one array have one type. So an `Option` is not an element,
/// since OpenTelemetry's arrays for Rust have no place for a `None`, and leaving it out would shift the
/// elements after it. Nor is a list.
///
/// Specification: [Attribute](https://opentelemetry.io/docs/specs/otel/common/#attribute).
#[diagnostic::on_unimplemented(
    message = "a list of `{Self}` is not an attribute value",
    label = "cannot be recorded as it is",
    note = "lists have elements that are booleans, numbers, characters or strings; record the text of another: \
            `ids = ?ids`, or of a returned one, `ret = ?`"
)]
pub trait ArrayElement: AttributeValue {
    /// The kind of all elements of this type.
    const KIND: Kind;
}

/// The kind of the elements of an array.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `bool`
    Bool,
    /// Integers, unless one of them does not fit into 64 bits with a sign: then all are strings.
    I64,
    /// `f64`
    F64,
    /// Strings.
    String,
}

/// The elements as one array.
fn array<'a, T: ArrayElement + ?Sized + 'a>(
    elements: impl IntoIterator<Item = &'a T>,
) -> Value<'a> {
    let values: Vec<Value<'a>> =
        elements.into_iter().map(AttributeValue::attribute_value).collect();
    let array = match T::KIND {
        Kind::Bool => Array::Bool(only(&values, |value| match value {
            Value::Bool(value) => Some(*value),
            _ => None,
        })),
        Kind::F64 => Array::F64(only(&values, |value| match value {
            Value::F64(value) => Some(*value),
            _ => None,
        })),
        Kind::I64 if values.iter().all(|value| matches!(value, Value::I64(_))) => {
            Array::I64(only(&values, |value| match value {
                Value::I64(value) => Some(*value),
                _ => None,
            }))
        }
        Kind::I64 | Kind::String => {
            let texts = values.into_iter().filter_map(Value::record);
            Array::String(texts.map(|value| value.as_str().into_owned().into()).collect())
        }
    };
    Value::Owned(opentelemetry::Value::Array(array))
}

/// The values, all of which are of the kind that `get` returns.
fn only<T>(values: &[Value<'_>], get: impl Fn(&Value<'_>) -> Option<T>) -> Vec<T> {
    values.iter().filter_map(get).collect()
}

impl<T: ArrayElement> AttributeValue for [T] {
    fn attribute_value(&self) -> Value<'_> {
        array(self)
    }
}

impl<T: ArrayElement, const N: usize> AttributeValue for [T; N] {
    fn attribute_value(&self) -> Value<'_> {
        array(self)
    }
}

/// Lists and sets, in the order of their iterators.
macro_rules! collections {
    ($($ty:ty)*) => {$(
        impl<T: ArrayElement> AttributeValue for $ty {
            fn attribute_value(&self) -> Value<'_> {
                array(self)
            }
        }
    )*};
}
collections!(Vec<T> VecDeque<T> BTreeSet<T>);

impl<T: ArrayElement, S> AttributeValue for HashSet<T, S> {
    fn attribute_value(&self) -> Value<'_> {
        array(self)
    }
}

#[cfg(test)]
mod tests;
