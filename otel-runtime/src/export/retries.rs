//! How does an exporter tell of what it does again, and hear that there is no time to wait?

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::Notify;

/// Shared by the pipeline and its exporter, which may try for minutes.
#[derive(Clone, Default)]
pub(crate) struct Retries(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    hurry: Notify,
}

#[derive(Default)]
struct State {
    count: u64,
    /// Why the attempt before the one that is under way failed.
    last_error: Option<String>,
}

/// For the exporter.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
impl Retries {
    /// An attempt failed, and will be made again.
    pub(crate) fn failed(&self, why: String) {
        self.lock().last_error = Some(why);
    }

    /// It is made again now.
    pub(crate) fn again(&self) {
        self.lock().count += 1;
    }

    /// Resolves, once, when the program is about to end.
    pub(crate) async fn hurried(&self) {
        self.0.hurry.notified().await;
    }
}

/// For the pipeline.
impl Retries {
    /// How many attempts were made after the first, of all batches.
    pub(crate) fn count(&self) -> u64 {
        self.lock().count
    }

    /// Why the batch that is with the exporter did not go out yet.
    pub(crate) fn last_error(&self) -> Option<String> {
        self.lock().last_error.clone()
    }

    /// A batch is not with the exporter any more. Returns why it had not gone out.
    pub(crate) fn settle(&self, is_delivered: bool) -> Option<String> {
        let mut state = self.lock();
        if is_delivered { state.last_error.take() } else { state.last_error.clone() }
    }

    /// The program is about to end: what waits for another attempt should make it now.
    pub(crate) fn hurry(&self) {
        self.0.hurry.notify_one();
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
