//! How does an exporter report its retries, and hear that the program is about to end?

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
use crate::process::shorten;

/// Shared by the pipeline and its exporter, which may try again for minutes.
#[derive(Clone, Default)]
pub(crate) struct Retries(Arc<Shared>);

#[derive(Default)]
struct Shared {
    state: Mutex<State>,
    /// How many times the program was about to end.
    hurries: watch::Sender<u64>,
}

#[derive(Default)]
struct State {
    count: u64,
    /// Why the latest failed attempt failed; none after a delivery.
    last_error: Option<String>,
}

/// For the exporter.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
impl Retries {
    /// An attempt failed, and is going to be repeated.
    pub(crate) fn failed(&self, why: String) {
        self.lock().last_error = Some(shorten::error(why));
    }

    /// The attempt is repeated now.
    pub(crate) fn again(&self) {
        self.lock().count += 1;
    }

    /// For one batch: tells it if the program is about to end, or was already.
    pub(crate) fn hurry_for_one(&self) -> Hurry {
        Hurry { hurries: self.0.hurries.subscribe(), heard: 0 }
    }
}

/// How a batch hears that the program is about to end.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
pub(crate) struct Hurry {
    hurries: watch::Receiver<u64>,
    heard: u64,
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
impl Hurry {
    /// An attempt begins now, so that [`hurried`](Self::hurried) need not ask for another one. Returns
    /// whether the program is about to end.
    pub(crate) fn hear(&mut self) -> bool {
        self.heard = *self.hurries.borrow();
        self.heard > 0
    }

    /// Resolves when the program is about to end and no attempt has begun since.
    pub(crate) async fn hurried(&mut self) {
        let heard = self.heard;
        let hurries = self.hurries.wait_for(|hurries| *hurries > heard).await;
        match hurries.map(|hurries| *hurries) {
            Ok(hurries) => self.heard = hurries,
            // Nobody is left who could end the program.
            Err(_) => std::future::pending().await,
        }
    }
}

/// For the pipeline.
impl Retries {
    /// How many attempts were made after the first, of all batches.
    pub(crate) fn count(&self) -> u64 {
        self.lock().count
    }

    /// Why the batches that are with the exporter have not gone out yet.
    pub(crate) fn last_error(&self) -> Option<String> {
        self.lock().last_error.clone()
    }

    /// A batch is no longer with the exporter. Returns why the latest failed attempt failed, if any.
    pub(crate) fn settle(&self, is_delivered: bool) -> Option<String> {
        let mut state = self.lock();
        if is_delivered { state.last_error.take() } else { state.last_error.clone() }
    }

    /// The program is about to end: batches that wait for another attempt should make it now.
    pub(crate) fn hurry(&self) {
        self.0.hurries.send_modify(|hurries| *hurries += 1);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
