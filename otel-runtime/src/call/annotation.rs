//! How do the attributes of a function get onto the span that is current when it is called?

use std::fmt::{Debug, Display};

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, KeyValue};

use crate::call::lost;
use crate::context::current;
use crate::privacy::{hasher, part};
use crate::process::unwind::caught;
use crate::span::callsite::Callsite;
use crate::span::registry;
use crate::span::safe::{self, SafeForm};
use crate::span::value::{AttributeValue, Value};

/// `annotate`: the span that a function sets attributes of, which is of its caller.
pub struct Annotation {
    callsite: &'static Callsite,
    /// With a span that is recorded.
    context: Context,
}

impl Annotation {
    /// `None` where no span is recorded, or the filter leaves the function out.
    #[cold]
    #[inline(never)]
    #[must_use]
    pub fn begin(callsite: &'static Callsite) -> Option<Annotation> {
        if !registry::is_on(callsite) {
            return None;
        }
        let context = current::get().filter(Context::has_active_span)?;
        // The span may be of any library.
        let is_recorded = caught(|| context.span().is_recording());
        is_recorded.unwrap_or(false).then_some(Annotation { callsite, context })
    }

    /// Evaluates an expression of the user's that sets something. If it panics, the caller does not: the span
    /// goes without what was to be set.
    pub fn attempt(&mut self, set: impl FnOnce(&mut Annotation)) {
        if caught(|| set(self)).is_err() {
            lost::count(self.callsite);
        }
    }

    /// One of `attrs(...)`: `key = value`. An absent value, such as `None`, records nothing.
    pub fn value<T: AttributeValue + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.set(key, value.attribute_value());
    }

    /// `key = %value`
    pub fn display<T: Display + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.set(key, Value::Display(&value));
    }

    /// `key = ?value`
    pub fn debug<T: Debug + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.set(key, Value::Debug(&value));
    }

    /// `key = hash(value)`, by the keys of the program.
    pub fn hash<How>(&mut self, key: &'static str, value: &(impl SafeForm<How> + ?Sized)) {
        self.safe(key, value.exposed(), &|text| hasher::hash(key, text));
    }

    /// `key = mask(value)`
    pub fn mask<How>(&mut self, key: &'static str, value: &(impl SafeForm<How> + ?Sized)) {
        self.mask_all_but_last(key, value, 0);
    }

    /// `key = mask(value, shown)`
    pub fn mask_all_but_last<How>(
        &mut self,
        key: &'static str,
        value: &(impl SafeForm<How> + ?Sized),
        shown: usize,
    ) {
        self.safe(key, value.exposed(), &|text| Some(part::mask_all_but_last(shown, text)));
    }

    /// `key = truncate(value, shown)`
    pub fn truncate<How>(
        &mut self,
        key: &'static str,
        value: &(impl SafeForm<How> + ?Sized),
        shown: usize,
    ) {
        self.safe(key, value.exposed(), &|text| Some(part::truncate(shown, text).to_owned()));
    }

    fn safe(
        &mut self,
        key: &'static str,
        value: Option<opentelemetry::Value>,
        form: &dyn Fn(&str) -> Option<String>,
    ) {
        if let Some(value) = value.and_then(|value| safe::of_each(value, form)) {
            self.set(key, Value::Owned(value));
        }
    }

    #[inline(never)]
    fn set(&mut self, key: &'static str, value: Value<'_>) {
        self.attempt(|annotation| {
            if let Some(value) = value.record() {
                annotation.context.span().set_attribute(KeyValue::new(key, value));
            }
        });
    }
}
