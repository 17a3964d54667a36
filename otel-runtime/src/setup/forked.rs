//! What does a forked child call, so that its spans are sent?

use crate::setup::error::InitError;
use crate::setup::installed;
#[cfg(all(feature = "signals", unix))]
use crate::setup::signals;

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
    let active = installed::get().and_then(|installed| installed.active.as_ref());
    let started = active.map_or(Ok(()), |active| active.recipe.restart(&active.outputs));
    #[cfg(all(feature = "signals", unix))]
    let started = started.and(signals::after_fork());
    started
}
