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
use super::together::{Delivery, after, result};
use crate::error::ShutdownError;

/// What is awaited.
#[derive(Clone, Copy)]
enum Kind {
    Flush,
    Shutdown,
}

/// A flush or a shutdown of all pipelines, which has begun. If it is dropped, a shutdown goes on, and
/// what a flush would tell is told by the next.
pub(crate) struct Awaiting {
    sink: Sink,
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
        let awaited = self.ways().map(|way| begin(way, deadline)).collect();
        let timers = self.ways().map(|way| way.pipeline.wake_at(deadline)).collect();
        Awaiting { sink: self.clone(), kind, awaited, deadline, timers }
    }
}

impl Future for Awaiting {
    type Output = Result<Delivery, ShutdownError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let mut are_over = true;
        for (way, awaited) in iter::zip(this.sink.ways(), &this.awaited) {
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
        let ended = iter::zip(this.sink.ways(), awaited).map(|(way, awaited)| {
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
        self.timers.iter().for_each(AbortHandle::abort);
        for (way, awaited) in iter::zip(self.sink.ways(), &self.awaited) {
            way.pipeline.queue.forget(*awaited);
        }
    }
}
