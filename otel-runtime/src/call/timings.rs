//! How long did an async function work, and how long did it wait?

use std::future::Future;
use std::panic::{RefUnwindSafe, UnwindSafe};
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll};
use std::time::{Duration, Instant};

use opentelemetry::trace::TraceContextExt;
use opentelemetry::{Context, KeyValue};
use pin_project_lite::pin_project;

use crate::call::future;
use crate::span::callsite::Callsite;
use crate::span::keys::TIMINGS;

pin_project! {
    /// The body of an annotated function with `timings`, inside the future that traces it.
    pub struct Timed<F> {
        #[pin]
        future: F,
        state: State,
    }

    impl<F> PinnedDrop for Timed<F> {
        fn drop(this: Pin<&mut Self>) {
            // The future is dropped before it was done. Its span is still open.
            if let State::Waiting(mut timings) = std::mem::replace(this.project().state, State::Over) {
                timings.waited(Instant::now());
                timings.record();
            }
        }
    }
}

enum State {
    Initial(&'static Callsite),
    Waiting(Box<Timings>),
    /// There is no span, or it has ended.
    Over,
}

/// What is known between two polls.
struct Timings {
    /// With the span.
    context: Context,
    last: Instant,
    busy: Duration,
    idle: Duration,
    longest: Duration,
    polls: i64,
}

/// `timings`
pub fn timed<F: Future>(callsite: &'static Callsite, future: F) -> Timed<F> {
    Timed { future, state: State::Initial(callsite) }
}

impl<F: Future> Future for Timed<F> {
    type Output = F::Output;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<F::Output> {
        let this = self.project();
        let polling = Polling::new(this.state);
        let poll = this.future.poll(task);
        if let Some(mut polling) = polling {
            polling.waits = poll.is_pending();
        }
        poll
    }
}

impl<F: UnwindSafe> UnwindSafe for Timed<F> {}
impl<F: RefUnwindSafe> RefUnwindSafe for Timed<F> {}

/// One poll. Dropping it ends the poll.
struct Polling<'a> {
    state: &'a mut State,
    start: Instant,
    /// Whether there will be another one: there is none after a panic.
    waits: bool,
}

impl<'a> Polling<'a> {
    fn new(state: &'a mut State) -> Option<Self> {
        let off = match state {
            State::Initial(callsite) => callsite.is_off(),
            State::Waiting(_) => false,
            State::Over => true,
        };
        if off {
            *state = State::Over;
            return None;
        }
        let start = Instant::now();
        if let State::Waiting(timings) = state {
            timings.waited(start);
        }
        Some(Polling { state, start, waits: false })
    }
}

impl Drop for Polling<'_> {
    fn drop(&mut self) {
        let timings = match std::mem::replace(self.state, State::Over) {
            State::Initial(_) => future::begun()
                // Nobody would see the timings on a span that is not recording.
                .filter(|context| context.span().is_recording())
                .map(|context| Box::new(Timings::new(context, self.start))),
            State::Waiting(timings) => Some(timings),
            State::Over => None,
        };
        let Some(mut timings) = timings else { return };
        timings.worked(Instant::now());
        if self.waits {
            *self.state = State::Waiting(timings);
        } else {
            timings.record();
        }
    }
}

impl Timings {
    fn new(context: Context, start: Instant) -> Timings {
        Timings {
            context,
            last: start,
            busy: Duration::ZERO,
            idle: Duration::ZERO,
            longest: Duration::ZERO,
            polls: 0,
        }
    }

    fn worked(&mut self, until: Instant) {
        let poll = self.since_last(until);
        self.busy = self.busy.saturating_add(poll);
        self.longest = self.longest.max(poll);
        self.polls = self.polls.saturating_add(1);
    }

    fn waited(&mut self, until: Instant) {
        let wait = self.since_last(until);
        self.idle = self.idle.saturating_add(wait);
    }

    fn since_last(&mut self, until: Instant) -> Duration {
        until.saturating_duration_since(std::mem::replace(&mut self.last, until))
    }

    fn record(&self) {
        let span = self.context.span();
        let [busy, idle, polls, longest] = TIMINGS;
        span.set_attribute(KeyValue::new(busy, nanoseconds(self.busy)));
        span.set_attribute(KeyValue::new(idle, nanoseconds(self.idle)));
        span.set_attribute(KeyValue::new(polls, self.polls));
        span.set_attribute(KeyValue::new(longest, nanoseconds(self.longest)));
    }
}

fn nanoseconds(time: Duration) -> i64 {
    i64::try_from(time.as_nanos()).unwrap_or(i64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_between_polls_is_idle_and_the_rest_busy() {
        let start = Instant::now();
        let at = |ns| start + Duration::from_nanos(ns);
        let mut timings = Timings::new(Context::new(), start);

        timings.worked(at(30));
        timings.waited(at(1030));
        timings.worked(at(1130));
        timings.waited(at(3130));
        timings.worked(at(3150));

        let all = [timings.busy, timings.idle, timings.longest].map(nanoseconds);
        assert_eq!(all, [150, 3000, 100]);
        assert_eq!(timings.polls, 3);
        assert_eq!(nanoseconds(Duration::MAX), i64::MAX);
    }
}
