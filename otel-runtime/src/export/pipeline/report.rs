//! How do those who watch the process hear of losses?

use std::sync::atomic::{AtomicBool, Ordering};

use super::stats::{Dropped, Stats};
use crate::process::stderr::warn;

/// The one line that is written when spans wait because nothing gets through.
pub(super) fn held(destination: &str, why: &str) {
    warn(&format!("nothing gets through to {destination} ({why}); spans are held, and sent again"));
}

/// The one line that is written when the first span is lost.
pub(super) fn first_loss(destination: &str, stats: &Stats, last_error: Option<&str>) {
    warn(&format!(
        "spans are being lost on the way to {destination} ({}){}; more losses are only counted",
        stats.dropped,
        because(last_error),
    ));
}

/// The one line that is written at the end, if any span was lost since the start.
pub(super) fn totals(destination: &str, stats: &Stats, last_error: Option<&str>) {
    let Stats { ended, dropped, .. } = stats;
    if *dropped != Dropped::default() {
        warn(&format!(
            "{} of {ended} spans were not delivered to {destination} ({dropped}){}",
            dropped.total(),
            because(last_error),
        ));
    }
}

/// The one line, in the life of the process, that says that spans ended after tracing did.
pub(super) fn late() {
    static TOLD: AtomicBool = AtomicBool::new(false);
    if !TOLD.swap(true, Ordering::Relaxed) {
        warn(
            "a span ended after tracing had, and is lost, as all later ones are: keep what `init` returned \
             in a variable (not `_`) until the end of `main`",
        );
    }
}

fn because(error: Option<&str>) -> String {
    error.map(|error| format!("; last error: {error}")).unwrap_or_default()
}
