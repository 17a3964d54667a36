//! When has a response been handed over?

use std::fmt::{self, Display};
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Buf;
use http::Response;
use http::header::CONTENT_LENGTH;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use crate::instrumentation::failure::failure;
use crate::instrumentation::operation::Operation;

pin_project! {
    /// The body of a response. The request's span is current while the body is polled, and ends with it.
    ///
    /// It ends when the last frame has been taken, by an error, or when the body is dropped: as a success if
    /// all of it was taken, and otherwise as cancelled.
    pub struct TracedBody<B: Body> {
        #[pin]
        inner: B,
        sent: Sent,
        // Dropped after the body, whose parts are destroyed inside its span.
        operation: Operation,
    }

    impl<B: Body> PinnedDrop for TracedBody<B> {
        fn drop(this: Pin<&mut Self>) {
            let this = this.project();
            if this.operation.is_open() {
                this.sent.dropped(this.operation, this.inner.is_end_stream());
            }
        }
    }
}

/// How much of a body has been taken.
#[derive(Debug)]
struct Sent {
    bytes: u64,
    /// How many bytes there are, if that is known beforehand.
    all: Option<u64>,
    /// Whether `http.response.body.size` is to be recorded.
    is_recorded: bool,
}

impl Sent {
    fn dropped(&self, operation: &mut Operation, is_end: bool) {
        if is_end || self.all.is_some_and(|all| self.bytes >= all) {
            self.record(operation);
        } else {
            operation.cancel();
        }
        operation.leave();
    }

    fn end(&self, operation: &mut Operation) {
        self.record(operation);
        operation.end();
    }

    fn record(&self, operation: &Operation) {
        if self.is_recorded {
            let bytes = i64::try_from(self.bytes).unwrap_or(i64::MAX);
            operation.set("http.response.body.size", bytes);
        }
    }
}

impl<B: Body> TracedBody<B> {
    /// The response, with its body in `operation` if that has not ended.
    pub(super) fn of(
        response: Response<B>,
        operation: Operation,
        is_recorded: bool,
    ) -> Response<TracedBody<B>> {
        let (parts, inner) = response.into_parts();
        let declared = || parts.headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok();
        let all =
            if operation.is_open() { inner.size_hint().exact().or_else(declared) } else { None };
        let sent = Sent { bytes: 0, all, is_recorded };
        Response::from_parts(parts, TracedBody { inner, sent, operation })
    }
}

impl<B> Body for TracedBody<B>
where
    B: Body<Error: Display + 'static>,
{
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, B::Error>>> {
        let this = self.project();
        let mut inner = this.inner;
        let poll = this.operation.run(|| inner.as_mut().poll_frame(task));
        if this.operation.is_open() {
            match &poll {
                Poll::Pending => {}
                Poll::Ready(None) => this.sent.end(this.operation),
                Poll::Ready(Some(Ok(frame))) => {
                    let bytes = frame.data_ref().map_or(0, |data| data.remaining() as u64);
                    this.sent.bytes = this.sent.bytes.saturating_add(bytes);
                    if inner.is_end_stream() {
                        this.sent.end(this.operation);
                    }
                }
                Poll::Ready(Some(Err(error))) => this.operation.end_failed(failure(error)),
            }
        }
        poll
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}

impl<B: Body + Default> Default for TracedBody<B> {
    /// A body that belongs to no request: layers that answer by themselves make such bodies.
    fn default() -> Self {
        let sent = Sent { bytes: 0, all: None, is_recorded: false };
        TracedBody { inner: B::default(), sent, operation: Operation::default() }
    }
}

impl<B: Body + fmt::Debug> fmt::Debug for TracedBody<B> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedBody").field("inner", &self.inner).finish_non_exhaustive()
    }
}
