//! What have all threads of the process counted?

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::sync::{Arc, Mutex};
use std::time::SystemTime;

use super::buckets::Buckets;
use super::exemplar::Exemplar;
use super::of_thread::OfThread;
use super::series::Series;
use super::total::{Function, Total};
use crate::process::fork::Process;
use crate::process::lock::lock;

/// How many values of `error.type` a function has at most. Some programs put an id into it.
const ERROR_TYPES: usize = 32;

/// What the values beyond that are counted under, as the conventions have it.
const OTHER: &str = "_OTHER";

/// How many exemplars are kept for a point.
const EXEMPLARS: usize = 4;

/// The counts of a process.
#[derive(Clone, Debug)]
pub(crate) struct Counts(Arc<Mutex<State>>);

#[derive(Debug)]
struct State {
    /// A forked child begins at zero: its parent reports what was before.
    process: Process,
    since: SystemTime,
    threads: Vec<Arc<OfThread>>,
    /// What threads counted that are gone.
    ended: Totals,
    /// Which values of `error.type` each function has had, by its number.
    error_types: BTreeMap<u32, Vec<Arc<str>>>,
}

/// By path, scope and `error.type`: two functions of one path, such as those of a generic `impl`, are one.
type Totals = BTreeMap<(&'static str, usize, Option<Arc<str>>), Total>;

/// All that was counted.
#[derive(Debug)]
pub(crate) struct Reading {
    /// When counting began.
    pub(crate) since: SystemTime,
    /// When this was read.
    pub(crate) until: SystemTime,
    pub(crate) totals: Vec<Total>,
}

impl Default for Counts {
    fn default() -> Self {
        Counts(Arc::new(Mutex::new(State::new())))
    }
}

impl State {
    fn new() -> State {
        State {
            process: Process::this(),
            since: SystemTime::now(),
            threads: Vec::new(),
            ended: Totals::new(),
            error_types: BTreeMap::new(),
        }
    }
}

impl Counts {
    /// All calls since counting began. What another thread counts meanwhile is in the next reading.
    pub(crate) fn read(&self) -> Option<Reading> {
        self.with(|state| {
            let mut totals = state.ended.clone();
            for total in state.ended.values_mut() {
                total.exemplars.clear();
            }
            for thread in &state.threads {
                thread.each(|function, series| add(&mut totals, function, series));
            }
            Reading {
                since: state.since,
                until: SystemTime::now(),
                totals: totals.into_values().collect(),
            }
        })
    }

    /// A thread begins to count.
    pub(super) fn begin(&self, thread: &Arc<OfThread>) {
        self.with(|state| state.threads.push(Arc::clone(thread)));
    }

    /// A thread counts no more.
    pub(super) fn end(&self, thread: &Arc<OfThread>) {
        self.with(|state| {
            let before = state.threads.len();
            state.threads.retain(|other| !Arc::ptr_eq(other, thread));
            if state.threads.len() < before {
                thread.each(|function, series| add(&mut state.ended, function, series));
            }
        });
    }

    /// The `error.type` to count a failed call under.
    pub(super) fn admit(&self, function: &Function, error_type: &str) -> Arc<str> {
        let admitted = self.with(|state| {
            let known = state.error_types.entry(function.number).or_default();
            if let Some(known) = known.iter().find(|known| ***known == *error_type) {
                return Arc::clone(known);
            }
            if known.len() >= ERROR_TYPES {
                return OTHER.into();
            }
            let new: Arc<str> = error_type.into();
            known.push(Arc::clone(&new));
            new
        });
        admitted.unwrap_or_else(|| OTHER.into())
    }

    fn with<R>(&self, f: impl FnOnce(&mut State) -> R) -> Option<R> {
        let mut state = lock(&self.0)?;
        if state.process.is_parent() {
            *state = State::new();
        }
        Some(f(&mut state))
    }
}

fn add(totals: &mut Totals, function: &Function, series: &Series) {
    series.read(|error_type, counted| {
        let mut durations = Buckets::default();
        counted.histogram.add_to(&mut durations);
        if durations.count() == 0 {
            return;
        }
        let key = (function.path, std::ptr::from_ref(function.scope) as usize, error_type.cloned());
        let total = match totals.entry(key) {
            Entry::Occupied(total) => total.into_mut(),
            Entry::Vacant(place) => place.insert(Total {
                function: *function,
                error_type: error_type.cloned(),
                durations: Buckets::default(),
                exemplars: Vec::new(),
            }),
        };
        total.durations.add_all(&durations);
        total.exemplars.extend(counted.slowest.take());
        total.exemplars.sort_by_key(|Exemplar { nanoseconds, .. }| u64::MAX - nanoseconds);
        total.exemplars.truncate(EXEMPLARS);
    });
}
