//! How is something called that may not return for a long time, or never?
//!
//! On a thread of the runtime's that is there for it: the export thread goes on.

use std::sync::Arc;

use tokio::sync::{Mutex, OwnedMutexGuard};
use tokio::task::spawn_blocking;

use crate::process::unwind::caught;

/// Calls one at a time: the next one begins when the one before has returned, even if nobody waits for
/// that any more.
#[derive(Clone, Default)]
pub(crate) struct Calls(Arc<Mutex<()>>);

impl Calls {
    /// Makes a call when those before it have returned. What its panic said is the error.
    pub(crate) async fn call<R: Send + 'static>(
        self,
        call: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, String> {
        let turn = self.0.lock_owned().await;
        on_a_thread(turn, call).await
    }

    /// Makes a call unless one before it has not returned, and then says so.
    pub(crate) async fn try_call<R: Send + 'static>(
        self,
        call: impl FnOnce() -> R + Send + 'static,
    ) -> Result<R, String> {
        match self.0.try_lock_owned() {
            Ok(turn) => on_a_thread(turn, call).await,
            Err(_) => Err("an earlier call has not returned yet".to_owned()),
        }
    }

    /// Begins a call for which nobody waits but those after it.
    pub(crate) fn begin(self, call: impl FnOnce() + Send + 'static) {
        if let Ok(turn) = self.0.try_lock_owned() {
            spawn_blocking(move || caught(call).map(|()| drop(turn)));
        }
    }
}

async fn on_a_thread<R: Send + 'static>(
    turn: OwnedMutexGuard<()>,
    call: impl FnOnce() -> R + Send + 'static,
) -> Result<R, String> {
    let call = move || {
        let result = caught(call);
        drop(turn);
        result
    };
    spawn_blocking(call).await.unwrap_or_else(|_| Err("its thread has ended".to_owned()))
}
