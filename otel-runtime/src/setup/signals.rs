//! What becomes of spans when the process is told to end?
//!
//! By default, SIGTERM and SIGINT end it at once, without running a destructor. With the handlers of
//! this file they still end it, as whoever sent them expects, but after the spans were sent.

use std::io;
use std::process;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex, PoisonError, mpsc};
use std::thread;
use std::time::{Duration, Instant};

use signal_hook::consts::{SIGINT, SIGTERM};
use signal_hook::iterator::Signals;
use signal_hook::{flag, low_level};

use crate::export::pipeline::Why;
use crate::process::lock::lock;
use crate::process::stderr;
use crate::setup::error::{InitError, InitErrorKind};
use crate::setup::outputs::Outputs;
use crate::setup::telemetry::Telemetry;

/// What to flush, and the id of the process in which a thread waits for signals.
static WATCHED: Mutex<Watched> = Mutex::new(Watched { by: 0, outputs: Vec::new() });

struct Watched {
    by: u32,
    /// Each with the time that its flush may take at most.
    outputs: Vec<(Outputs, Duration)>,
}

impl Telemetry {
    /// When the process gets SIGTERM or SIGINT, sends all spans that ended before, within 5 s or the
    /// time of [`Builder::shutdown_timeout`](crate::Builder::shutdown_timeout), and then lets the
    /// signal end the process by its default action, which a shell shows as exit code 143 or 130. The
    /// first process of a container is not ended by that action, so it exits with the same code
    /// instead. A second signal ends it at once. A signal that was ignored when the program started, as
    /// under `nohup`, stays ignored (on Linux). Needs the Cargo feature `signals`; Unix only.
    ///
    /// This is for a program that does not handle these signals by itself. A program that does, to
    /// finish its work, as with `tokio::signal::ctrl_c` or axum's `with_graceful_shutdown`, does not
    /// need it: it returns from `main`, where the guard is dropped. With both, the process would end
    /// before its work is finished.
    ///
    /// A child by `fork` has the handlers, but not the thread that waits for signals. It has to call
    /// [`after_fork`](crate::after_fork), or only a second signal ends it.
    ///
    /// ```no_run
    /// let telemetry = otel_runtime::init()?;
    /// telemetry.flush_on_signals()?;
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    ///
    /// If the thread that waits for signals cannot be started, or the system does not let us handle them.
    pub fn flush_on_signals(&self) -> io::Result<()> {
        if self.outputs().are_none() {
            return Ok(());
        }
        let Some(mut watched) = lock(&WATCHED) else {
            return Err(io::Error::other(
                "the process that this one was forked from was doing the same",
            ));
        };
        watched.begin()?;
        watched.outputs.push((self.outputs().clone(), self.shutdown_timeout()));
        Ok(())
    }
}

/// Lets signals end a forked child as they would have ended its parent.
pub(crate) fn after_fork() -> Result<(), InitError> {
    let Some(mut watched) = lock(&WATCHED) else { return Ok(()) };
    if watched.outputs.is_empty() {
        return Ok(());
    }
    let what = "nobody can wait for signals";
    watched.begin().map_err(|error| InitErrorKind::Start { what, why: error.to_string() }.into())
}

impl Watched {
    /// Starts the thread that waits for signals, unless this process has one. In a forked child, the
    /// parent's handlers stay and have no effect.
    fn begin(&mut self) -> io::Result<()> {
        let this = process::id();
        if self.by != this {
            watch()?;
            self.by = this;
        }
        Ok(())
    }
}

fn watch() -> io::Result<()> {
    let watched: Vec<i32> = [SIGTERM, SIGINT].into_iter().filter(|it| !is_ignored(*it)).collect();
    // Start the thread first: if a signal is handled and no thread waits for it, it no longer ends the
    // process.
    let (sender, receiver) = mpsc::channel();
    let thread = thread::Builder::new().name("otel-signals".to_owned());
    thread.spawn(move || receiver.recv().map(wait))?;
    let _ = sender.send(Signals::new(&watched)?);
    let is_ending = Arc::new(AtomicBool::new(false));
    for signal in watched {
        // The order matters: the first signal sets the flag that the second one finds set.
        if is_init() {
            flag::register_conditional_shutdown(signal, 128 + signal, Arc::clone(&is_ending))?;
        } else {
            flag::register_conditional_default(signal, Arc::clone(&is_ending))?;
        }
        flag::register(signal, Arc::clone(&is_ending))?;
    }
    Ok(())
}

fn wait(mut signals: Signals) {
    for signal in signals.forever() {
        flush();
        if is_init() {
            low_level::exit(128 + signal);
        }
        let _ = low_level::emulate_default_handler(signal);
    }
}

fn flush() {
    let begin = Instant::now();
    let watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
    for (outputs, time) in &watched.outputs {
        outputs.dump(Why::Signal);
        if let Err(error) = outputs.flush(time.saturating_sub(begin.elapsed()), true) {
            stderr::warn(&error.to_string());
        }
    }
}

/// Whether this is the first process of its system or container, which no signal ends by its default
/// action.
fn is_init() -> bool {
    process::id() == 1
}

/// Whether the program was started with the signal ignored, which it has to respect. Only Linux tells without
/// `unsafe`.
fn is_ignored(signal: i32) -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    ignored(&status) >> (signal - 1) & 1 == 1
}

/// The ignored signals in a `/proc/self/status`, one bit each.
fn ignored(status: &str) -> u64 {
    let line = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
    line.and_then(|set| u64::from_str_radix(set.trim(), 16).ok()).unwrap_or(0)
}
