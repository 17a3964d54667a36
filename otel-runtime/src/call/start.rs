//! How does a span begin and end?

use std::borrow::Cow;
use std::fmt::{Debug, Display};

use opentelemetry::KeyValue;
use opentelemetry::trace::{Link, TraceContextExt};

use crate::call::links::{self, IntoLinks};
use crate::call::lost;
use crate::call::open::Open;
use crate::context::handed_on::hand_on;
use crate::context::{self, trust};
use crate::privacy::{hasher, part};
use crate::process::unwind::caught;
use crate::span::callsite::Callsite;
use crate::span::recorder::{self, Begun};
use crate::span::registry;
use crate::span::safe::{self, SafeForm};
use crate::span::settings::{IntoParent, Parent, Settings, SpanName};
use crate::span::value::{AttributeValue, Value};

/// A span that is about to start, with all that the sampler is going to be asked about.
pub struct Start {
    callsite: &'static Callsite,
    begun: Begun,
    /// `None` for most spans.
    settings: Option<Box<Settings>>,
}

impl Start {
    #[cold]
    #[inline(never)]
    pub(crate) fn new(callsite: &'static Callsite) -> Option<Start> {
        let is_on = registry::is_on(callsite);
        let begun =
            if is_on { recorder::begin(&callsite.description, &callsite.prepared) } else { None };
        let begun = match begun {
            Some(begun) => {
                #[cfg(debug_assertions)]
                callsite.begins();
                begun
            }
            None if callsite.description.hangs_elsewhere => recorder::begin_nothing()?,
            // The filter leaves the function out, but perhaps not what it calls.
            None if !is_on && callsite.description.is_scope => recorder::begin_nothing()?,
            None => return None,
        };
        Some(Start { callsite, begun, settings: None })
    }

    /// Evaluates an expression of the user's that sets something. If it panics, the caller does not: the
    /// span goes without what was to be set.
    pub fn attempt(&mut self, set: impl FnOnce(&mut Start)) {
        let mut set = Some(set);
        self.attempt_once(&mut |start| {
            if let Some(set) = set.take() {
                set(start);
            }
        });
    }

    #[inline(never)]
    fn attempt_once(&mut self, set: &mut dyn FnMut(&mut Start)) {
        if caught(|| set(self)).is_err() {
            lost::count(self.callsite);
        }
    }

    /// `name = ...`, where it is not a literal.
    pub fn name(&mut self, name: impl Into<Cow<'static, str>>) {
        self.settings().name = Some(name.into());
    }

    /// `name = ...`, where it is a place such as a variable, which is borrowed and not moved.
    pub fn name_of(&mut self, name: &(impl SpanName + ?Sized)) {
        self.settings().name = Some(name.span_name());
    }

    /// `parent = ...`
    pub fn parent(&mut self, parent: &(impl IntoParent + ?Sized)) {
        let (mut parent, link) = (parent.to_parent(), parent.link());
        if let Parent::Context(context) = &mut parent
            && let Some(span) = trust::nearer(context)
        {
            hand_on(&context::current::current());
            *context = context.with_remote_span_context(span);
        }
        self.hang(parent);
        if let Some(link) = link {
            self.settings().links.push(Link::with_context(link));
        }
    }

    /// The parent that `receive` has found: no span is nearer.
    #[cfg(feature = "tower")]
    pub(crate) fn under(&mut self, received: opentelemetry::Context) {
        self.hang(Parent::Context(received));
    }

    /// `root`
    pub fn root(&mut self) {
        self.hang(Parent::Root);
    }

    fn hang(&mut self, parent: Parent) {
        if let Parent::Context(context) = &parent
            && context.is_telemetry_suppressed()
            && let Some(nothing) = recorder::begin_nothing()
        {
            self.begun = nothing;
        }
        self.settings().parent = parent;
    }

    /// Whether anybody could see the span under its parent, so that its name, links and attributes are
    /// worth evaluating. A sampler that looks at none of these is asked now.
    #[must_use]
    pub fn is_wanted(&mut self) -> bool {
        self.begun.is_wanted(&self.callsite.description, self.settings.as_deref())
    }

    /// Whether the sampler was asked already, and there is no span.
    #[inline]
    pub(crate) fn is_dropped(&self) -> bool {
        self.begun.is_dropped()
    }

    /// Whether anybody could see a span inside, so that the attributes of the scope are worth evaluating.
    #[must_use]
    pub fn is_wanted_inside(&mut self) -> bool {
        self.begun.is_wanted_inside(&self.callsite.description, self.settings.as_deref())
    }

    /// One of `links(...)`.
    pub fn link<N>(&mut self, spans: impl IntoLinks<N>) {
        // The program's iterator may panic; the links before that stay.
        let links = &mut self.settings().links;
        if caught(|| links.extend(links::valid(spans))).is_err() {
            lost::count(self.callsite);
        }
    }

    /// A link that may have attributes.
    #[cfg(feature = "messaging")]
    pub(crate) fn link_to(&mut self, link: Link) {
        self.settings().links.push(link);
    }

    /// One of `attrs(...)`: `key = value`. An absent value, such as `None`, records nothing.
    // Inlined, so that the `match` on the kind of value disappears where the type is known.
    #[inline]
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

    /// One of `scoped(...)`: `key = value`, for the span and for every span inside.
    pub fn scoped_value<T: AttributeValue + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.scope(key, value.attribute_value());
    }

    /// `key = %value`
    pub fn scoped_display<T: Display + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.scope(key, Value::Display(&value));
    }

    /// `key = ?value`
    pub fn scoped_debug<T: Debug + ?Sized>(&mut self, key: &'static str, value: &T) {
        self.scope(key, Value::Debug(&value));
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

    /// `key = hash(value)`, for the span and for every span inside.
    pub fn scoped_hash<How>(&mut self, key: &'static str, value: &(impl SafeForm<How> + ?Sized)) {
        self.scoped_safe(key, value.exposed(), &|text| hasher::hash(key, text));
    }

    /// `key = mask(value)`
    pub fn scoped_mask<How>(&mut self, key: &'static str, value: &(impl SafeForm<How> + ?Sized)) {
        self.scoped_mask_all_but_last(key, value, 0);
    }

    /// `key = mask(value, shown)`
    pub fn scoped_mask_all_but_last<How>(
        &mut self,
        key: &'static str,
        value: &(impl SafeForm<How> + ?Sized),
        shown: usize,
    ) {
        self.scoped_safe(key, value.exposed(), &|text| Some(part::mask_all_but_last(shown, text)));
    }

    /// `key = truncate(value, shown)`
    pub fn scoped_truncate<How>(
        &mut self,
        key: &'static str,
        value: &(impl SafeForm<How> + ?Sized),
        shown: usize,
    ) {
        self.scoped_safe(key, value.exposed(), &|text| {
            Some(part::truncate(shown, text).to_owned())
        });
    }

    #[inline(never)]
    fn safe(
        &mut self,
        key: &'static str,
        value: Option<opentelemetry::Value>,
        form: &dyn Fn(&str) -> Option<String>,
    ) {
        if let Some(value) = value.and_then(|value| safe::of_each(value, form)) {
            self.begun.set(key, Value::Owned(value));
        }
    }

    #[inline(never)]
    fn scoped_safe(
        &mut self,
        key: &'static str,
        value: Option<opentelemetry::Value>,
        form: &dyn Fn(&str) -> Option<String>,
    ) {
        if let Some(value) = value.and_then(|value| safe::of_each(value, form)) {
            self.scope(key, Value::Owned(value));
        }
    }

    #[inline(never)]
    fn scope(&mut self, key: &'static str, value: Value<'_>) {
        if let Some(value) = value.record() {
            self.settings().scoped.push(KeyValue::new(key, value));
        }
    }

    /// An attribute whose key is not known to be static.
    #[cfg(any(feature = "messaging", feature = "tower"))]
    pub(crate) fn attribute(&mut self, attribute: KeyValue) {
        self.begun.add(attribute);
    }

    #[expect(clippy::inline_always, reason = "what type the value has is known where it is called")]
    #[inline(always)]
    fn set(&mut self, key: &'static str, value: Value<'_>) {
        match value {
            Value::Str(value) => self.set_str(key, value),
            Value::I64(value) => self.set_i64(key, value),
            value => self.begun.set(key, value),
        }
    }

    #[inline(never)]
    fn set_str(&mut self, key: &'static str, value: &str) {
        self.begun.set_str(key, value);
    }

    #[inline(never)]
    fn set_i64(&mut self, key: &'static str, value: i64) {
        self.begun.set_i64(key, value);
    }

    fn settings(&mut self) -> &mut Settings {
        self.settings.get_or_insert_default()
    }

    /// The span starts later, in the context that is current now.
    pub(crate) fn later(mut self) -> Self {
        self.begun.stay();
        self
    }

    /// Whether there is to be a span, and not only a context. It may still turn out not to be recorded.
    #[inline]
    pub(crate) fn is_span(&self) -> bool {
        self.begun.is_span() && !self.is_dropped()
    }

    /// Whether what becomes of the call is recorded or counted, so that its result is worth a look.
    #[inline]
    pub(crate) fn has_outcome(&self) -> bool {
        self.is_span() || self.begun.is_counted(&self.callsite.description)
    }

    /// Starts the span, with all that was set.
    pub(crate) fn open(&mut self) -> Open {
        let callsite = self.has_outcome().then_some(self.callsite);
        let Start { callsite: of, begun, settings } = self;
        Open::new(callsite, begun.start(&of.description, settings.take()))
    }
}
