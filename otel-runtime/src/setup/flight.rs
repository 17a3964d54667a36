//! How is the flight recorder asked for all that it holds?

use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use super::installed;
use super::outputs::Outputs;
use crate::export::pipeline::{PipelineHandle, Why};
use crate::process::panics;

/// How long a panic waits that ends the process.
const PATIENCE: Duration = Duration::from_millis(200);

/// Asks the flight recorder to send all that it holds, and returns at once; false if there is none. It does so at
/// most once a minute.
///
/// There is one where `OTEL_TRACED_FLIGHT_MAX_BYTES` or
/// [`Builder::flight_max_bytes`](crate::Builder::flight_max_bytes) says so, once [`init`](crate::init) has installed
/// it. A [`flush`](crate::Telemetry::flush) that comes after this waits until the spans are sent.
/// [The flight recorder](crate::guide::flight_recorder) has the rest.
///
/// ```
/// if otel_runtime::flight::dump() {
///     eprintln!("what was not sampled lately is sent, too");
/// }
/// ```
#[expect(clippy::must_use_candidate, reason = "most callers only ask")]
pub fn dump() -> bool {
    let installed = installed::get().and_then(|installed| installed.active.as_ref());
    installed.is_some_and(|active| active.outputs.dump(Why::Call))
}

/// Asks for everything at each panic from now on, if there is a flight recorder.
pub(crate) fn listen(outputs: &Outputs) {
    if !outputs.spans.as_ref().is_some_and(PipelineHandle::has_flight) {
        return;
    }
    let outputs = outputs.clone();
    panics::set_listener(Box::new(move || {
        // Nothing is done here that could wait for what the thread holds that panics.
        if outputs.dump(Why::Panic) && cfg!(panic = "abort") {
            send(outputs.clone());
        }
    }));
}

/// Sends all, on another thread, and waits a moment: the process ends right after.
fn send(outputs: Outputs) {
    let (sent, done) = mpsc::channel();
    let flush = move || {
        let _ = outputs.flush(PATIENCE, true);
        let _ = sent.send(());
    };
    if thread::Builder::new().name("otel-flight".to_owned()).spawn(flush).is_ok() {
        let _ = done.recv_timeout(PATIENCE);
    }
}
