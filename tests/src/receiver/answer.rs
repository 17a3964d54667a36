//! What does a backend answer, when it does not just take everything?

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body_util::Full;
use hyper::Response;
use hyper::body::{Body, Bytes, Frame};
use hyper::header::{HeaderName, HeaderValue};
use opentelemetry_proto::tonic::collector::trace::v1::{
    ExportTracePartialSuccess, ExportTraceServiceResponse,
};
use tokio::time::Interval;

/// An answer to one request.
#[derive(Clone, Debug)]
pub enum Answer {
    /// All spans are taken, but for so many.
    Taken {
        /// How many spans are refused.
        rejected: i64,
        /// What is said about it.
        why: String,
    },
    /// A status of HTTP, with headers and a body.
    Http(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// A status of HTTP, with a body of so many MiB that never ends; by gRPC, a message of so many.
    Huge(u16, usize),
    /// All is well, in a body that comes byte by byte and has no end.
    Dripping,
    /// A status of gRPC.
    Grpc(tonic::Status),
    /// Just this.
    Raw(Raw),
}

/// A reply that is written by hand.
#[derive(Clone, Debug)]
pub struct Raw {
    /// The status of HTTP.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(&'static str, Vec<u8>)>,
    /// The body, or the beginning of it.
    pub body: Vec<u8>,
    /// What comes after that.
    pub end: End,
}

/// How a reply ends.
#[derive(Clone, Debug)]
pub enum End {
    /// As it should.
    Whole,
    /// With these trailers.
    Trailers(Vec<(&'static str, Vec<u8>)>),
    /// The connection, or the stream, breaks.
    Broken,
    /// Never.
    Silent,
}

impl End {
    /// With these trailers.
    #[must_use]
    pub fn trailers<V: AsRef<[u8]>>(trailers: impl IntoIterator<Item = (&'static str, V)>) -> Self {
        End::Trailers(owned(trailers))
    }
}

fn owned<V: AsRef<[u8]>>(
    headers: impl IntoIterator<Item = (&'static str, V)>,
) -> Vec<(&'static str, Vec<u8>)> {
    headers.into_iter().map(|(name, value)| (name, value.as_ref().to_owned())).collect()
}

impl Raw {
    /// All is well, says the status of HTTP.
    #[must_use]
    pub fn new<V: AsRef<[u8]>>(
        headers: impl IntoIterator<Item = (&'static str, V)>,
        body: &[u8],
        end: End,
    ) -> Self {
        Raw { status: 200, headers: owned(headers), body: body.to_owned(), end }
    }

    /// What gRPC begins with.
    #[must_use]
    pub fn grpc(body: &[u8], end: End) -> Self {
        Raw::new([("content-type", "application/grpc")], body, end)
    }

    pub(super) fn response(self) -> Response<Reply> {
        let mut response = Response::builder().status(self.status);
        for (name, value) in &self.headers {
            response = response.header(*name, value.as_slice());
        }
        let reply = Reply::Raw((!self.body.is_empty()).then(|| self.body.into()), self.end, 10);
        response.body(reply).expect("a status and headers")
    }
}

impl From<Raw> for Answer {
    fn from(raw: Raw) -> Self {
        Answer::Raw(raw)
    }
}

impl From<u16> for Answer {
    fn from(status: u16) -> Self {
        Answer::Http(status, Vec::new(), Vec::new())
    }
}

/// The answers to the next requests; then, it is all right.
#[derive(Clone)]
pub(super) struct Answers(Arc<Mutex<VecDeque<Answer>>>);

impl Answers {
    pub(super) fn new(answers: impl IntoIterator<Item = Answer>) -> Self {
        Answers(Arc::new(Mutex::new(answers.into_iter().collect())))
    }

    pub(super) fn next(&self) -> Answer {
        let next = self.0.lock().unwrap_or_else(PoisonError::into_inner).pop_front();
        next.unwrap_or(Answer::Taken { rejected: 0, why: String::new() })
    }
}

/// The reply of a backend that took spans.
pub(super) fn response(rejected_spans: i64, error_message: String) -> ExportTraceServiceResponse {
    let partial = ExportTracePartialSuccess { rejected_spans, error_message };
    let partial_success = (partial != ExportTracePartialSuccess::default()).then_some(partial);
    ExportTraceServiceResponse { partial_success }
}

/// The body of a reply by HTTP.
pub(super) enum Reply {
    Whole(Full<Bytes>),
    /// So many more of the same, and no end.
    Long(Bytes, usize),
    Dripping(Interval),
    /// With how many turns others have before the end, so that what was written goes out.
    Raw(Option<Bytes>, End, usize),
}

impl Reply {
    pub(super) fn whole(bytes: Vec<u8>) -> Self {
        Reply::Whole(Full::from(bytes))
    }

    pub(super) fn huge(mebibytes: usize) -> Self {
        Reply::Long(vec![b'x'; 1024 * 1024].into(), mebibytes)
    }

    pub(super) fn dripping() -> Self {
        Reply::Dripping(tokio::time::interval(Duration::from_millis(5)))
    }
}

impl Body for Reply {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let chunk = match self.get_mut() {
            Reply::Whole(whole) => {
                return Pin::new(whole).poll_frame(cx).map_err(|never| match never {});
            }
            Reply::Raw(body, end, turns) => match (body.take(), *turns) {
                (Some(body), _) => body,
                (None, 0) => return end.poll_frame(),
                (None, _) => {
                    *turns -= 1;
                    cx.waker().wake_by_ref();
                    return Poll::Pending;
                }
            },
            Reply::Long(_, 0) => return Poll::Pending,
            Reply::Long(chunk, left) => {
                *left -= 1;
                chunk.clone()
            }
            Reply::Dripping(interval) => {
                ready!(interval.poll_tick(cx));
                Bytes::from_static(b"\0")
            }
        };
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

impl End {
    fn poll_frame(&mut self) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        match std::mem::replace(self, End::Whole) {
            End::Whole => Poll::Ready(None),
            End::Trailers(trailers) => {
                let trailers = trailers.into_iter().map(|(name, value)| {
                    let value = HeaderValue::from_bytes(&value).expect("a value");
                    (HeaderName::from_static(name), value)
                });
                Poll::Ready(Some(Ok(Frame::trailers(trailers.collect()))))
            }
            End::Broken => Poll::Ready(Some(Err(io::ErrorKind::BrokenPipe.into()))),
            End::Silent => {
                *self = End::Silent;
                Poll::Pending
            }
        }
    }
}
