//! Is this the process that tracing was set up in?
//!
//! A child by `fork` has the memory of its parent and one thread. Locks that the other threads held stay
//! locked for ever, the export thread does not exist, and generators of random numbers repeat the
//! parent's numbers. So whatever holds a lock of ours, or must differ from the parent's, remembers the
//! process it was made in, and is not used in another one.
//!
//! ```text
//! parent: init ── spans ── fork ── spans ──→ exported
//!                           └ child: spans with new ids ──→ refused, counted, told once
//!                                    after_fork() ── spans ──→ exported, by a thread of the child's
//! ```
//!
//! A call for the process id takes as long as half a span. So `forkguard` registers a handler
//! (`pthread_atfork`) that counts the forks; a look at that count is one load.

use std::sync::OnceLock;

/// What the program should do about it, for an error or a finding.
pub(crate) const REMEDY: &str = "this process was forked from the one that called `init`: call \
                                 `otel_runtime::after_fork()` first thing in the child";

/// A process, remembered by a thing that was made in it.
#[derive(Clone, Debug)]
pub(crate) struct Process(Option<forkguard::Guard>);

impl Process {
    /// This process. Where forks cannot be noticed, it stands for every process.
    #[inline]
    pub(crate) fn this() -> Process {
        Process(forkguard::Guard::try_new().ok())
    }

    /// Whether the process that is running is a child of this one.
    #[inline]
    pub(crate) fn is_parent(&self) -> bool {
        // The guard reports forks since it was last asked; asking a copy leaves it as it was.
        self.0.clone().is_some_and(|mut guard| guard.detected_fork())
    }
}

/// The process that called `init`.
static SET_UP_IN: OnceLock<Process> = OnceLock::new();

/// Remembers that this process calls `init`.
pub(crate) fn set_up() {
    SET_UP_IN.get_or_init(Process::this);
}

/// Whether this process was forked from the one that called `init`.
pub(crate) fn is_child() -> bool {
    SET_UP_IN.get().is_some_and(Process::is_parent)
}
