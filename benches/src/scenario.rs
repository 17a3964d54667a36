//! What is measured?

use std::fmt;

use opentelemetry::trace::{SpanContext, SpanId, TraceContextExt, TraceFlags, TraceId, TraceState};
use opentelemetry::{Context, ContextGuard};

use crate::contender::{Contender, Shape, Tree};
use crate::export::{Batches, Export, Transport};

/// What is done, and what becomes of the spans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scenario {
    /// Sync, sampled and sent over HTTP.
    SyncHttp,
    /// Async, sampled and sent over HTTP.
    AsyncHttp,
    /// Sync, sampled and sent over gRPC.
    SyncGrpc,
    /// Async, sampled and sent over gRPC.
    AsyncGrpc,
    /// Sync, sampled and sent over HTTP, in one thread and in two at once.
    TwoThreads,
    /// Sync, under a remote parent that is not sampled.
    Unsampled,
    /// Sync, in a process that has installed nothing.
    SyncOff,
    /// Async, in a process that has installed nothing.
    AsyncOff,
}

/// A root and ten children.
const SYNC: Shape = Shape::Sync { children: 10 };

impl Scenario {
    /// All, in the order of the tables.
    pub const ALL: [Scenario; 8] = [
        Scenario::SyncHttp,
        Scenario::AsyncHttp,
        Scenario::SyncGrpc,
        Scenario::AsyncGrpc,
        Scenario::TwoThreads,
        Scenario::Unsampled,
        Scenario::SyncOff,
        Scenario::AsyncOff,
    ];

    /// What is done again and again.
    #[must_use]
    pub fn tree(self) -> Tree {
        let shape = match self {
            Scenario::AsyncHttp | Scenario::AsyncGrpc | Scenario::AsyncOff => Shape::Async,
            // So many that what is measured is the cost of a child.
            Scenario::Unsampled => Shape::Sync { children: 1000 },
            Scenario::SyncHttp | Scenario::SyncGrpc | Scenario::TwoThreads | Scenario::SyncOff => {
                SYNC
            }
        };
        Tree { shape, sampled: self != Scenario::Unsampled }
    }

    /// Trees between one flush and the next, in one thread, where spans are sent: what fits into one
    /// request, and two threads' into the queue, whose batches are requests of their own.
    #[must_use]
    pub fn paced(self) -> Option<u32> {
        match self {
            Scenario::SyncHttp | Scenario::SyncGrpc => Some(45),
            Scenario::AsyncHttp | Scenario::AsyncGrpc => Some(38),
            Scenario::TwoThreads => Some(80),
            Scenario::Unsampled | Scenario::SyncOff | Scenario::AsyncOff => None,
        }
    }

    /// How the spans leave. `None` if nothing is installed.
    #[must_use]
    pub fn export(self, port: u16) -> Option<Export> {
        let transport = match self {
            Scenario::SyncGrpc | Scenario::AsyncGrpc => Transport::Grpc,
            Scenario::SyncOff | Scenario::AsyncOff => return None,
            Scenario::SyncHttp
            | Scenario::AsyncHttp
            | Scenario::TwoThreads
            | Scenario::Unsampled => Transport::Http,
        };
        Some(Export { transport, port, batches: Batches::DEFAULT })
    }

    /// How many spans leave for so many trees.
    #[must_use]
    pub fn spans(self, contender: Contender, trees: u32) -> u32 {
        let leave = self.paced().is_some() && contender != Contender::Plain;
        if leave { trees * self.tree().shape.calls() } else { 0 }
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

impl fmt::Display for Scenario {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Scenario::SyncHttp => "sync, OTLP/HTTP",
            Scenario::AsyncHttp => "async, OTLP/HTTP",
            Scenario::SyncGrpc => "sync, OTLP/gRPC",
            Scenario::AsyncGrpc => "async, OTLP/gRPC",
            Scenario::TwoThreads => "sync, OTLP/HTTP, one and two threads",
            Scenario::Unsampled => "sync, under an unsampled parent",
            Scenario::SyncOff => "sync, off",
            Scenario::AsyncOff => "async, off",
        })
    }
}
