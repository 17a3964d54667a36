//! Who is measured, and at what?

use std::fmt;
use std::hint::black_box;

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, ContextGuard};
use opentelemetry_sdk::trace::Sampler;

use crate::work::{ASYNC_SPANS, SYNC_SPANS, run};
use crate::{by_hand, peers, plain, sink, traced};

/// A way to trace a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Not at all.
    Plain,
    /// With the OpenTelemetry SDK, by hand: the one the others are compared with.
    ByHand,
    /// `#[traced]` over the same provider.
    Traced,
    /// `tracing` through `tracing-opentelemetry`, over the same provider.
    Tracing,
    /// `fastrace` through `fastrace-opentelemetry`.
    Fastrace,
}

/// What happens to the spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// A root and ten children, sampled.
    Sync,
    /// A root, two branches and four leaves, each waiting once, sampled.
    Async,
    /// The first, under a remote parent that is not sampled.
    Unsampled,
    /// The first, in a process that has installed nothing.
    SyncOff,
    /// The second, in a process that has installed nothing.
    AsyncOff,
}

impl Contender {
    /// All, in the order of the tables.
    pub const ALL: [Contender; 5] = [
        Contender::Plain,
        Contender::ByHand,
        Contender::Traced,
        Contender::Tracing,
        Contender::Fastrace,
    ];

    /// Sets this process up for it, once. Code written by hand cannot be without a tracer: off, its
    /// sampler always says no.
    ///
    /// # Panics
    ///
    /// The second time.
    pub fn install(self, scenario: Scenario) {
        let on = !scenario.is_off();
        let root = if on { Sampler::AlwaysOn } else { Sampler::AlwaysOff };
        match self {
            Contender::ByHand => by_hand::install(&sink::provider(root)),
            Contender::Traced if on => traced::install(sink::provider(root)),
            Contender::Tracing if on => peers::tracing::install(&sink::provider(root)),
            Contender::Fastrace if on => peers::fastrace::install(),
            Contender::Plain | Contender::Traced | Contender::Tracing | Contender::Fastrace => {}
        }
    }

    /// Does the work once.
    pub fn tree(self, scenario: Scenario) {
        let (item, customer) = black_box((7, "c-1042"));
        let sampled = scenario != Scenario::Unsampled;
        let price = if scenario.is_async() {
            match self {
                Contender::Plain => run(plain::async_root(item, customer)),
                Contender::ByHand => run(by_hand::async_root(item, customer)),
                Contender::Traced => run(traced::async_root(item, customer)),
                Contender::Tracing => run(peers::tracing::async_root(item, customer)),
                Contender::Fastrace => run(peers::fastrace::async_root(sampled, item, customer)),
            }
        } else {
            match self {
                Contender::Plain => plain::root(item, customer),
                Contender::ByHand => by_hand::root(item, customer),
                Contender::Traced => traced::root(item, customer),
                Contender::Tracing => peers::tracing::root(item, customer),
                Contender::Fastrace => peers::fastrace::root(sampled, item, customer),
            }
        };
        let _ = black_box(price);
    }

    /// Waits until nothing works in the background.
    pub fn settle(self) {
        if self == Contender::Fastrace {
            peers::fastrace::settle();
        }
    }
}

impl Scenario {
    /// All, in the order of the tables.
    pub const ALL: [Scenario; 5] = [
        Scenario::Sync,
        Scenario::Async,
        Scenario::Unsampled,
        Scenario::SyncOff,
        Scenario::AsyncOff,
    ];

    fn is_off(self) -> bool {
        matches!(self, Scenario::SyncOff | Scenario::AsyncOff)
    }

    fn is_async(self) -> bool {
        matches!(self, Scenario::Async | Scenario::AsyncOff)
    }

    /// The annotated calls in one tree.
    #[must_use]
    pub fn spans(self) -> u32 {
        if self.is_async() { ASYNC_SPANS } else { SYNC_SPANS }
    }

    /// The parent that the trees of this thread have, as long as the guard lives.
    #[must_use]
    pub fn attach_parent(self) -> Option<ContextGuard> {
        let parent = SpanContext::new(
            TraceId::from(1),
            SpanId::from(1),
            TraceFlags::NOT_SAMPLED,
            true,
            TraceState::NONE,
        );
        let unsampled = self == Scenario::Unsampled;
        unsampled.then(|| Context::new().with_remote_span_context(parent).attach())
    }
}

impl fmt::Display for Contender {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Contender::Plain => "plain",
            Contender::ByHand => "by hand",
            Contender::Traced => "#[traced]",
            Contender::Tracing => "tracing",
            Contender::Fastrace => "fastrace",
        })
    }
}

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Scenario::Sync => "sync, sampled: a root and ten children",
            Scenario::Async => "async, sampled: a root, two branches, four leaves",
            Scenario::Unsampled => "sync, under a parent that is not sampled",
            Scenario::SyncOff => "sync, off",
            Scenario::AsyncOff => "async, off",
        })
    }
}
