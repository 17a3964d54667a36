//! How long does an exporter leave its backend alone when an attempt failed?
//!
//! For a share of the time in which nothing got through, so that it tries often while the trouble is
//! young and seldom when it is old; or for as long as the backend asks. That is one answer for all
//! batches that wait, and the first that gets through ends it for all: a backend that fails seven times
//! of ten delays each batch, and not those after it.

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

/// Beyond this, nobody waits for a backend, whatever it asks for.
pub(super) const MAX_ASKED: Duration = Duration::from_secs(30);

/// What the time without a success is divided by, and the least and the most that it makes.
#[derive(Clone, Copy)]
struct Pace {
    share: u32,
    least: Duration,
    most: Duration,
}

impl Pace {
    /// A backend that is there may take the next one: a second after 16 seconds of failures. To one
    /// that is not there it makes no difference how often it is asked: five seconds after 20.
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

    /// As long as that, or up to half as long again, so that not all clients come back at once.
    fn delay(self, trouble: Duration, random: &mut SmallRng) -> Duration {
        let delay = (trouble / self.share).max(self.least);
        delay.mul_f64(random.random_range(1.0..=1.5)).min(self.most)
    }
}

/// Shared by all batches of an exporter.
pub(super) struct Backoff(watch::Sender<State>);

struct State {
    /// When the first attempt failed after the last that did not.
    trouble_since: Option<Instant>,
    /// No attempt begins before that.
    again_at: Option<Instant>,
    /// The backend asked not to be asked before that.
    asked_until: Option<Instant>,
    /// How many times it was decided how long to wait. Attempts that were on their way together
    /// decide once, and one that fails late decides nothing.
    round: u64,
    random: SmallRng,
}

/// Which attempts an attempt was on its way together with.
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
    /// Waits until an attempt may begin: not before `own`, but at `until` at the latest, and at once
    /// when the program is about to end. Returns which it is one of.
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

    /// The backend took something.
    pub(super) fn succeeded(&self) {
        self.0.send_modify(|state| {
            state.trouble_since = None;
            state.again_at = None;
            state.round += 1;
        });
    }

    /// An attempt failed that may be made again, and the backend asked not to be asked before `after`
    /// is over. Returns when, as far as this attempt alone is concerned.
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
        // The least, so that those which failed together go on together.
        now + pace.least
    }
}
