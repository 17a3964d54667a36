//! Who makes the spans?
//!
//! Nobody, until a program installs a recorder; then, for the life of the process, that one.

use std::sync::OnceLock;

#[cfg(any(feature = "messaging", feature = "tower"))]
use opentelemetry::KeyValue;
use opentelemetry::trace::SpanRef;

#[cfg(feature = "sdk")]
pub(crate) use crate::span::native::{Ids, Native, new_trace_id};

use crate::context::switch;
use crate::span::adopted::{self, Adopted, Provider};
use crate::span::callsite::Description;
#[cfg(feature = "sdk")]
use crate::span::native;
use crate::span::nobody;
#[cfg(feature = "sdk")]
use crate::span::settings::Parent;
use crate::span::settings::Settings;
use crate::span::started::Started;
use crate::span::value::Value;

static RECORDER: OnceLock<Recorder> = OnceLock::new();

/// The recorder of this process.
#[allow(
    clippy::large_enum_variant,
    reason = "there is one, and every call comes by; by features it is not"
)]
pub(crate) enum Recorder {
    /// `adopt`: a provider whose sampler is unknown, so that it is asked about every span.
    Adopted(Box<dyn Provider>),
    /// `init`
    #[cfg(feature = "sdk")]
    Native(Native),
}

/// A recorder is installed already, and stays.
#[derive(Debug)]
pub(crate) struct AlreadyInstalled;

/// Makes `recorder` the one of this process.
pub(super) fn set(recorder: Recorder) -> Result<(), AlreadyInstalled> {
    RECORDER.set(recorder).map_err(|_| AlreadyInstalled)
}

/// What the recorder computes once for a function, at its first span.
pub(crate) struct Prepared {
    /// In a box: it is large, and most programs adopt nothing.
    adopted: OnceLock<Box<Adopted>>,
    #[cfg(feature = "sdk")]
    pub(super) native: native::Prepared,
}

impl Prepared {
    pub(crate) const fn new() -> Self {
        Prepared {
            adopted: OnceLock::new(),
            #[cfg(feature = "sdk")]
            native: native::Prepared::new(),
        }
    }
}

/// A span that is about to start.
pub(crate) enum Begun {
    /// In a box: it is large, and stands in the frame of every annotated call.
    Adopted(Box<adopted::AdoptedStart>),
    #[cfg(feature = "sdk")]
    Native(native::NativeStart),
    /// No span: only the context that it would be in starts.
    Nobody(nobody::ContextOnly),
}

/// Begins a span, unless nobody could ever see it.
#[inline]
pub(crate) fn begin(
    description: &'static Description,
    prepared: &'static Prepared,
) -> Option<Begun> {
    match RECORDER.get()? {
        Recorder::Adopted(provider) => {
            adopted::AdoptedStart::new(description, &prepared.adopted, provider.as_ref())
                .map(Box::new)
                .map(Begun::Adopted)
        }
        #[cfg(feature = "sdk")]
        Recorder::Native(native) => native.begin(description, &prepared.native).map(Begun::Native),
    }
}

/// Begins no span, for a call that names its parent by `parent` or `root`.
#[cold]
#[inline(never)]
pub(crate) fn begin_nothing() -> Option<Begun> {
    if switch::is_on() { nobody::ContextOnly::new().map(Begun::Nobody) } else { None }
}

/// Ends a span that was begun.
#[inline]
pub(crate) fn end(span: &SpanRef<'_>) {
    match RECORDER.get() {
        #[cfg(feature = "sdk")]
        Some(Recorder::Native(_)) => span.end_with_timestamp(native::NOW),
        Some(Recorder::Adopted(_)) | None => span.end(),
    }
}

impl Begun {
    /// Whether there is a span; it may still turn out not to be recorded.
    #[inline]
    pub(crate) fn is_span(&self) -> bool {
        !matches!(self, Begun::Nobody(_))
    }

    #[inline]
    pub(crate) fn set(&mut self, key: &'static str, value: Value<'_>) {
        match self {
            Begun::Adopted(begun) => begun.set(key, value),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.set(key, value),
            Begun::Nobody(_) => {}
        }
    }

    /// An attribute whose key is not known to be static.
    #[cfg(any(feature = "messaging", feature = "tower"))]
    pub(crate) fn add(&mut self, attribute: KeyValue) {
        match self {
            Begun::Adopted(begun) => begun.add(attribute),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.add(&attribute),
            Begun::Nobody(_) => {}
        }
    }

    // The most common types are handled one by one.
    #[inline]
    pub(crate) fn set_str(&mut self, key: &'static str, value: &str) {
        match self {
            Begun::Adopted(begun) => begun.set(key, Value::Str(value)),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.set_str(key, value),
            Begun::Nobody(_) => {}
        }
    }

    #[inline]
    pub(crate) fn set_i64(&mut self, key: &'static str, value: i64) {
        match self {
            Begun::Adopted(begun) => begun.set(key, Value::I64(value)),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.set_i64(key, value),
            Begun::Nobody(_) => {}
        }
    }

    /// Keeps the context that is current now: the span may start where another one is.
    pub(crate) fn stay(&mut self) {
        match self {
            // These keep the context in any case.
            Begun::Adopted(_) | Begun::Nobody(_) => {}
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.stay(),
        }
    }

    /// Whether a sampler has decided already that there is no span.
    #[inline]
    pub(crate) fn is_dropped(&self) -> bool {
        match self {
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.is_dropped(),
            Begun::Adopted(_) | Begun::Nobody(_) => false,
        }
    }

    /// Whether there is no span, and the call is counted.
    #[inline]
    pub(crate) fn is_counted(&self, description: &Description) -> bool {
        match self {
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.is_counted(description),
            Begun::Adopted(_) | Begun::Nobody(_) => {
                let _ = description;
                false
            }
        }
    }

    /// Whether the span could be seen by anybody, with these settings. May ask the sampler.
    pub(crate) fn is_wanted(
        &mut self,
        description: &'static Description,
        settings: Option<&Settings>,
    ) -> bool {
        match self {
            Begun::Adopted(_) => true,
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.is_wanted(description, settings),
            Begun::Nobody(_) => {
                let _ = (description, settings);
                false
            }
        }
    }

    /// Whether a span inside could be seen by anybody, under this parent where there is no span here.
    pub(crate) fn is_wanted_inside(
        &mut self,
        description: &'static Description,
        settings: Option<&Settings>,
    ) -> bool {
        match (self, RECORDER.get()) {
            (Begun::Nobody(_), None) => false,
            (Begun::Nobody(nobody), Some(Recorder::Adopted(_))) => {
                !nobody.current().is_telemetry_suppressed()
            }
            #[cfg(feature = "sdk")]
            (Begun::Nobody(nobody), Some(Recorder::Native(native))) => {
                let parent = settings.map_or(&Parent::Current, |settings| &settings.parent);
                native.is_seen(parent, nobody.current())
            }
            (begun, _) => begun.is_wanted(description, settings),
        }
    }

    /// Starts the span; returns what is known of the call then.
    #[inline]
    pub(crate) fn start(
        &mut self,
        description: &'static Description,
        settings: Option<Box<Settings>>,
    ) -> Started {
        match self {
            Begun::Adopted(begun) => begun.start(description, settings).into(),
            #[cfg(feature = "sdk")]
            Begun::Native(begun) => begun.start(description, settings),
            Begun::Nobody(begun) => begun.start(settings).into(),
        }
    }
}
