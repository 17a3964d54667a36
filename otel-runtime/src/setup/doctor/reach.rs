//! Does the backend take requests?

use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use opentelemetry::Context;
use tokio::runtime::Builder;
use tokio::time::timeout;

use crate::export::otlp;
use crate::export::settings::Otlp;

/// An answer that is still to come.
pub(super) struct Asked {
    answer: Receiver<Result<(), String>>,
    time: Duration,
}

/// Sends one request without spans, on a thread of its own: the caller may be inside a runtime, in
/// which another must not block, and a DNS lookup may take any time.
pub(super) fn ask(otlp: &Otlp, time: Duration) -> Result<Asked, String> {
    let (sender, answer) = sync_channel(1);
    let otlp = otlp.clone();
    let attempt = move || {
        let _quiet = Context::enter_telemetry_suppressed_scope();
        let runtime = Builder::new_current_thread().enable_all().build();
        let result = match runtime {
            Ok(runtime) => {
                let result = runtime.block_on(async { timeout(time, otlp::check(&otlp)).await });
                runtime.shutdown_background();
                result.unwrap_or_else(|_| Err(late(time)))
            }
            Err(error) => Err(error.to_string()),
        };
        let _ = sender.send(result);
    };
    thread::Builder::new()
        .name("otel-doctor".to_owned())
        .spawn(attempt)
        .map_err(|error| format!("no thread can be started ({error})"))?;
    Ok(Asked { answer, time })
}

impl Asked {
    /// Waits for the answer, for `left` at most.
    pub(super) fn wait(self, left: Duration) -> Result<(), String> {
        match self.answer.recv_timeout(left) {
            Ok(result) => result,
            Err(RecvTimeoutError::Timeout) => Err(late(self.time)),
            Err(RecvTimeoutError::Disconnected) => Err("the attempt panicked".to_owned()),
        }
    }
}

fn late(time: Duration) -> String {
    format!("no answer within {time:?}; {}", otlp::IS_IT_THERE)
}
