//! What is known of a span while it is open?

use std::borrow::Cow;
use std::collections::HashSet;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use opentelemetry::trace::{Span, SpanContext, SpanId, Status, TraceFlags, TraceState};
use opentelemetry::{Context, KeyValue};

use super::clock::Moment;
use super::local::Local;
use super::{Native, local};
use crate::context::handed_on::Mark;
use crate::process::refused;
use crate::record::fields::{self, Scalar, nanoseconds};
use crate::record::wire::Message;
use crate::record::{Fields, Finished, Function, Origin, attributes, field};
use crate::span::callsite::Description;
use crate::span::exceptions::{self, EXCEPTION, Event, Exception, Told};
use crate::span::keys::{ERROR_TYPE, UNLESS_SET};
use crate::span::value::Value;

/// Takes the place of a time: whoever ends a span with it wants the recorder's own clock to be read.
pub(crate) const NOW: SystemTime = UNIX_EPOCH;

/// The flags of a trace that begins here and is not sampled: its id is random. Samplers of other
/// services rely on that.
const RANDOM: TraceFlags = TraceFlags::new(0b10);

/// How many bytes of fields a common span has, and how many of them are kept to be used again.
const COMMON: usize = 256;
const LARGEST_KEPT: usize = 2048;

/// The attributes of a function's place.
pub(super) const PLACE: u32 = 3;

/// A span, which is a [`Span`] to everybody who has its context.
#[derive(Debug)]
pub(crate) struct OpenSpan {
    pub(super) native: &'static Native,
    pub(super) context: SpanContext,
    /// Without its end, which is not kept.
    pub(super) finished: Finished,
    /// When it began, by the clocks that its end is found with.
    pub(super) began: Moment,
    /// The number of the process that it began in.
    pub(super) pid: u32,
    /// Until it starts: whether the span above it has decided that it is recorded, and the context to
    /// start in, if not the one that is current then.
    pub(super) follows: bool,
    pub(super) base: Option<Box<Context>>,
    pub(super) fields: Fields,
    name: Option<Cow<'static, str>>,
    status: Status,
    attributes: Counted,
    /// What few spans have.
    seldom: Option<Box<Seldom>>,
    events: Counted,
    links: Counted,
    pub(super) min_duration: u64,
    pub(super) mark: Option<Arc<Mark>>,
}

/// What few spans have, in one place that costs the others one look.
#[derive(Debug, Default)]
struct Seldom {
    /// Where there are many attributes.
    keys: Option<Keys>,
    /// Where something below has failed.
    told: Option<Box<Told>>,
}

/// How many attributes are many, among which a key is not looked for one by one.
const MANY: u32 = 64;

/// The keys of all attributes among the fields.
#[derive(Debug)]
struct Keys {
    all: HashSet<Box<str>>,
    /// How many attributes are there that a later one has taken the place of.
    overridden: u32,
}

impl Keys {
    fn of(fields: &Fields) -> Keys {
        Keys { all: attributes::keys(fields).map(Box::from).collect(), overridden: 0 }
    }
}

/// How many there are, and how many were too many.
#[derive(Clone, Copy, Debug, Default)]
struct Counted {
    kept: u32,
    dropped: u32,
}

impl Counted {
    /// Counts one more; false if it is too many.
    #[inline]
    fn one_more(&mut self, limit: u32) -> bool {
        let fits = self.kept < limit;
        if fits {
            self.kept += 1;
        } else {
            self.dropped = self.dropped.saturating_add(1);
        }
        fits
    }
}

impl OpenSpan {
    #[cold]
    pub(super) fn new(native: &'static Native, function: &'static Function) -> OpenSpan {
        OpenSpan {
            native,
            context: SpanContext::NONE,
            finished: Finished::of(function),
            began: Moment::default(),
            pid: 0,
            follows: false,
            base: None,
            fields: Fields::with_capacity(COMMON),
            name: None,
            status: Status::Unset,
            attributes: Counted::default(),
            seldom: None,
            events: Counted::default(),
            links: Counted::default(),
            min_duration: 0,
            mark: None,
        }
    }

    #[inline]
    pub(super) fn is_of(
        &mut self,
        native: &'static Native,
        description: &Description,
        function: &'static Function,
    ) {
        self.native = native;
        self.finished.origin = Origin::Function(function);
        self.finished.kind = description.kind.clone();
        self.min_duration = description.min_duration;
        if native.limits_place {
            self.set_place(function);
        } else {
            self.attributes.kept = function.place_count;
        }
    }

    /// Where it hangs, and so which trace it belongs to.
    pub(super) fn hang(&mut self, above: &SpanContext) {
        local::with(|local| self.hang_in(local, above));
    }

    #[inline]
    pub(super) fn hang_in(&mut self, local: &mut Local, above: &SpanContext) {
        let finished = &mut self.finished;
        if above.is_valid() {
            finished.trace_id = above.trace_id();
            finished.trace_flags = above.trace_flags();
            finished.parent_span_id = above.span_id();
            finished.parent_span_is_remote = above.is_remote();
        } else {
            finished.trace_id = local.new_trace_id();
            finished.trace_flags = RANDOM;
            finished.parent_span_id = SpanId::INVALID;
            finished.parent_span_is_remote = false;
        }
        // Long before it is copied: to read what has just been written in smaller parts takes longer
        // than it looks.
        self.set_context(above.trace_state().clone());
    }

    #[inline]
    pub(super) fn set_context(&mut self, trace_state: TraceState) {
        let Finished { trace_id, span_id, trace_flags, .. } = self.finished;
        self.context = SpanContext::new(trace_id, span_id, trace_flags, false, trace_state);
    }

    pub(super) fn is_under_local_sampled(&self) -> bool {
        self.finished.trace_flags.is_sampled() && !self.finished.parent_span_is_remote
    }

    pub(super) fn function_name(&self) -> &'static str {
        match &self.finished.origin {
            Origin::Function(function) => function.name,
            Origin::Library(_) => "",
        }
    }

    /// It begins later than it was made.
    pub(super) fn start_now(&mut self) {
        self.begins(local::with(|local| local.clock.now()));
    }

    #[inline]
    pub(super) fn begins(&mut self, now: Moment) {
        self.began = now;
        self.finished.start = now.system;
    }

    #[inline]
    pub(super) fn start(&mut self) {
        let Finished { trace_id, span_id, trace_flags, .. } = self.finished;
        if self.min_duration > 0 {
            self.mark = Some(Mark::new(span_id));
        }
        if trace_flags.is_sampled()
            && let Some(sink) = &self.native.sink
        {
            let Finished { parent_span_id, parent_span_is_remote, .. } = self.finished;
            sink.started(trace_id, parent_span_id, parent_span_is_remote);
        }
    }

    /// As it was when it was new, with the memory that it has.
    #[inline]
    pub(super) fn clear(&mut self) {
        let OpenSpan {
            native: _,
            context: _,
            finished,
            began: _,
            pid: _,
            follows: _,
            base,
            fields,
            name,
            status,
            attributes,
            seldom,
            events,
            links,
            min_duration,
            mark,
        } = self;
        (finished.named, finished.placed) = (false, false);
        if fields.capacity() > LARGEST_KEPT {
            *fields = Fields::with_capacity(COMMON);
        } else {
            fields.clear();
        }
        *base = None;
        *seldom = None;
        *name = None;
        *status = Status::Unset;
        (*attributes, *events, *links) = Default::default();
        *min_duration = 0;
        *mark = None;
    }

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

    /// Counts an attribute, if there is nothing more to it.
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

    /// An attribute that may have been set before, and then has this value.
    pub(super) fn set_late(&mut self, attribute: &KeyValue) {
        let key = attribute.key.as_str();
        if is_of_place(key) {
            self.own_place();
        }
        let limits = &self.native.limits;
        if self.attributes.kept >= MANY {
            self.set_among_many(attribute);
        } else if attributes::replace(&mut self.fields, key)
            || self.attributes.one_more(limits.attributes_per_span)
        {
            let number = field::span::ATTRIBUTES;
            fields::attribute(&mut self.fields, number, key, &attribute.value, limits);
        }
    }

    fn keys(&mut self) -> Option<&mut Keys> {
        self.seldom.as_mut()?.keys.as_mut()
    }

    /// An attribute that what was set before goes over.
    fn set_unless_set(&mut self, key: &'static str, value: &opentelemetry::Value) {
        let limits = &self.native.limits;
        if attributes::has(&self.fields, key)
            || !self.attributes.one_more(limits.attributes_per_span)
        {
            return;
        }
        if let Some(keys) = self.keys() {
            keys.all.insert(key.into());
        }
        fields::attribute(&mut self.fields, field::span::ATTRIBUTES, key, value, limits);
    }

    /// The same where there are so many attributes that to look through them takes long: what a key had
    /// before stays, until it is worth a look through all of them, or the span ends.
    #[cold]
    #[inline(never)]
    fn set_among_many(&mut self, attribute: &KeyValue) {
        let limits = &self.native.limits;
        let seldom = self.seldom.get_or_insert_default();
        let keys = seldom.keys.get_or_insert_with(|| Keys::of(&self.fields));
        let KeyValue { key, value, .. } = attribute;
        if keys.all.contains(key.as_str()) {
            keys.overridden += 1;
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

    /// The function's place may be about to differ from that of others.
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

    /// The function's place, within the limits.
    #[cold]
    fn set_place(&mut self, function: &'static Function) {
        self.finished.placed = true;
        for attribute in attributes::attributes(&function.place) {
            self.set_late(&attribute);
        }
    }

    pub(super) fn rename(&mut self, name: Cow<'static, str>) {
        self.finished.named = true;
        self.name = Some(name);
    }

    pub(super) fn link_to(&mut self, to: &SpanContext, attributes: &[KeyValue]) {
        let limits = &self.native.limits;
        if self.links.one_more(limits.links_per_span) {
            fields::link(&mut self.fields, to, attributes, 0, limits);
        }
    }

    /// Whether it is kept.
    fn add_event(&mut self, name: &str, time: SystemTime, attributes: &[KeyValue]) -> bool {
        let limits = &self.native.limits;
        let fits = self.events.one_more(limits.events_per_span);
        if fits {
            let time = local::with(|local| self.began.given(&mut local.clock, nanoseconds(time)));
            fields::event(&mut self.fields, name, time, attributes, 0, limits);
        }
        fits
    }

    /// What was told on it and below it.
    fn told(&mut self) -> &mut Option<Box<Told>> {
        &mut self.seldom.get_or_insert_default().told
    }

    #[cold]
    fn add_exception(&mut self, time: SystemTime, attributes: &[KeyValue], exception: Exception) {
        if self.add_event(EXCEPTION, time, attributes) {
            self.told().get_or_insert_default().add(exception);
        }
    }

    /// It ends with this exception, or with one of which nothing is to be told.
    #[cold]
    fn fails(&mut self, time: SystemTime, attributes: &[KeyValue], exception: Option<Exception>) {
        if let Some(exception) = exception
            && !self.told().as_ref().is_some_and(|told| told.has(exception))
        {
            self.add_exception(time, attributes, exception);
        }
        if let Some(seldom) = &mut self.seldom {
            Told::leave(&mut seldom.told, &self.context);
        }
    }

    /// Ends it, now if no time is given.
    #[inline]
    fn end(&mut self, local: &mut Local, time: Option<u64>) {
        let end = match time {
            None => self.began.end(&mut local.clock),
            // Whoever gives a time may give any.
            Some(time) => self.began.given(&mut local.clock, time).max(self.finished.start),
        };
        let Some(sink) = &self.native.sink else { return };
        if !self.finished.trace_flags.is_sampled() {
            return;
        }
        local.follow_fork();
        if self.pid != local.pid {
            // It is the parent's, which sends it.
            return;
        }
        let Some(tray) = local.tray(sink) else { return refused::refuse() };
        if self.is_left_out(end) {
            tray.leave_out(&self.finished);
        } else {
            self.complete();
            tray.ended(&self.finished, end, &self.fields);
        }
    }

    #[inline]
    fn is_left_out(&self, end: u64) -> bool {
        self.min_duration != 0
            && self.min_duration > end - self.finished.start
            && !matches!(self.status, Status::Error { .. })
            && !self.mark.as_ref().is_some_and(|mark| mark.is_handed_on())
    }

    /// Writes what could have changed until now.
    #[inline]
    fn complete(&mut self) {
        let fields = &mut self.fields;
        let keys = self.seldom.as_ref().and_then(|seldom| seldom.keys.as_ref());
        if keys.is_some_and(|keys| keys.overridden > 0) {
            attributes::keep_last(fields);
        }
        if self.context.trace_state() != &TraceState::NONE {
            fields.text(field::span::TRACE_STATE, &self.context.trace_state().header());
        }
        if let Some(name) = &self.name {
            fields.text(field::span::NAME, name);
        }
        if (self.attributes.dropped | self.events.dropped | self.links.dropped) != 0 {
            for (number, counted) in [
                (field::span::DROPPED_ATTRIBUTES, self.attributes),
                (field::span::DROPPED_EVENTS, self.events),
                (field::span::DROPPED_LINKS, self.links),
            ] {
                fields.number(number, u64::from(counted.dropped));
            }
        }
        fields::status(fields, &self.status);
    }
}

/// Whether an attribute may be one of those that all spans of a function have.
#[inline]
fn is_of_place(key: &str) -> bool {
    key.starts_with("code.")
}

/// A span in its context: it is there until it ends.
#[derive(Debug)]
pub(super) struct Recorded(pub(super) Option<Box<OpenSpan>>);

impl Recorded {
    #[inline]
    fn end(&mut self, time: Option<u64>) {
        if let Some(mut span) = self.0.take() {
            local::with(|local| {
                span.end(local, time);
                local.give_back(span);
            });
        }
    }
}

impl Span for Recorded {
    fn add_event_with_timestamp<T>(&mut self, name: T, time: SystemTime, attributes: Vec<KeyValue>)
    where
        T: Into<Cow<'static, str>>,
    {
        let Some(span) = &mut self.0 else { return };
        let name = name.into();
        match exceptions::event(&name, &attributes) {
            Event::Other => drop(span.add_event(&name, time, &attributes)),
            Event::Told(exception) => span.add_exception(time, &attributes, exception),
            Event::Last(exception) => span.fails(time, &attributes, exception),
        }
    }

    fn span_context(&self) -> &SpanContext {
        self.0.as_ref().map_or(&SpanContext::NONE, |span| &span.context)
    }

    fn is_recording(&self) -> bool {
        self.0.is_some()
    }

    fn set_attribute(&mut self, attribute: KeyValue) {
        let Some(span) = &mut self.0 else { return };
        if attribute.key.as_str() == UNLESS_SET {
            span.set_unless_set(ERROR_TYPE, &attribute.value);
        } else {
            span.set_late(&attribute);
        }
    }

    /// An error may come after another one; nothing comes after `Ok`
    /// ([specification](https://opentelemetry.io/docs/specs/otel/trace/api/#set-status)).
    fn set_status(&mut self, status: Status) {
        let Some(span) = &mut self.0 else { return };
        if status == Status::Unset {
            exceptions::receive(|| span.told());
        } else if span.status != Status::Ok {
            span.status = status;
        }
    }

    fn update_name<T>(&mut self, name: T)
    where
        T: Into<Cow<'static, str>>,
    {
        if let Some(span) = &mut self.0 {
            span.rename(name.into());
        }
    }

    fn add_link(&mut self, to: SpanContext, attributes: Vec<KeyValue>) {
        if let Some(span) = &mut self.0 {
            span.link_to(&to, &attributes);
        }
    }

    fn end_with_timestamp(&mut self, time: SystemTime) {
        self.end((time != NOW).then(|| nanoseconds(time)));
    }
}

impl Drop for Recorded {
    #[inline]
    fn drop(&mut self) {
        self.end(None);
    }
}
