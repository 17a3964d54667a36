//! Which traces are kept where a server says so?
//!
//! The server is asked by `setup`, on an export thread. A decision reads the last good answer: while that does not
//! change, a thread takes no lock.

use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use opentelemetry::trace::{Link, SpanKind, TraceId};
use opentelemetry::{Context, KeyValue};
use opentelemetry_sdk::trace::{SamplingDecision, SamplingResult, ShouldSample};

use super::composite::CompositeSampler;
use super::head::{About, HeadSampler};
use super::rate_limiting::RateLimiting;
use super::ratio::Ratio;
use super::reads::AttributesRead;
use super::sampler::Sampler;
use crate::process::lock::lock;

/// What a server answers, checked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Strategies {
    /// This share of all traces.
    Share(f64),
    /// So many traces a second.
    Rate(f64),
    /// A share for each operation, and at least so many traces a second of each.
    Operations { share: f64, at_least: Option<f64>, of: HashMap<String, f64> },
}

/// A sampler that does what a server says.
#[derive(Clone, Debug)]
pub(crate) struct Remote {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    /// Which of the process's remote samplers it is.
    id: u64,
    ratio: Ratio,
    /// Counts the changes.
    version: AtomicU64,
    current: Mutex<Arc<Current>>,
    status: Mutex<Status>,
}

/// How asking goes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) asked: u64,
    pub(crate) failed: u64,
    /// Why the last answer could not be used.
    pub(crate) why: Option<String>,
}

/// The samplers that hold now.
#[derive(Debug)]
enum Current {
    /// Before the first good answer.
    Initial(HeadSampler),
    Share(HeadSampler),
    Rate(RateLimiting, HeadSampler),
    Operations {
        share: HeadSampler,
        any_other: Option<Limited>,
        of: HashMap<String, OfOperation>,
    },
}

#[derive(Debug)]
struct OfOperation {
    share: HeadSampler,
    at_least: Option<Limited>,
}

/// A rate whose tokens stay taken when it is set anew.
#[derive(Clone, Debug)]
struct Limited {
    rate: RateLimiting,
    sampler: HeadSampler,
}

impl Limited {
    /// The same bucket with this limit, or else a new one.
    fn at(per_second: f64, before: Option<&Limited>) -> Option<Limited> {
        match before {
            Some(limited) if limited.rate.set_limit(per_second).is_ok() => Some(limited.clone()),
            _ => {
                let rate = RateLimiting::new(per_second).ok()?;
                let sampler = CompositeSampler::new(rate.clone()).into();
                Some(Limited { rate, sampler })
            }
        }
    }
}

thread_local! {
    /// The sampler that this thread asked last, by id and version.
    static LAST: RefCell<Option<(u64, u64, Arc<Current>)>> = const { RefCell::new(None) };
}

impl Remote {
    /// A sampler that does as `initial` until a server has answered.
    pub(crate) fn new(initial: HeadSampler, ratio: Ratio) -> Remote {
        static IDS: AtomicU64 = AtomicU64::new(0);
        let shared = Shared {
            id: IDS.fetch_add(1, Ordering::Relaxed),
            ratio,
            version: AtomicU64::new(0),
            current: Mutex::new(Arc::new(Current::Initial(initial))),
            status: Mutex::default(),
        };
        Remote { shared: Arc::new(shared) }
    }

    /// From now on, what these strategies say. Limits that stay the same give nothing away.
    pub(crate) fn follow(&self, strategies: &Strategies) {
        let ratio = self.shared.ratio;
        let Some(mut current) = lock(&self.shared.current) else { return };
        let next = match strategies {
            Strategies::Share(share) => Current::Share(ratio.sampler(*share)),
            Strategies::Rate(per_second) => {
                let before = match &**current {
                    Current::Rate(rate, sampler) => {
                        Some(Limited { rate: rate.clone(), sampler: sampler.clone() })
                    }
                    _ => None,
                };
                match Limited::at(*per_second, before.as_ref()) {
                    Some(Limited { rate, sampler }) => Current::Rate(rate, sampler),
                    None => Current::Share(Sampler::AlwaysOff.into()),
                }
            }
            Strategies::Operations { share, at_least, of } => {
                let (others, known) = match &**current {
                    Current::Operations { any_other, of, .. } => (any_other.as_ref(), Some(of)),
                    _ => (None, None),
                };
                let limited = |before: Option<&Limited>| {
                    at_least.and_then(|least| Limited::at(least, before))
                };
                let of = of.iter().map(|(name, share)| {
                    let before = known.and_then(|known| known.get(name));
                    let at_least = limited(before.and_then(|it| it.at_least.as_ref()));
                    (name.clone(), OfOperation { share: ratio.sampler(*share), at_least })
                });
                let of = of.collect();
                Current::Operations { share: ratio.sampler(*share), any_other: limited(others), of }
            }
        };
        *current = Arc::new(next);
        self.shared.version.fetch_add(1, Ordering::Release);
    }

    /// Notes how asking went.
    pub(crate) fn asked(&self, result: Result<(), String>) -> Status {
        let Some(mut status) = lock(&self.shared.status) else { return Status::default() };
        status.asked += 1;
        status.failed += u64::from(result.is_err());
        status.why = result.err();
        status.clone()
    }

    /// How asking goes so far.
    pub(crate) fn status(&self) -> Status {
        lock(&self.shared.status).map(|status| status.clone()).unwrap_or_default()
    }

    fn current(&self) -> Option<Arc<Current>> {
        let version = self.shared.version.load(Ordering::Acquire);
        let id = self.shared.id;
        let cached = LAST.try_with(|last| {
            let last = last.try_borrow().ok()?;
            let (of, at, current) = last.as_ref()?;
            ((*of, *at) == (id, version)).then(|| Arc::clone(current))
        });
        if let Ok(Some(current)) = cached {
            return Some(current);
        }
        let current = Arc::clone(&*lock(&self.shared.current)?);
        let _ = LAST.try_with(|last| {
            if let Ok(mut last) = last.try_borrow_mut() {
                *last = Some((id, version, Arc::clone(&current)));
            }
        });
        Some(current)
    }
}

impl ShouldSample for Remote {
    fn should_sample(
        &self,
        parent: Option<&Context>,
        trace_id: TraceId,
        name: &str,
        kind: &SpanKind,
        attributes: &[KeyValue],
        links: &[Link],
    ) -> SamplingResult {
        let ask = |sampler: &HeadSampler| {
            sampler.should_sample(parent, trace_id, name, kind, attributes, links)
        };
        // In a forked child that cannot know what the last answer was.
        let Some(current) = self.current() else { return ask(&Sampler::AlwaysOff.into()) };
        match &*current {
            Current::Initial(sampler) | Current::Share(sampler) | Current::Rate(_, sampler) => {
                ask(sampler)
            }
            Current::Operations { share, any_other, of } => {
                let (share, at_least) = match of.get(name) {
                    Some(operation) => (&operation.share, &operation.at_least),
                    None => (share, any_other),
                };
                let told = ask(share);
                match (&told.decision, at_least) {
                    // What is kept counts against the rate that is kept at least.
                    (SamplingDecision::RecordAndSample, Some(least)) => {
                        ask(&least.sampler);
                        told
                    }
                    (SamplingDecision::Drop, Some(least)) => ask(&least.sampler),
                    _ => told,
                }
            }
        }
    }
}

impl From<Remote> for HeadSampler {
    fn from(remote: Remote) -> Self {
        let about = About {
            follows_local_parent: false,
            // The name.
            reads: AttributesRead::Keys(Vec::new()),
            description: "JaegerRemoteSampler".to_owned(),
            standard: None,
        };
        HeadSampler::new(about, remote)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn kept(remote: &Remote, name: &str) -> bool {
        let trace = TraceId::from(u128::MAX);
        let told = remote.should_sample(None, trace, name, &SpanKind::Internal, &[], &[]);
        told.decision == SamplingDecision::RecordAndSample
    }

    fn remote() -> Remote {
        Remote::new(Sampler::AlwaysOn.into(), Ratio::TraceId)
    }

    #[test]
    fn the_last_answer_holds_and_a_reload_with_the_same_rate_gives_nothing_away() {
        let remote = remote();
        assert!(kept(&remote, "a"), "the initial sampler");

        remote.follow(&Strategies::Share(0.0));
        assert!(!kept(&remote, "a"));
        remote.follow(&Strategies::Rate(0.001));
        assert!(kept(&remote, "a"));
        for _ in 0..100 {
            remote.follow(&Strategies::Rate(0.001));
            assert!(!kept(&remote, "a"), "the one token is taken");
        }
    }

    #[test]
    fn each_operation_has_its_share_and_its_least_rate() {
        let remote = remote();
        let of = HashMap::from([("always".to_owned(), 1.0), ("never".to_owned(), 0.0)]);
        let strategies = Strategies::Operations { share: 0.0, at_least: Some(0.001), of };
        for _ in 0..2 {
            remote.follow(&strategies);
        }

        assert!(kept(&remote, "always") && kept(&remote, "always"));
        assert!(kept(&remote, "never"), "at least one in a thousand seconds");
        remote.follow(&strategies);
        assert!(!kept(&remote, "never"), "polls give nothing away");
        assert!(kept(&remote, "another") && !kept(&remote, "another"));
    }
}
