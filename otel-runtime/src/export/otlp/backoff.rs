//! How long does an exporter wait after a failed attempt?
//!
//! For a share of the time since the trouble began, so that it tries often at first and seldom later;
//! or for as long as the backend asks. All waiting batches wait for the same time, and the first
//! success ends the wait for all: a backend that fails seven requests of ten delays the batches on
//! their way, and not those that come later.

use std::future::poll_fn;
use std::pin::pin;
use std::task::Poll;
use std::time::Duration;

use rand::rngs::SmallRng;
use rand::{Rng, SeedableRng};
use tokio::sync::watch;
use tokio::time::{Instant, timeout_at};

use super::failure::Contact;
use crate::export::retries::Hurry;

/// No longer than this, whatever the backend asks for.
pub(super) const MAX_ASKED: Duration = Duration::from_secs(30);

/// A pause is the time since the trouble began, divided by `share`, but no less than `least` and no
/// more than `most`.
#[derive(Clone, Copy)]
struct Pace {
    share: u32,
    least: Duration,
    most: Duration,
}

impl Pace {
    /// If the backend answers, the next attempt may succeed, so try often: after 16 seconds of
    /// failures, wait a second. If it cannot be reached, it matters less: after 20 seconds, wait five.
    const fn of(contact: Contact) -> Self {
        match contact {
            Contact::Made => {
                Pace { share: 16, least: Duration::from_millis(20), most: Duration::from_secs(1) }
            }
            Contact::None | Contact::Refused => {
                Pace { share: 4, least: Duration::from_millis(100), most: Duration::from_secs(5) }
            }
        }
    }

    /// Such a pause, or one up to half as long again, so that not all clients come back at once.
    fn delay(self, trouble: Duration, random: &mut SmallRng) -> Duration {
        let delay = (trouble / self.share).max(self.least);
        delay.mul_f64(random.random_range(1.0..=1.5)).min(self.most)
    }
}

/// Shared by all batches of an exporter.
pub(super) struct Backoff(watch::Sender<State>);

struct State {
    /// When the first attempt failed since the last success.
    trouble_since: Option<Instant>,
    /// No attempt begins before this time.
    again_at: Option<Instant>,
    /// The backend asked not to be sent anything before this time.
    asked_until: Option<Instant>,
    /// How many times a pause was chosen. Attempts that were on their way at the same time share a
    /// round: the first of them to fail chooses the pause for all.
    round: u64,
    random: SmallRng,
}

/// The round in which an attempt began.
#[derive(Clone, Copy, Debug)]
pub(super) struct Round(u64);

impl Default for Backoff {
    fn default() -> Self {
        Backoff(watch::Sender::new(State {
            trouble_since: None,
            again_at: None,
            asked_until: None,
            round: 0,
            random: SmallRng::from_os_rng(),
        }))
    }
}

impl Backoff {
    /// Waits until an attempt may begin: not before `own`, at `until` at the latest, and at once when
    /// the program is about to end. Returns the round of the attempt.
    pub(super) async fn turn(&self, own: Instant, until: Instant, hurry: &mut Hurry) -> Round {
        let mut state = self.0.subscribe();
        loop {
            let (at, round) = {
                let state = state.borrow_and_update();
                let at = [state.again_at, state.asked_until].into_iter().flatten();
                (at.fold(own, Instant::max).min(until), Round(state.round))
            };
            if at <= Instant::now() {
                return round;
            }
            let mut hurried = pin!(hurry.hurried());
            let mut changed = pin!(timeout_at(at, state.changed()));
            let is_hurried = poll_fn(|cx| match hurried.as_mut().poll(cx) {
                Poll::Ready(()) => Poll::Ready(true),
                Poll::Pending => changed.as_mut().poll(cx).map(|_| false),
            });
            if is_hurried.await {
                return round;
            }
        }
    }

    /// The backend took a request, so the trouble is over.
    pub(super) fn succeeded(&self) {
        self.0.send_modify(|state| {
            state.trouble_since = None;
            state.again_at = None;
            state.round += 1;
        });
    }

    /// An attempt failed and may be repeated; `after` is for how long the backend asked to wait.
    /// Returns the earliest time for the next attempt of this batch.
    pub(super) fn failed(
        &self,
        Round(round): Round,
        contact: Contact,
        after: Option<Duration>,
    ) -> Instant {
        let now = Instant::now();
        let pace = Pace::of(contact);
        self.0.send_modify(|state| {
            if let Some(after) = after {
                let until = now + after.min(MAX_ASKED);
                state.asked_until = state.asked_until.max(Some(until));
            }
            if round == state.round {
                state.round += 1;
                let since = *state.trouble_since.get_or_insert(now);
                state.again_at = Some(now + pace.delay(now - since, &mut state.random));
            }
        });
        // The shortest pause, so that batches that failed at the same time wait for the same moment.
        now + pace.least
    }
}
