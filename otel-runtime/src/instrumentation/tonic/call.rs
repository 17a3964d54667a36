//! What becomes of a call?
//!
//! ```text
//! open ─┬─ the head says it all, or nothing follows it ─┐
//!       ├─ the trailers                                 │
//!       ├─ an error, a panic, nobody waits any more     ├─→ ended: what goes on, or is dropped, has its context
//!       └─ the head, of a method whose spans end there ─┘
//! ```

use std::sync::Arc;

use http::{HeaderMap, StatusCode, response};
use opentelemetry::Context;
use opentelemetry::trace::SpanKind;
use tonic::Code;

use super::deadline::Deadline;
use super::methods::{Evidence, Method, OTHER, UNNAMED};
use super::options::Options;
use super::status::{self, STATUS_CODE};
use crate::call::outcome;
use crate::context::current;
use crate::instrumentation::operation::Operation;

/// A call that has begun. Its span ends once, with whichever end comes first.
pub(super) struct Call {
    stage: Stage,
    /// The HTTP status of the reply, which counts if the reply has no gRPC status.
    http: StatusCode,
    /// Whether the reply has begun, without a status that would have ended it. Nobody but the method replies so.
    has_begun: bool,
}

enum Stage {
    Open(Operation, About),
    /// The span has ended, and what is left of the call runs, and is dropped, in its context.
    Ended(Context),
    /// There is neither a span nor a context.
    Nothing,
}

/// What is known of a call when it begins.
pub(super) struct About {
    pub(super) options: Arc<Options>,
    /// `None` without a span.
    pub(super) method: Option<Method>,
    pub(super) deadline: Deadline,
}

/// Why there is no reply, or no more of it, if that is not the status of a reply.
pub(super) struct Failure<'a> {
    pub(super) why: Why,
    /// The error, if it can be looked at.
    pub(super) error: Option<outcome::Failure<'a>>,
}

/// What an error stands for.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Why {
    Status(Code),
    /// It has no gRPC code.
    Type(&'static str),
}

impl Call {
    pub(super) fn new(operation: Operation, about: About) -> Call {
        Call { stage: Stage::Open(operation, about), http: StatusCode::OK, has_begun: false }
    }

    /// A call that is not traced: it has neither a span nor a context.
    pub(super) fn untraced() -> Call {
        Call { stage: Stage::Nothing, http: StatusCode::OK, has_begun: false }
    }

    /// Calls, polls or drops what belongs to the call, in its context.
    #[inline]
    pub(super) fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        match &mut self.stage {
            Stage::Open(operation, _) => operation.run_or(work, panicked),
            Stage::Ended(context) => {
                let _attached = current::attach(context.clone());
                work()
            }
            Stage::Nothing => work(),
        }
    }

    /// The head of the reply has come; `is_whole` if nothing follows it.
    pub(super) fn head(&mut self, head: &response::Parts, is_whole: bool) {
        self.http = head.status;
        let Stage::Open(operation, about) = &self.stage else { return };
        if operation.is_recording() {
            about.describe_reply(operation, &head.headers);
        }
        let ends_here = about.ends_at_head();
        match status::in_headers(&head.headers) {
            Some(code) => self.finish(code),
            // A proxy's page, say: nobody takes it for a stream of messages.
            None if is_whole || !status::may_follow(head) => self.without_trailers(),
            None => {
                self.has_begun = true;
                if ends_here {
                    self.finish(Code::Ok);
                }
            }
        }
    }

    pub(super) fn trailers(&mut self, trailers: &HeaderMap) {
        self.finish(status::in_headers(trailers).unwrap_or_else(|| status::of_http(self.http)));
    }

    /// The reply is over, and had no gRPC status.
    pub(super) fn without_trailers(&mut self) {
        self.finish(status::of_http(self.http));
    }

    pub(super) fn fail<'a>(&mut self, failure: impl FnOnce() -> Failure<'a>) {
        self.end(|operation, about, has_begun| {
            let Failure { why, error } = failure();
            let name = match why {
                Why::Status(code) => about.finish(operation, code, has_begun)?,
                Why::Type(name) => {
                    operation.set(STATUS_CODE, status::name(Code::Unknown));
                    operation.fail_as(name);
                    about.settle(operation, None, has_begun);
                    name
                }
            };
            Some(error?.of_type(name))
        });
    }

    /// Nobody waits any more. On a server whose caller's deadline is over, that is an error. Otherwise the call
    /// was cancelled, which is none.
    pub(super) fn abandon(&mut self) {
        self.end(|operation, about, has_begun| {
            if about.options.kind == SpanKind::Server && about.deadline.is_over() {
                about.finish(operation, Code::DeadlineExceeded, has_begun);
            } else {
                operation.set(STATUS_CODE, status::name(Code::Cancelled));
                operation.cancel();
                about.settle(operation, Some(Code::Cancelled), has_begun);
            }
            None
        });
    }

    fn finish(&mut self, code: Code) {
        self.end(|operation, about, has_begun| {
            about.finish(operation, code, has_begun);
            None
        });
    }

    /// Ends the span; if `tell` returns an error, with an exception event.
    fn end<'a>(
        &mut self,
        tell: impl FnOnce(&Operation, &About, bool) -> Option<outcome::Failure<'a>>,
    ) {
        let Stage::Open(operation, about) = &mut self.stage else { return };
        let context = operation.is_open().then(|| operation.context());
        match tell(operation, about, self.has_begun) {
            Some(failure) => operation.end_failed(failure),
            None => operation.end(),
        }
        // Without a span and without a caller, or after a panic, there is nothing to run in.
        self.stage = context.map_or(Stage::Nothing, Stage::Ended);
    }
}

/// By gRPC's [list of codes](https://grpc.github.io/grpc/core/md_doc_statuscodes.html), a method that throws has
/// ended as `UNKNOWN`.
#[cold]
fn panicked(operation: &Operation) {
    operation.set(STATUS_CODE, status::name(Code::Unknown));
}

impl About {
    /// Sets the code, and returns its name if it is an error.
    fn finish(&self, operation: &Operation, code: Code, has_begun: bool) -> Option<&'static str> {
        // When its time limit is over, a tonic server replies `Cancelled`.
        let is_late = code == Code::Cancelled && self.deadline.is_over();
        let code = if is_late { Code::DeadlineExceeded } else { code };
        let name = status::name(code);
        operation.set(STATUS_CODE, name);
        let is_error = status::is_error(&self.options.kind, code);
        if is_error {
            operation.fail_as(name);
        }
        self.settle(operation, Some(code), has_begun);
        is_error.then_some(name)
    }

    /// Renames the span to `grpc` if it may not have the name that its caller asked for.
    fn settle(&self, operation: &Operation, code: Option<Code>, has_begun: bool) {
        let evidence = match code {
            // A client's stub has a fixed list of methods, so its names are kept even if the server lacks them.
            _ if self.options.kind == SpanKind::Client || has_begun => Evidence::Exists,
            Some(Code::Ok) => Evidence::Exists,
            Some(Code::Unimplemented) => Evidence::Missing,
            _ => Evidence::None,
        };
        if let Some(Method::Named(name)) = &self.method
            && !self.options.methods.keep(name, evidence)
        {
            operation.rename(UNNAMED);
            operation.set("rpc.method", OTHER);
            operation.set("rpc.method_original", name.clone());
        }
    }

    fn describe_reply(&self, operation: &Operation, headers: &HeaderMap) {
        let chosen = self.options.response_metadata.iter();
        for metadata in chosen.filter(|it| self.options.may_record(it)) {
            if let Some(values) = metadata.values(headers) {
                operation.set(metadata.key, values);
            }
        }
    }

    fn ends_at_head(&self) -> bool {
        let Some(Method::Named(name)) = &self.method else { return false };
        self.options.ends_at_head(name)
    }
}
