//! Which values can an attribute have?

use std::borrow::Cow;
use std::fmt::{self, Debug, Display, Write};
use std::rc::Rc;
use std::sync::Arc;

use opentelemetry::Array;

use crate::unwind::caught;

/// A value on its way into a span. Nothing is formatted or copied before a recorder wants it.
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
    /// A value that OpenTelemetry owns: an array, or an integer that only a string can hold.
    Owned(opentelemetry::Value),
    /// `%value`
    Display(&'a dyn Display),
    /// `?value`
    Debug(&'a dyn Debug),
}

impl Value<'_> {
    /// What the OpenTelemetry API takes.
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

/// The text of a value, as far as it got: the host must not fail because its `Display` does.
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
            out of `attrs(..)` with `skip(name)`"
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

impl AttributeValue for bool {
    fn attribute_value(&self) -> Value<'_> {
        Value::Bool(*self)
    }
}

impl AttributeValue for str {
    fn attribute_value(&self) -> Value<'_> {
        Value::Str(self)
    }
}

impl AttributeValue for String {
    fn attribute_value(&self) -> Value<'_> {
        Value::Str(self)
    }
}

impl AttributeValue for char {
    fn attribute_value(&self) -> Value<'_> {
        Value::Owned(self.to_string().into())
    }
}

macro_rules! floats {
    ($($ty:ty)*) => {$(
        impl AttributeValue for $ty {
            fn attribute_value(&self) -> Value<'_> {
                Value::F64(f64::from(*self))
            }
        }
    )*};
}
floats!(f32 f64);

/// OpenTelemetry integers are `i64`; what does not fit is recorded as its decimal digits.
macro_rules! integers {
    ($($ty:ty)*) => {$(
        impl AttributeValue for $ty {
            fn attribute_value(&self) -> Value<'_> {
                match i64::try_from(*self) {
                    Ok(value) => Value::I64(value),
                    Err(_) => Value::Owned(self.to_string().into()),
                }
            }
        }
    )*};
}
integers!(i8 i16 i32 i64 i128 isize u8 u16 u32 u64 u128 usize);

/// What points at a value has that value.
macro_rules! pointers {
    ($($ty:ty)*) => {$(
        impl<T: AttributeValue + ?Sized> AttributeValue for $ty {
            fn attribute_value(&self) -> Value<'_> {
                (**self).attribute_value()
            }
        }
    )*};
}
pointers!(&T &mut T Box<T> Rc<T> Arc<T>);

impl<T: AttributeValue + ToOwned + ?Sized> AttributeValue for Cow<'_, T> {
    fn attribute_value(&self) -> Value<'_> {
        (**self).attribute_value()
    }
}

impl<T: AttributeValue> AttributeValue for Option<T> {
    fn attribute_value(&self) -> Value<'_> {
        self.as_ref().map_or(Value::Absent, AttributeValue::attribute_value)
    }
}

/// Elements that OpenTelemetry has arrays of.
pub trait ArrayElement: Sized {
    /// The elements as one array.
    fn array(elements: &[Self]) -> Array;
}

macro_rules! elements {
    ($($ty:ty => $variant:ident($element:ident => $convert:expr))*) => {$(
        impl ArrayElement for $ty {
            fn array(elements: &[Self]) -> Array {
                Array::$variant(elements.iter().map(|$element| $convert).collect())
            }
        }
    )*};
}
elements! {
    bool => Bool(element => *element)
    i8 => I64(element => i64::from(*element))
    i16 => I64(element => i64::from(*element))
    i32 => I64(element => i64::from(*element))
    i64 => I64(element => *element)
    u8 => I64(element => i64::from(*element))
    u16 => I64(element => i64::from(*element))
    u32 => I64(element => i64::from(*element))
    f32 => F64(element => f64::from(*element))
    f64 => F64(element => *element)
    String => String(element => element.clone().into())
    &str => String(element => (*element).to_owned().into())
}

impl<T: ArrayElement> AttributeValue for [T] {
    fn attribute_value(&self) -> Value<'_> {
        Value::Owned(opentelemetry::Value::Array(T::array(self)))
    }
}

impl<T: ArrayElement, const N: usize> AttributeValue for [T; N] {
    fn attribute_value(&self) -> Value<'_> {
        self.as_slice().attribute_value()
    }
}

impl<T: ArrayElement> AttributeValue for Vec<T> {
    fn attribute_value(&self) -> Value<'_> {
        self.as_slice().attribute_value()
    }
}
