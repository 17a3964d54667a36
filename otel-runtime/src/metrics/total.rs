//! What is known of the calls of one function, on all threads together?

use std::sync::Arc;

use opentelemetry::InstrumentationScope;

use super::buckets::Buckets;
use super::exemplar::Exemplar;

/// Which function was called.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Function {
    /// Its place in the table of each thread: functions are numbered by their first calls.
    pub(crate) number: u32,
    /// Its path, such as `shop::checkout`.
    pub(crate) path: &'static str,
    pub(crate) scope: &'static InstrumentationScope,
}

/// The calls of one function that ended alike.
#[derive(Clone, Debug)]
pub(crate) struct Total {
    pub(crate) function: Function,
    /// `None` for the calls that did not fail.
    pub(crate) error_type: Option<Arc<str>>,
    pub(crate) durations: Buckets,
    /// The slowest sampled call of each thread since the last reading.
    pub(crate) exemplars: Vec<Exemplar>,
}

impl Total {
    /// The calls since an earlier reading; `None` if there were none.
    pub(crate) fn since(&self, before: &[Total]) -> Option<Total> {
        let durations = match before.iter().find(|before| self.is_of_same(before)) {
            Some(before) => self.durations.since(&before.durations),
            None => self.durations.clone(),
        };
        (durations.count() > 0).then(|| Total { durations, ..self.clone() })
    }

    /// Adds the calls of another, which are told as the same.
    pub(crate) fn add(&mut self, other: &Total) {
        self.durations.add_all(&other.durations);
        self.exemplars.extend(other.exemplars.iter().copied());
    }

    /// Whether both are calls of one function that ended alike.
    pub(crate) fn is_of_same(&self, other: &Total) -> bool {
        self.function.path == other.function.path
            && std::ptr::eq(self.function.scope, other.function.scope)
            && self.error_type == other.error_type
    }
}
