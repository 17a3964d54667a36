//! How is a flush or a shutdown awaited, by whatever executor?
//!
//! What happens in the pipelines wakes whoever awaits it; that the time is over, a timer of the export
//! thread's does. So no executor is blocked, and none has to have timers.

use std::iter;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use super::queue::Awaited;
use super::sink::{Sink, Way};
use super::together::{after, refused, result};
use super::undelivered::{Delivery, ShutdownError};

/// What is awaited.
#[derive(Clone, Copy)]
enum Kind {
    Flush,
    Shutdown,
}

/// A flush or a shutdown of all pipelines, which has begun. If it is dropped, a shutdown goes on, and
/// what a flush would tell is told by the next.
pub(crate) struct Awaiting {
    /// `None` in a forked child, where nobody is to be waited for.
    sink: Option<Sink>,
    kind: Kind,
    /// Of each pipeline, in order.
    awaited: Vec<Awaited>,
    deadline: Instant,
    timers: Vec<AbortHandle>,
}

impl Sink {
    pub(crate) fn flush_async(&self, time: Duration) -> Awaiting {
        self.awaiting(Kind::Flush, time, |way, _| way.pipeline.begin_flush())
    }

    pub(crate) fn shutdown_async(&self, time: Duration) -> Awaiting {
        self.awaiting(Kind::Shutdown, time, |way, deadline| way.pipeline.begin_shutdown(deadline))
    }

    fn awaiting(
        &self,
        kind: Kind,
        time: Duration,
        begin: impl Fn(&Way, Instant) -> Awaited,
    ) -> Awaiting {
        let deadline = after(time);
        let sink = self.of_this_process();
        let ways = || sink.into_iter().flat_map(Sink::ways);
        let awaited = ways().map(|way| begin(way, deadline)).collect();
        let timers = ways().map(|way| way.pipeline.wake_at(deadline)).collect();
        Awaiting { sink: sink.cloned(), kind, awaited, deadline, timers }
    }
}

impl Future for Awaiting {
    type Output = Result<Delivery, ShutdownError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let sink = this.sink.as_ref().filter(|sink| sink.is_of_this_process());
        let Some(sink) = sink else { return Poll::Ready(refused()) };
        let mut are_over = true;
        for (way, awaited) in iter::zip(sink.ways(), &this.awaited) {
            let queue = &way.pipeline.queue;
            are_over &= match this.kind {
                Kind::Flush => queue.is_flushed(*awaited, cx.waker()),
                Kind::Shutdown => queue.is_shut_down(cx.waker()),
            };
        }
        let now = Instant::now();
        if !are_over && now < this.deadline {
            return Poll::Pending;
        }
        let awaited = std::mem::take(&mut this.awaited);
        let ended = iter::zip(sink.ways(), awaited).map(|(way, awaited)| {
            let outcome = match this.kind {
                Kind::Flush => way.pipeline.end_flush(awaited, now),
                Kind::Shutdown => way.pipeline.end_shutdown(awaited, now),
            };
            (way, outcome)
        });
        Poll::Ready(result(ended.collect()))
    }
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        let sink = self.sink.as_ref().filter(|sink| sink.is_of_this_process());
        let Some(sink) = sink else { return };
        self.timers.iter().for_each(AbortHandle::abort);
        for (way, awaited) in iter::zip(sink.ways(), &self.awaited) {
            way.pipeline.queue.forget(*awaited);
        }
    }
}
