//! Is this the process that tracing was set up in?
//!
//! A child by `fork` has the memory of its parent and one thread. What the other threads had locked stays
//! locked for ever, the export thread is not there, and generators of random numbers repeat what they give
//! the parent. So whatever has a lock of ours, or must differ from the parent's, remembers in which process
//! it was made, and is not touched in another one.
//!
//! ```text
//! parent: init ── spans ── fork ── spans ──→ exported
//!                           └ child: spans with new ids ──→ refused, counted, told once
//!                                    after_fork() ── spans ──→ exported, by a thread of the child's
//! ```
//!
//! To ask for the process's number takes as long as half a span. The handler that a process is told of a
//! fork by (`pthread_atfork`) is set by `forkguard`, and counts; to look at the count is one load.

use std::sync::OnceLock;

/// What to do about it, as an error or a finding says.
pub(crate) const REMEDY: &str = "this process was forked from the one that called `init`: call \
                                 `otel_runtime::after_fork()` first thing in the child";

/// A process, as something that was made in it remembers it.
#[derive(Clone, Debug)]
pub(crate) struct Process(Option<forkguard::Guard>);

impl Process {
    /// This one. Where forks cannot be noticed, every one.
    #[inline]
    pub(crate) fn this() -> Process {
        Process(forkguard::Guard::try_new().ok())
    }

    /// Whether this process is a child of it.
    #[inline]
    pub(crate) fn is_parent(&self) -> bool {
        // The guard asks since when it looked last; a copy leaves it as it was.
        self.0.clone().is_some_and(|mut guard| guard.detected_fork())
    }
}

/// The process that called `init`.
static SET_UP_IN: OnceLock<Process> = OnceLock::new();

/// This process calls `init`.
pub(crate) fn set_up() {
    SET_UP_IN.get_or_init(Process::this);
}

/// Whether this process was forked from the one that called `init`.
pub(crate) fn is_child() -> bool {
    SET_UP_IN.get().is_some_and(Process::is_parent)
}
