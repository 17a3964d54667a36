//! What does a backend answer, when it does not just take everything?

use std::collections::VecDeque;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};
use std::time::Duration;

use http_body_util::Full;
use hyper::body::{Body, Bytes, Frame};
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
    type Error = std::convert::Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Self::Error>>> {
        let chunk = match self.get_mut() {
            Reply::Whole(whole) => return Pin::new(whole).poll_frame(cx),
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
