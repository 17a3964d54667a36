//! How is a call followed to its end?

use std::fmt;
use std::marker::PhantomData;
use std::pin::Pin;
use std::task::{Context as TaskContext, Poll, ready};

use http::Response;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

use super::call::Call;
use super::failure::{CallOf, End};

pin_project! {
    /// The reply to a call, while it is awaited.
    pub struct ReplyFuture<F, X> {
        // `None` once it is done: the future is then dropped while the call's context is current.
        #[pin]
        future: Option<F>,
        call: Option<Call>,
        end: PhantomData<fn() -> X>,
    }

    impl<F, X> PinnedDrop for ReplyFuture<F, X> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            if let Some(mut call) = this.call.take() {
                call.run(|| this.future.set(None));
                call.abandon();
            }
        }
    }
}

impl<F, X> ReplyFuture<F, X> {
    pub(super) fn new(future: F, call: Call) -> Self {
        ReplyFuture { future: Some(future), call: Some(call), end: PhantomData }
    }
}

impl<F, B, E, X> Future for ReplyFuture<F, X>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
    X: End<E>,
{
    type Output = Result<Response<TracedBody<B, X>>, X::Error>;

    fn poll(self: Pin<&mut Self>, task: &mut TaskContext<'_>) -> Poll<Self::Output> {
        let mut this = self.project();
        let call = this.call.as_mut().expect("a future is not polled after it is done");
        let output = ready!(call.run(|| {
            let future = this.future.as_mut().as_pin_mut();
            let output = future.expect("a future is not polled after it is done").poll(task);
            if output.is_ready() {
                this.future.set(None);
            }
            output
        }));
        let mut call = this.call.take().expect("it was there");
        Poll::Ready(match output {
            Ok(response) => {
                let (head, body) = response.into_parts();
                call.head(&head, body.is_end_stream());
                Ok(Response::from_parts(head, TracedBody::new(body, call)))
            }
            Err(error) => Err(X::fail(&mut CallOf(&mut call), error)),
        })
    }
}

pin_project! {
    /// The body of a reply, up to its trailers.
    pub struct TracedBody<B, X> {
        // `None` once it is dropped, while the call's context is current.
        #[pin]
        body: Option<B>,
        call: Call,
        end: PhantomData<fn() -> X>,
    }

    impl<B, X> PinnedDrop for TracedBody<B, X> {
        fn drop(this: Pin<&mut Self>) {
            let mut this = this.project();
            this.call.run(|| this.body.set(None));
            this.call.abandon();
        }
    }
}

impl<B, X> TracedBody<B, X> {
    fn new(body: B, call: Call) -> Self {
        TracedBody { body: Some(body), call, end: PhantomData }
    }
}

impl<B: Body, X: End<B::Error>> Body for TracedBody<B, X> {
    type Data = B::Data;
    type Error = X::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        task: &mut TaskContext<'_>,
    ) -> Poll<Option<Result<Frame<B::Data>, X::Error>>> {
        let mut this = self.project();
        let Some(mut body) = this.body.as_mut().as_pin_mut() else { return Poll::Ready(None) };
        let frame = ready!(this.call.run(|| body.as_mut().poll_frame(task)));
        Poll::Ready(match frame {
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    this.call.trailers(trailers);
                } else if body.is_end_stream() {
                    this.call.without_trailers();
                }
                Some(Ok(frame))
            }
            Some(Err(error)) => Some(Err(X::fail(&mut CallOf(this.call), error))),
            None => {
                this.call.without_trailers();
                None
            }
        })
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B: Default, X> Default for TracedBody<B, X> {
    /// A body that belongs to no call.
    fn default() -> Self {
        TracedBody::new(B::default(), Call::untraced())
    }
}

impl<F, X> fmt::Debug for ReplyFuture<F, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReplyFuture").finish_non_exhaustive()
    }
}

impl<B: fmt::Debug, X> fmt::Debug for TracedBody<B, X> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("TracedBody").field("body", &self.body).finish_non_exhaustive()
    }
}
