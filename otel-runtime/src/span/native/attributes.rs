//! How is an attribute set on an open span?

#[cfg(feature = "tracing")]
use opentelemetry::Context;
use opentelemetry::KeyValue;

use super::open::OpenSpan;
use super::seldom::{Keys, MANY};
#[cfg(feature = "tracing")]
use crate::context::current;
#[cfg(feature = "tracing")]
use crate::context::listed::Listed;
#[cfg(feature = "tracing")]
use crate::context::values::Values;
#[cfg(feature = "tracing")]
use crate::privacy::installed;
#[cfg(feature = "tracing")]
use crate::process::panics;
#[cfg(feature = "tracing")]
use crate::process::unwind::caught;
use crate::record::fields::{self, Scalar};
use crate::record::{Function, Origin, attributes, field};
use crate::span::keys::ERROR_TYPE;
use crate::span::value::Value;

impl OpenSpan {
    /// One of the attributes that a callsite lists, whose keys all differ.
    pub(super) fn set(&mut self, key: &'static str, value: Value<'_>) {
        match value {
            Value::Str(value) => self.set_str(key, value),
            Value::I64(value) => self.set_i64(key, value),
            Value::F64(value) => self.set_scalar(key, Scalar::Double(value)),
            Value::Bool(value) => self.set_scalar(key, Scalar::Bool(value)),
            value => self.set_owned(key, value),
        }
    }

    #[inline]
    pub(super) fn set_str(&mut self, key: &'static str, value: &str) {
        self.set_scalar(key, Scalar::String(self.native.limits.cut(value)));
    }

    #[inline]
    pub(super) fn set_i64(&mut self, key: &'static str, value: i64) {
        self.set_scalar(key, Scalar::Int(value));
    }

    #[expect(clippy::inline_always, reason = "what type the value has is known where it is called")]
    #[inline(always)]
    fn set_scalar(&mut self, key: &'static str, value: Scalar<'_>) {
        if self.takes(key) {
            fields::scalar(&mut self.fields, field::span::ATTRIBUTES, key, value);
        } else {
            self.set_unusual(key, value);
        }
    }

    #[cold]
    #[inline(never)]
    fn set_unusual(&mut self, key: &'static str, value: Scalar<'_>) {
        self.set_late(&KeyValue::new(key, opentelemetry::Value::from(value)));
    }

    /// Counts an attribute that needs no more than that.
    #[inline]
    fn takes(&mut self, key: &str) -> bool {
        let takes =
            self.attributes.kept < self.native.limits.attributes_per_span && !is_of_place(key);
        self.attributes.kept += u32::from(takes);
        takes
    }

    #[cold]
    #[inline(never)]
    fn set_owned(&mut self, key: &'static str, value: Value<'_>) {
        let Some(value) = value.record() else { return };
        if self.takes(key) {
            let limits = &self.native.limits;
            fields::attribute(&mut self.fields, field::span::ATTRIBUTES, key, &value, limits);
        } else {
            self.set_late(&KeyValue::new(key, value));
        }
    }

    /// Sets an attribute that may have been set before: this value replaces the earlier one.
    pub(super) fn set_late(&mut self, attribute: &KeyValue) {
        let key = attribute.key.as_str();
        if is_of_place(key) {
            self.own_place();
        }
        let limits = &self.native.limits;
        if self.attributes.kept >= MANY {
            self.set_among_many(attribute);
        } else if attributes::replace(&mut self.fields, key) && self.replaces(key)
            || self.attributes.one_more(limits.attributes_per_span)
        {
            let number = field::span::ATTRIBUTES;
            fields::attribute(&mut self.fields, number, key, &attribute.value, limits);
        }
    }

    fn keys(&mut self) -> Option<&mut Keys> {
        self.seldom.as_mut()?.keys.as_mut()
    }

    /// Sets an attribute unless it has been set before.
    pub(super) fn set_unless_set(&mut self, key: &'static str, value: &opentelemetry::Value) {
        if self.inherited(key) {
            self.set_late(&KeyValue::new(key, value.clone()));
        } else {
            self.set_new(key, value);
        }
    }

    /// Sets an attribute of its surroundings, unless it has one of its own.
    #[cold]
    pub(super) fn inherit(&mut self, key: &str, value: &opentelemetry::Value) {
        let is_of_function = match &self.finished.origin {
            Origin::Function(function) if !self.finished.placed => {
                is_of_place(key) && attributes::has(&function.place, key)
            }
            Origin::Function(_) | Origin::Library(_) => false,
        };
        if !is_of_function && self.set_new(key, value) && key == ERROR_TYPE {
            self.seldom.get_or_insert_default().inherited_error_type = true;
        }
    }

    /// Notes that an attribute has a value of the span's own now.
    fn replaces(&mut self, key: &str) -> bool {
        self.inherited(key);
        true
    }

    /// Whether the attribute has an inherited value, which is about to go.
    fn inherited(&mut self, key: &str) -> bool {
        let seldom = self.seldom.as_mut();
        key == ERROR_TYPE
            && seldom.is_some_and(|seldom| std::mem::take(&mut seldom.inherited_error_type))
    }

    /// Sets an attribute, if there is none with its key.
    fn set_new(&mut self, key: &str, value: &opentelemetry::Value) -> bool {
        let limits = &self.native.limits;
        if attributes::has(&self.fields, key)
            || !self.attributes.one_more(limits.attributes_per_span)
        {
            return false;
        }
        if let Some(keys) = self.keys() {
            keys.all.insert(key.into());
        }
        fields::attribute(&mut self.fields, field::span::ATTRIBUTES, key, value, limits);
        true
    }

    /// The same where a search through all attributes takes long: an earlier value of the key stays among
    /// the fields, until there are so many of these that removing all of them pays, or the span ends.
    #[cold]
    #[inline(never)]
    fn set_among_many(&mut self, attribute: &KeyValue) {
        let limits = &self.native.limits;
        let seldom = self.seldom.get_or_insert_default();
        let keys = seldom.keys.get_or_insert_with(|| Keys::of(&self.fields));
        let KeyValue { key, value, .. } = attribute;
        if keys.all.contains(key.as_str()) {
            keys.overridden += 1;
            seldom.inherited_error_type &= key.as_str() != ERROR_TYPE;
        } else if self.attributes.one_more(limits.attributes_per_span) {
            keys.all.insert(key.as_str().into());
        } else {
            return;
        }
        fields::attribute(&mut self.fields, field::span::ATTRIBUTES, key.as_str(), value, limits);
        if keys.overridden >= self.attributes.kept {
            keys.overridden = 0;
            attributes::keep_last(&mut self.fields);
        }
    }

    /// Copies the function's `code.*` attributes into this span, since they may be about to differ from
    /// those of other spans.
    fn own_place(&mut self) {
        if !self.finished.placed
            && let Origin::Function(function) = self.finished.origin
        {
            self.finished.placed = true;
            self.fields.splice(..0, function.place.iter().copied());
            if let Some(keys) = self.keys() {
                keys.all.extend(attributes::keys(&function.place).map(Box::from));
            }
        }
    }

    /// Counts the function's `code.*` attributes, which are not written into each span.
    #[inline]
    pub(super) fn place(&mut self, function: &'static Function) {
        if self.native.limits_place {
            self.set_place(function);
        } else {
            self.attributes.kept = function.place_count;
        }
    }

    /// The function's `code.*` attributes, within the limits.
    #[cold]
    fn set_place(&mut self, function: &'static Function) {
        self.finished.placed = true;
        for attribute in attributes::attributes(&function.place) {
            self.set_late(&attribute);
        }
    }
}

#[cfg(feature = "tracing")]
impl OpenSpan {
    /// Of the attributes that it starts with, those that log lines show. `base`: the context that it starts in, if not
    /// the current one.
    #[cold]
    #[inline(never)]
    pub(super) fn listed(&self, base: Option<&Context>) -> Option<Listed> {
        let current = if base.is_none() { current::get() } else { None };
        let place = match &self.finished.origin {
            Origin::Function(function) if !self.finished.placed => &function.place[..],
            Origin::Function(_) | Origin::Library(_) => &[],
        };
        let own = attributes::attributes(place).chain(attributes::attributes(&self.fields));
        let around = base.or(current.as_ref())?;
        Listed::of_span(Values::listed(around), own, |own| {
            // A detector of the program's may panic; what it has not seen does not leave.
            panics::quietly(|| caught(|| installed().attributes(own))).unwrap_or_default()
        })
    }
}

/// Whether an attribute may be one of those that all spans of a function have.
#[inline]
fn is_of_place(key: &str) -> bool {
    key.starts_with("code.")
}
