//! How is something called that may not return for a long time, or never?
//!
//! On a thread of its own, so that the export thread goes on. A tokio runtime would use its pool of
//! blocking threads, which panics if the process can start no more threads for the moment; here, that
//! is an error of the call.

use std::io;
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;

use opentelemetry::Context;
use tokio::runtime::Handle;
use tokio::sync::{OwnedMutexGuard, oneshot};

use super::ExportError;
use crate::process::unwind::caught;

/// Makes one call at a time: the next one begins when the one before has returned, even if nobody waits
/// for that one any more.
#[derive(Clone)]
pub(crate) struct Calls {
    /// Locked while a call is made.
    turn: Arc<tokio::sync::Mutex<()>>,
    thread: Arc<Mutex<Thread>>,
}

/// Why a call has no result.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum CallError {
    /// It was not made, for this reason.
    NotMade(String),
    /// It panicked, and said this.
    Panicked(String),
}

type Job = Box<dyn FnOnce() + Send>;

/// The thread that makes the calls, which is started for the first of them.
struct Thread {
    start: fn(Receiver<Job>) -> io::Result<()>,
    jobs: Option<Sender<Job>>,
    /// The calls to make first: those for which the thread could not be started before.
    first: Vec<Job>,
}

impl Default for Calls {
    fn default() -> Self {
        Calls::on(start)
    }
}

impl Calls {
    /// Makes the calls on a thread that `start` starts.
    fn on(start: fn(Receiver<Job>) -> io::Result<()>) -> Self {
        let thread = Thread { start, jobs: None, first: Vec::new() };
        Calls { turn: Arc::default(), thread: Arc::new(Mutex::new(thread)) }
    }

    /// Makes a call once those before it have returned.
    pub(crate) async fn call<R: Send + 'static>(
        self,
        call: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, CallError> {
        let turn = Arc::clone(&self.turn).lock_owned().await;
        self.make(turn, call).await
    }

    /// Makes a call, unless one before it has not returned yet.
    pub(crate) async fn try_call<R: Send + 'static>(
        self,
        call: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, CallError> {
        match Arc::clone(&self.turn).try_lock_owned() {
            Ok(turn) => self.make(turn, call).await,
            Err(_) => Err(CallError::NotMade("an earlier call has not returned yet".to_owned())),
        }
    }

    /// Begins a call whose result nobody waits for; later calls wait until it has returned. If no
    /// thread can be started for it now, it is made as soon as one can.
    pub(crate) fn begin(self, call: impl FnOnce() + Send + 'static) {
        let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
        thread.first.push(Box::new(move || drop(caught(call))));
        let _ = thread.started();
    }

    async fn make<R: Send + 'static>(
        self,
        turn: OwnedMutexGuard<()>,
        call: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, CallError> {
        let (sender, returned) = oneshot::channel();
        let job: Job = Box::new(move || {
            let result = caught(call);
            drop(turn);
            let _ = sender.send(result);
        });
        let gone = || CallError::NotMade("its thread has ended".to_owned());
        {
            let mut thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner);
            let jobs = thread.started().map_err(|error| {
                CallError::NotMade(format!("no thread can be started for it: {error}"))
            })?;
            jobs.send(job).map_err(|_| gone())?;
        }
        returned.await.map_err(|_| gone())?.map_err(CallError::Panicked)
    }
}

impl Thread {
    fn started(&mut self) -> io::Result<&Sender<Job>> {
        let jobs = if let Some(jobs) = self.jobs.take() {
            jobs
        } else {
            let (jobs, todo) = channel();
            (self.start)(todo)?;
            jobs
        };
        for job in self.first.drain(..) {
            let _ = jobs.send(job);
        }
        Ok(self.jobs.insert(jobs))
    }
}

/// Starts a thread that makes calls until no more can come. Spans made in the calls are not traced, and
/// the calls have the tokio runtime of the thread that started it.
fn start(todo: Receiver<Job>) -> io::Result<()> {
    let reactor = Handle::try_current();
    let work = move || {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let _entered = reactor.as_ref().map(Handle::enter);
        for job in todo {
            job();
        }
    };
    thread::Builder::new().name("otel-exporter".to_owned()).spawn(work).map(drop)
}

impl From<CallError> for ExportError {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NotMade(why) => ExportError::Failed(why),
            CallError::Panicked(why) => ExportError::Panicked(why),
        }
    }
}

/// For messages.
impl From<CallError> for String {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NotMade(why) | CallError::Panicked(why) => why,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicBool, Ordering};

    use super::*;

    /// Whether the machine has a thread to spare.
    static HAS_THREADS: AtomicBool = AtomicBool::new(false);

    fn start_if_there_is_one(todo: Receiver<Job>) -> io::Result<()> {
        if !HAS_THREADS.load(Ordering::Relaxed) {
            return Err(io::ErrorKind::WouldBlock.into());
        }
        start(todo)
    }

    #[tokio::test]
    async fn a_call_for_which_there_is_no_thread_fails_and_a_later_one_is_made() {
        let calls = Calls::on(start_if_there_is_one);
        let (sender, began) = channel();
        let second = sender.clone();
        calls.clone().begin(move || sender.send(1).expect("somebody listens"));

        let error = calls.clone().call(|| ()).await.expect_err("no thread");
        assert!(matches!(error, CallError::NotMade(_)), "{error:?}");
        let error = calls.clone().try_call(|| ()).await.expect_err("no thread");
        let CallError::NotMade(why) = error else { panic!("{error:?}") };
        assert!(why.starts_with("no thread can be started for it"), "{why}");

        HAS_THREADS.store(true, Ordering::Relaxed);
        calls.call(move || second.send(2).expect("somebody listens")).await.expect("a thread");
        assert_eq!(began.into_iter().collect::<Vec<_>>(), [1, 2], "nothing was forgotten");
    }

    #[tokio::test]
    async fn a_call_that_panics_says_so_and_the_next_is_made() {
        let calls = Calls::default();
        let panicked = calls.clone().call(|| panic!("late")).await;
        assert_eq!(panicked, Err::<(), _>(CallError::Panicked("panicked: late".to_owned())));
        assert_eq!(calls.call(|| 1).await, Ok(1));
    }
}
