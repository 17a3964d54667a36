//! Where does another thread find what this one has counted?

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use super::series::Series;
use super::total::Function;

/// What one thread has counted, for those who read it.
#[derive(Default)]
pub(super) struct OfThread(Mutex<Vec<(Function, Arc<Series>)>>);

impl OfThread {
    /// The thread has called this function for the first time.
    pub(super) fn add(&self, function: &Function, series: Arc<Series>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push((*function, series));
    }

    pub(super) fn each(&self, mut read: impl FnMut(&Function, &Series)) {
        let series = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        series.iter().for_each(|(function, series)| read(function, series));
    }
}

impl fmt::Debug for OfThread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OfThread").finish_non_exhaustive()
    }
}
