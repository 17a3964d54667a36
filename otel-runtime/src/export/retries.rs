//! How does an exporter tell of what it does again, and hear that there is no time to wait?

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::watch;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
use crate::process::shorten;

/// Shared by the pipeline and its exporter, which may try for minutes.
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
    /// Why the attempt before the one that is under way failed.
    last_error: Option<String>,
}

/// For the exporter.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
impl Retries {
    /// An attempt failed, and will be made again.
    pub(crate) fn failed(&self, why: String) {
        self.lock().last_error = Some(shorten::error(why));
    }

    /// It is made again now.
    pub(crate) fn again(&self) {
        self.lock().count += 1;
    }

    /// For a batch, which is to hear of it if the program is about to end, or was already.
    pub(crate) fn hurry_for_one(&self) -> Hurry {
        Hurry { hurries: self.0.hurries.subscribe(), heard: 0 }
    }
}

/// What a batch hears of the end of the program.
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
pub(crate) struct Hurry {
    hurries: watch::Receiver<u64>,
    heard: u64,
}

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http", test))]
impl Hurry {
    /// An attempt begins now, after which there need be no other at once. Returns whether the program
    /// is about to end.
    pub(crate) fn hear(&mut self) -> bool {
        self.heard = *self.hurries.borrow();
        self.heard > 0
    }

    /// Resolves when the program is about to end, and no attempt was made since.
    pub(crate) async fn hurried(&mut self) {
        let heard = self.heard;
        let hurries = self.hurries.wait_for(|hurries| *hurries > heard).await;
        match hurries.map(|hurries| *hurries) {
            Ok(hurries) => self.heard = hurries,
            // Nobody will end it any more.
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
        self.0.hurries.send_modify(|hurries| *hurries += 1);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
