//! How are spans made that cost next to nothing?
//!
//! A span is one record, kept in the context as any other span is, and reused after it has ended. Its
//! attributes and events are written right away as they are going to be sent; when it ends, they are
//! copied into the buffer of its thread.

mod attributes;
mod clock;
#[cfg(feature = "metrics")]
pub(crate) mod counted;
mod decide;
mod enter;
mod function;
mod local;
mod open;
mod place;
mod recorded;
mod seldom;
mod shared;
mod sieve;
mod starting;
mod surroundings;
#[cfg(test)]
mod tests;

use opentelemetry::Context;
#[cfg(any(feature = "messaging", feature = "tower"))]
use opentelemetry::KeyValue;
use opentelemetry::trace::TraceContextExt;

pub(crate) use function::Prepared;
pub(crate) use local::{Ids, new_trace_id};
pub(crate) use recorded::NOW;
pub(crate) use shared::Native;

use crate::context;
use crate::context::handed_on::hand_on_span;
use crate::context::values::Values;
use crate::span::callsite::Description;
use crate::span::settings::{Parent, Settings};
#[cfg(feature = "metrics")]
use crate::span::started::Counted;
use crate::span::started::Started;
use crate::span::value::Value;
use enter::enter;
use open::{Decision, OpenSpan};
use place::{base, place};

/// A span that is about to start, with its record. `None` once it has started.
pub(crate) struct NativeStart(Option<Box<OpenSpan>>);

impl Native {
    /// `None` where nobody could ever see the span.
    #[inline]
    pub(crate) fn begin(
        &'static self,
        description: &'static Description,
        prepared: &'static Prepared,
    ) -> Option<NativeStart> {
        context::current::map(|context| {
            if context.is_telemetry_suppressed() {
                return None;
            }
            let above = context.span();
            let mut decision = Decision::Open;
            // A callsite with `parent` or `root` sets the parent later.
            if !description.hangs_elsewhere {
                if self.follows_unrecorded(&above) && !self.follows_recorded(context) {
                    return self.count_in(context, description, prepared);
                }
                let is_in_scope = hand_on_span(context, above.span_context());
                if self.simply_follows(above.span_context()) && !is_in_scope {
                    decision = Decision::Recorded;
                } else if self.follows(above.span_context())
                    || !above.span_context().is_sampled() && self.follows_recorded(context)
                {
                    decision = Decision::WithAttributes;
                } else if self.is_asked_first() || description.share < 1.0 {
                    let asked = self.ask_first(description, prepared, context);
                    return Some(NativeStart(Some(asked)));
                }
            }
            let above = above.span_context();
            let span =
                local::with(|local| local.begin(self, description, prepared, above, decision));
            Some(NativeStart(Some(span)))
        })?
    }
}

impl Native {
    /// Whether a span under this parent could be seen by anybody, where `current` is current. The sampler is
    /// not asked.
    pub(crate) fn is_seen(&self, parent: &Parent, current: &Context) -> bool {
        match parent {
            Parent::Current => {
                !current.is_telemetry_suppressed()
                    && (!self.follows_unrecorded(&current.span()) || self.follows_recorded(current))
            }
            Parent::Context(context) => {
                !self.follows_unrecorded(&context.span()) || self.follows_recorded(context)
            }
            Parent::Span(above) => !self.follows_unsampled(above) || self.recorded_only.is_taken(),
            Parent::Root => true,
        }
    }
}

#[cfg(not(feature = "metrics"))]
impl Native {
    /// Counts a call that has no span and stays in the context that is current.
    #[expect(clippy::unused_self, reason = "nothing is counted")]
    fn count_in(&self, _: &Context, _: &Description, _: &Prepared) -> Option<NativeStart> {
        None
    }
}

#[cfg(feature = "metrics")]
impl Native {
    /// Counts a call that has no span and stays in the context that is current, if calls are counted.
    #[inline]
    fn count_in(
        &'static self,
        context: &Context,
        description: &'static Description,
        prepared: &'static Prepared,
    ) -> Option<NativeStart> {
        if !self.counts_calls_of(description) {
            return None;
        }
        let mut call = local::with(|local| local.call(self, description, prepared));
        call.drop_in(context.clone());
        call.decision = Decision::Stays;
        Some(NativeStart(Some(call)))
    }
}

impl NativeStart {
    /// Whether there is no span, and the call is counted.
    #[inline]
    #[cfg_attr(
        not(feature = "metrics"),
        expect(clippy::unused_self, reason = "nothing is counted")
    )]
    pub(crate) fn is_counted(&self, description: &Description) -> bool {
        #[cfg(feature = "metrics")]
        if let Some(span) = &self.0 {
            return self.is_dropped() && span.native.counts_calls_of(description);
        }
        let _ = description;
        false
    }

    /// Whether the sampler has decided already that there is no span.
    #[inline]
    pub(crate) fn is_dropped(&self) -> bool {
        self.0.as_ref().is_some_and(|span| span.decision.is_dropped())
    }

    pub(crate) fn set(&mut self, key: &'static str, value: Value<'_>) {
        if let Some(span) = &mut self.0 {
            span.set(key, value);
        }
    }

    #[cfg(any(feature = "messaging", feature = "tower"))]
    pub(crate) fn add(&mut self, attribute: &KeyValue) {
        if let Some(span) = &mut self.0 {
            span.set_late(attribute);
        }
    }

    #[inline]
    pub(crate) fn set_str(&mut self, key: &'static str, value: &str) {
        if let Some(span) = &mut self.0 {
            span.set_str(key, value);
        }
    }

    #[inline]
    pub(crate) fn set_i64(&mut self, key: &'static str, value: i64) {
        if let Some(span) = &mut self.0 {
            span.set_i64(key, value);
        }
    }

    /// Keeps the context that is current now: the span may start where another one is.
    pub(crate) fn stay(&mut self) {
        if let Some(span) = &mut self.0 {
            span.base = context::current::get().map(Box::new);
        }
    }

    /// Whether the span could be seen by anybody, with these settings, so that its name, links and
    /// attributes are worth evaluating.
    pub(crate) fn is_wanted(
        &mut self,
        description: &'static Description,
        settings: Option<&Settings>,
    ) -> bool {
        let Some(span) = &mut self.0 else { return false };
        if span.decision.is_dropped() {
            return false;
        }
        let Some(settings) = settings else { return true };
        let native = span.native;
        let is_elsewhere = !matches!(settings.parent, Parent::Current);
        if is_elsewhere && !native.is_seen(&settings.parent, &Context::new()) {
            return false;
        }
        if span.decision != Decision::Open || !(native.is_asked_first() || description.share < 1.0)
        {
            return true;
        }
        let stayed = span.base.take();
        let (parent, links) = (&settings.parent, &settings.links);
        place(span, parent, stayed.as_deref());
        let base = base(parent, stayed.as_deref());
        let dropped = if native.is_asked_first() {
            decide::ask(span, description, parent, links, base)
        } else {
            decide::ask_share(span, description, parent, base)
        };
        span.base = stayed;
        let Some(dropped) = dropped else { return true };
        span.drop_in(dropped);
        false
    }

    /// Starts the span; returns the context that it is in.
    #[inline]
    pub(crate) fn start(
        &mut self,
        description: &'static Description,
        settings: Option<Box<Settings>>,
    ) -> Started {
        let Some(mut span) = self.0.take() else { return context::current::current().into() };
        if span.decision == Decision::Recorded && settings.is_none() && span.base.is_none() {
            span.start();
            enter(span, None, None, None).into()
        } else {
            start_anywhere(span, description, settings.map_or_else(Settings::default, |it| *it))
        }
    }
}

/// Starts a span that has settings, that the sampler has to be asked about, or whose parent is not simply
/// the current span.
#[cold]
#[inline(never)]
fn start_anywhere(
    mut span: Box<OpenSpan>,
    description: &'static Description,
    settings: Settings,
) -> Started {
    if let Some(context) = span.dropped.take() {
        return self::dropped(span, context);
    }
    let Settings { name, parent, links, scoped } = settings;
    let stayed = span.base.take();
    if stayed.is_some() {
        span.begins(local::with(|local| local.clock.now()));
    }
    let base = base(&parent, stayed.as_deref());
    if span.decision == Decision::Open {
        place(&mut span, &parent, stayed.as_deref());
    }
    for link in &links {
        span.link_to(&link.span_context, &link.attributes);
    }
    if let Some(name) = name {
        span.rename(name);
    }
    let opened = surroundings::opened(base, scoped);
    let reads_attributes = !span.native.is_asked_first();
    if reads_attributes {
        span.inherit_all(base, opened.as_ref(), description);
    }
    if let Some(dropped) = decide::ask(&mut span, description, &parent, &links, base) {
        let dropped = match opened {
            Some(opened) => Values::with_scoped(&dropped, opened),
            None => dropped,
        };
        return self::dropped(span, dropped);
    }
    if span.decision == Decision::WithAttributes
        && let Some(seldom) = &mut span.seldom
    {
        for attribute in std::mem::take(&mut seldom.of_sampler) {
            span.set_late(&attribute);
        }
    }
    if !reads_attributes {
        span.inherit_all(base, opened.as_ref(), description);
    }
    let recorded_only = span.is_recorded_only().then_some(span.finished.trace_id);
    span.start();
    enter(span, base, opened, recorded_only).into()
}

/// A call whose span is dropped, in this context.
fn dropped(span: Box<OpenSpan>, context: Context) -> Started {
    #[cfg(feature = "metrics")]
    let counted = Counted::of(span);
    #[cfg(not(feature = "metrics"))]
    let counted = {
        local::with(|local| local.give_back(span));
        None
    };
    Started { context, counted }
}
