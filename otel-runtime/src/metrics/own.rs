//! What has this thread counted?

use std::sync::Arc;

use super::counts::Counts;
use super::exemplar::Exemplar;
use super::of_thread::OfThread;
use super::series::Series;
use super::total::Function;
use crate::process::fork::Process;

/// What one thread counts.
pub(crate) struct OwnCounts {
    /// By the functions' numbers.
    series: Vec<Option<Arc<Series>>>,
    shared: Arc<OfThread>,
    counts: Counts,
    process: Process,
}

impl OwnCounts {
    /// For the thread that calls this.
    pub(crate) fn of(counts: &Counts) -> OwnCounts {
        let shared = Arc::default();
        counts.begin(&shared);
        let (series, counts) = (Vec::new(), counts.clone());
        OwnCounts { series, shared, counts, process: Process::this() }
    }

    /// Counts a call that did not fail.
    #[inline]
    pub(crate) fn succeeded(
        &mut self,
        function: &Function,
        nanoseconds: u64,
        sampled: Option<&Exemplar>,
    ) {
        self.of_function(function).succeeded.count(nanoseconds, sampled);
    }

    /// Counts a call that failed.
    #[cold]
    pub(crate) fn failed(
        &mut self,
        function: &Function,
        error_type: &str,
        nanoseconds: u64,
        sampled: Option<&Exemplar>,
    ) {
        let series = Arc::clone(self.of_function(function));
        let admit = || self.counts.admit(function, error_type);
        series.failed(error_type, nanoseconds, sampled, admit);
    }

    #[inline]
    fn of_function(&mut self, function: &Function) -> &Arc<Series> {
        let place = function.number as usize;
        if !matches!(self.series.get(place), Some(Some(_))) {
            self.begin(function);
        }
        self.series[place].get_or_insert_with(|| Arc::new(Series::new()))
    }

    /// The first call of a function on this thread.
    #[cold]
    fn begin(&mut self, function: &Function) {
        let (place, series) = (function.number as usize, Arc::new(Series::new()));
        if self.series.len() <= place {
            self.series.resize(place + 1, None);
        }
        self.series[place] = Some(Arc::clone(&series));
        self.shared.add(function, series);
    }
}

impl Drop for OwnCounts {
    fn drop(&mut self) {
        // In a forked child, these are its parent's.
        if !self.process.is_parent() {
            self.counts.end(&self.shared);
        }
    }
}
