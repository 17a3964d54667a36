//! Who is measured?

use std::fmt;
use std::hint::black_box;

use opentelemetry_sdk::trace::SdkTracerProvider;
use otel_runtime::Telemetry;

use crate::export::{Export, off, provider};
use crate::work::{ITEM, run};
use crate::{by_hand, peers, plain, traced};

/// A way to trace a function.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Contender {
    /// Not at all.
    Plain,
    /// With the OpenTelemetry SDK, by hand: the one the others are compared with.
    ByHand,
    /// `#[traced]`, exporting by itself.
    Traced,
    /// `tracing` through `tracing-opentelemetry`, over the SDK set up as by hand.
    Tracing,
    /// `fastrace` through `fastrace-opentelemetry`.
    Fastrace,
}

/// What is done once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Tree {
    /// Its functions.
    pub shape: Shape,
    /// Whether its root is to be recorded. Only `fastrace` has to be told: the others see it from
    /// the parent.
    pub sampled: bool,
}

/// The functions of a tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    /// A root and so many children, two attributes each.
    Sync {
        /// So many.
        children: u16,
    },
    /// A root, three branches with two attributes each, and nine leaves with five, each of which
    /// waits once. The last leaf fails.
    Async,
}

impl Shape {
    /// The annotated calls in one tree.
    #[must_use]
    pub fn calls(self) -> u32 {
        match self {
            Shape::Sync { children } => 1 + u32::from(children),
            Shape::Async => 1 + 3 + 9,
        }
    }
}

/// What has been set up in this process, as long as it lives.
#[derive(Debug)]
#[expect(clippy::large_enum_variant, reason = "there is one in a process")]
pub enum Installed {
    /// Nothing.
    Nothing,
    /// The SDK.
    Sdk(SdkTracerProvider),
    /// Ours.
    Telemetry(Telemetry),
    /// The collector of `fastrace`.
    Fastrace,
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

    /// Sets this process up for it, once; without `export`, as where tracing is off.
    ///
    /// # Panics
    ///
    /// The second time.
    #[must_use]
    pub fn install(self, export: Option<&Export>) -> Installed {
        match (self, export) {
            (Contender::ByHand, _) => {
                let provider = export.map_or_else(off, provider);
                by_hand::install(&provider);
                Installed::Sdk(provider)
            }
            (Contender::Traced, Some(export)) => Installed::Telemetry(traced::install(export)),
            (Contender::Tracing, Some(export)) => {
                let provider = provider(export);
                peers::tracing::install(&provider);
                Installed::Sdk(provider)
            }
            (Contender::Fastrace, Some(export)) => {
                peers::fastrace::install(export);
                Installed::Fastrace
            }
            (Contender::Plain, _) | (_, None) => Installed::Nothing,
        }
    }

    /// Does the work once.
    pub fn grow(self, tree: Tree) {
        let (item, customer) = black_box((ITEM, "c-1042"));
        let Tree { shape, sampled } = tree;
        match shape {
            Shape::Sync { children } => {
                let children = i64::from(children);
                let _ = black_box(match self {
                    Contender::Plain => plain::root(children, item, customer),
                    Contender::ByHand => by_hand::root(children, item, customer),
                    Contender::Traced => traced::root(children, item, customer),
                    Contender::Tracing => peers::tracing::root(children, item, customer),
                    Contender::Fastrace => peers::fastrace::root(sampled, children, item, customer),
                });
            }
            Shape::Async => {
                black_box(match self {
                    Contender::Plain => run(plain::async_root(item, customer)),
                    Contender::ByHand => run(by_hand::async_root(item, customer)),
                    Contender::Traced => run(traced::async_root(item, customer)),
                    Contender::Tracing => run(peers::tracing::async_root(item, customer)),
                    Contender::Fastrace => {
                        run(peers::fastrace::async_root(sampled, item, customer))
                    }
                });
            }
        }
    }
}

impl Installed {
    /// Waits until all spans that ended are with the receiver.
    ///
    /// # Panics
    ///
    /// If some are lost.
    pub fn flush(&self) {
        match self {
            Installed::Nothing => {}
            Installed::Sdk(provider) => provider.force_flush().expect("the receiver takes all"),
            Installed::Telemetry(telemetry) => {
                telemetry.flush().expect("the receiver takes all");
            }
            Installed::Fastrace => fastrace::flush(),
        }
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
