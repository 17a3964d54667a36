//! What is recorded in place of a personal value: `hash(x)`, `mask(x)`, `truncate(x, n)`?

use opentelemetry::{Array, StringValue, Value};

use super::value::AttributeValue;
use crate::privacy::Sensitive;

/// A value that can be recorded in a form that tells less. `How` is inferred.
#[diagnostic::on_unimplemented(
    message = "`{Self}` has no form that tells less than the value",
    label = "is neither an attribute value nor `Sensitive`",
    note = "give its text, as in `hash(value.to_string())`, or implement `otel_runtime::privacy::Sensitive` for its type"
)]
pub trait SafeForm<How> {
    /// The value; `None` if there is none.
    fn exposed(&self) -> Option<Value>;
}

/// Because it is an attribute value.
pub struct ByValue;

/// Because its type is sensitive.
pub struct ByType;

/// Because its type is, and it may be missing.
pub struct Optional;

impl<T: AttributeValue + ?Sized> SafeForm<ByValue> for T {
    fn exposed(&self) -> Option<Value> {
        self.attribute_value().record()
    }
}

impl<T: Sensitive + ?Sized> SafeForm<ByType> for T {
    fn exposed(&self) -> Option<Value> {
        Some(Sensitive::exposed(self).into_owned().into())
    }
}

impl<T: Sensitive> SafeForm<Optional> for Option<T> {
    fn exposed(&self) -> Option<Value> {
        self.as_ref().map(|value| Sensitive::exposed(value).into_owned().into())
    }
}

/// The form of each text in a value; `None` if one has none.
pub(crate) fn of_each(value: Value, form: &dyn Fn(&str) -> Option<String>) -> Option<Value> {
    let all = |texts: Vec<String>| {
        let forms: Option<Vec<StringValue>> =
            texts.iter().map(|text| form(text).map(StringValue::from)).collect();
        forms.map(|forms| Value::Array(Array::String(forms)))
    };
    match value {
        Value::Array(Array::String(values)) => {
            all(values.iter().map(|value| value.as_str().to_owned()).collect())
        }
        Value::Array(Array::I64(values)) => all(values.iter().map(i64::to_string).collect()),
        Value::Array(Array::F64(values)) => all(values.iter().map(f64::to_string).collect()),
        Value::Array(Array::Bool(values)) => all(values.iter().map(bool::to_string).collect()),
        value => form(&value.as_str()).map(Value::from),
    }
}
