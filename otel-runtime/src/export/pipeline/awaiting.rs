//! How is a flush or a shutdown awaited, by whatever executor?
//!
//! The queues wake the task that awaits it when something has changed, and a timer of the export
//! thread's runtime wakes it when the time is over. So it blocks no executor, and needs no timers of
//! one.

use std::iter;
use std::pin::Pin;
use std::task::{Context, Poll};
use std::time::{Duration, Instant};

use tokio::task::AbortHandle;

use super::destination::Destination;
use super::flush_all::{after, refused, result};
use super::handle::PipelineHandle;
use super::queue::Awaited;
use super::undelivered::{Delivery, ShutdownError};

/// Whether it is a flush or a shutdown.
#[derive(Clone, Copy)]
enum Kind {
    Flush,
    Shutdown,
}

/// A flush or a shutdown of all exporters, which has begun. If it is dropped, a shutdown goes on; what
/// a flush would report is left to the next one.
pub(crate) struct Awaiting {
    /// `None` in a forked child, where there is no export thread to wait for.
    handle: Option<PipelineHandle>,
    kind: Kind,
    /// For each exporter, in order, what it waits for.
    awaited: Vec<Awaited>,
    deadline: Instant,
    timers: Vec<AbortHandle>,
}

impl PipelineHandle {
    pub(crate) fn flush_async(&self, time: Duration, decides: bool) -> Awaiting {
        self.awaiting(Kind::Flush, time, |it, _| it.begin_flush(decides))
    }

    pub(crate) fn shutdown_async(&self, time: Duration) -> Awaiting {
        self.awaiting(Kind::Shutdown, time, Destination::begin_shutdown)
    }

    fn awaiting(
        &self,
        kind: Kind,
        time: Duration,
        begin: impl Fn(&Destination, Instant) -> Awaited,
    ) -> Awaiting {
        let deadline = after(time);
        let handle = self.of_this_process();
        let destinations = handle.map_or(&[][..], PipelineHandle::destinations);
        let awaited = destinations.iter().map(|it| begin(it, deadline)).collect();
        let timers = destinations.iter().map(|it| it.wake_at(deadline)).collect();
        Awaiting { handle: handle.cloned(), kind, awaited, deadline, timers }
    }
}

impl Future for Awaiting {
    type Output = Result<Delivery, ShutdownError>;

    fn poll(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.get_mut();
        let handle = this.handle.as_ref().filter(|handle| handle.is_of_this_process());
        let Some(handle) = handle else { return Poll::Ready(refused()) };
        let mut are_over = true;
        for (Destination { queue, .. }, awaited) in iter::zip(handle.destinations(), &this.awaited)
        {
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
        let ended =
            iter::zip(handle.destinations(), awaited).map(|(it, awaited)| match this.kind {
                Kind::Flush => it.end_flush(awaited, now),
                Kind::Shutdown => it.end_shutdown(awaited, now),
            });
        Poll::Ready(result(ended.collect()).map(|delivery| handle.with_undecided(delivery)))
    }
}

impl Drop for Awaiting {
    fn drop(&mut self) {
        let handle = self.handle.as_ref().filter(|handle| handle.is_of_this_process());
        let Some(handle) = handle else { return };
        self.timers.iter().for_each(AbortHandle::abort);
        for (it, awaited) in iter::zip(handle.destinations(), &self.awaited) {
            it.queue.forget(*awaited);
        }
    }
}
