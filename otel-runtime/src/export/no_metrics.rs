//! Who sends the counts of calls?
//!
//! Nobody, without the feature `metrics`: there is no value of [`MetricReader`].

use std::time::Duration;

/// What would send them.
#[derive(Clone)]
pub(crate) enum MetricReader {}

/// What would wait for that.
pub(crate) enum Waiting {}

impl MetricReader {
    pub(crate) fn flush(&self, _: Duration) -> Option<Waiting> {
        match *self {}
    }

    pub(crate) fn shutdown(&self, _: Duration) -> Option<Waiting> {
        match *self {}
    }
}

impl Waiting {
    pub(crate) fn wait(self) {
        match self {}
    }

    #[expect(clippy::unused_async, reason = "it is as the one that waits")]
    pub(crate) async fn done(self) {
        match self {}
    }
}
