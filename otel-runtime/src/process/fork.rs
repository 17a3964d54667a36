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

use std::process;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};

use crate::export::pipeline::Sink;
use crate::process::stderr;
use crate::setup::error::InitError;
use crate::setup::installed;
#[cfg(all(feature = "signals", unix))]
use crate::setup::signals;

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

/// How many spans were refused, and in which process: a child begins with what its parent counted.
static REFUSED: AtomicU64 = AtomicU64::new(0);
static REFUSED_IN: AtomicU32 = AtomicU32::new(0);

/// A span that is sampled has ended in a forked child, where nobody sends it.
#[cold]
#[inline(never)]
pub(crate) fn refuse() {
    let this = process::id();
    if REFUSED_IN.swap(this, Ordering::AcqRel) != this {
        REFUSED.store(0, Ordering::Release);
        stderr::warn(&format!("spans are dropped: {REMEDY}"));
    }
    REFUSED.fetch_add(1, Ordering::AcqRel);
}

/// How many spans this process has refused.
pub(crate) fn refused() -> u64 {
    if REFUSED_IN.load(Ordering::Acquire) == process::id() {
        REFUSED.load(Ordering::Acquire)
    } else {
        0
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

/// Lets spans arrive from a process that was forked after [`init`](crate::init).
///
/// Call it first thing in the child, after a `fork` or from a program that puts itself into the background
/// after `init`. It starts what a child by `fork` lacks, such as the thread that exports, and gives the
/// resource a new `service.instance.id` and the `process.pid` of the child. What the parent held stays the
/// parent's; so do spans that were open when it forked, which the child does not send a second time. The
/// guard of `init`, of which the child has a copy, then belongs to the child.
///
/// Without it the child never waits for anything of ours: its spans have ids of their own, are counted in
/// [`Dropped::in_forked_child`](crate::Dropped::in_forked_child), and one line on stderr says so.
///
/// In a process that was not forked, for the second time, and with a provider that was
/// [adopted](crate::adopt), it does nothing.
///
/// ```no_run
/// # fn daemonize() {}
/// let telemetry = otel_runtime::init()?;
/// daemonize(); // forks, and goes on in the child
/// otel_runtime::after_fork()?;
/// # Ok::<(), otel_runtime::InitError>(())
/// ```
///
/// # Errors
///
/// If a thread cannot be started, or a file not be opened: then nothing is started, and a later call tries
/// again. And if an exporter is the program's own: that lives in the memory of a thread that the child does
/// not have; all other exporters are started.
pub fn after_fork() -> Result<(), InitError> {
    let installed = installed::get().and_then(|installed| installed.active.as_ref());
    let sink = installed.and_then(|active| active.sink.as_ref());
    let started = sink.map_or(Ok(()), Sink::after_fork);
    #[cfg(all(feature = "signals", unix))]
    let started = started.and(signals::after_fork());
    started
}
