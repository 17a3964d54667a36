//! What becomes of a call?
//!
//! ```text
//! open ─┬─ the head says it all, or nothing follows it ─┐
//!       ├─ the trailers ────────────────────────────────┼─→ over
//!       ├─ an error, a panic, nobody waits any more ────┘
//!       └─ the head, of a method whose spans end there ───→ established: the context stays
//! ```

use std::mem;
use std::sync::Arc;

use http::{HeaderMap, StatusCode, response};
use opentelemetry::Context;
use opentelemetry::trace::SpanKind;
use tonic::Code;

use super::deadline::Deadline;
use super::methods::{Method, OTHER, UNNAMED};
use super::options::Options;
use super::status::{self, STATUS_CODE};
use crate::context::current;
use crate::instrumentation::operation::Operation;

/// A call that has begun. Its span ends once, with whichever end comes first.
pub(super) struct Call {
    stage: Stage,
    /// The HTTP status of the reply, which counts if the reply has no gRPC status.
    http: StatusCode,
}

enum Stage {
    Open(Operation, About),
    /// The span has ended, and what goes on runs in its context.
    Established(Context),
    Over,
}

/// What is known of a call when it begins.
pub(super) struct About {
    pub(super) options: Arc<Options>,
    /// `None` without a span.
    pub(super) method: Option<Method>,
    pub(super) deadline: Deadline,
}

/// Why there is no reply, or no more of it.
pub(super) enum Failure {
    Status(Code),
    /// An error that has no gRPC code.
    Type(&'static str),
}

impl Call {
    pub(super) fn new(operation: Operation, about: About) -> Call {
        Call { stage: Stage::Open(operation, about), http: StatusCode::OK }
    }

    /// A call that is over, and has no span or context left.
    pub(super) fn over() -> Call {
        Call { stage: Stage::Over, http: StatusCode::OK }
    }

    /// Calls, polls or drops what belongs to the call, in its context.
    #[inline]
    pub(super) fn run<R>(&mut self, work: impl FnOnce() -> R) -> R {
        match &mut self.stage {
            Stage::Open(operation, _) => operation.run(work),
            Stage::Established(context) => {
                let _attached = current::attach(context.clone());
                work()
            }
            Stage::Over => work(),
        }
    }

    /// The head of the reply has come; `is_whole` if nothing follows it.
    pub(super) fn head(&mut self, head: &response::Parts, is_whole: bool) {
        self.http = head.status;
        let Stage::Open(operation, about) = &self.stage else { return };
        for metadata in
            about.options.response_metadata.iter().filter(|it| about.options.may_record(it))
        {
            if let Some(values) = metadata.values(&head.headers) {
                operation.set(metadata.key, values);
            }
        }
        match status::in_headers(&head.headers) {
            Some(code) => self.finish(code),
            None if is_whole => self.without_trailers(),
            None if about.ends_at_head() => self.establish(),
            None => {}
        }
    }

    pub(super) fn trailers(&mut self, trailers: &HeaderMap) {
        self.finish(status::in_headers(trailers).unwrap_or_else(|| status::of_http(self.http)));
    }

    /// The reply is over, and had no gRPC status.
    pub(super) fn without_trailers(&mut self) {
        self.finish(status::of_http(self.http));
    }

    pub(super) fn fail(&mut self, failure: &Failure) {
        match failure {
            Failure::Status(code) => self.finish(*code),
            Failure::Type(name) => self.end(|operation, about| {
                operation.fail_as(*name);
                about.settle(operation, None);
            }),
        }
    }

    /// Nobody waits any more. On a server whose caller's deadline is over, that is an error. Otherwise the call
    /// was cancelled, which is none.
    pub(super) fn abandon(&mut self) {
        self.end(|operation, about| {
            if about.options.kind == SpanKind::Server && about.deadline.is_over() {
                return about.finish(operation, Code::DeadlineExceeded);
            }
            operation.set(STATUS_CODE, status::name(Code::Cancelled));
            operation.cancel();
            about.settle(operation, None);
        });
    }

    #[inline]
    pub(super) fn is_open(&self) -> bool {
        matches!(self.stage, Stage::Open(..))
    }

    fn finish(&mut self, code: Code) {
        self.end(|operation, about| about.finish(operation, code));
    }

    fn end(&mut self, tell: impl FnOnce(&Operation, &About)) {
        if self.is_open()
            && let Stage::Open(mut operation, about) = mem::replace(&mut self.stage, Stage::Over)
        {
            tell(&operation, &about);
            operation.end();
        }
    }

    fn establish(&mut self) {
        let mut context = None;
        self.end(|operation, about| {
            about.settle(operation, None);
            context = Some(operation.context());
        });
        self.stage = context.map_or(Stage::Over, Stage::Established);
    }
}

impl About {
    fn finish(&self, operation: &Operation, code: Code) {
        // When its time limit is over, a tonic server replies `Cancelled`.
        let is_late = code == Code::Cancelled && self.deadline.is_over();
        let code = if is_late { Code::DeadlineExceeded } else { code };
        let name = status::name(code);
        operation.set(STATUS_CODE, name);
        if status::is_error(&self.options.kind, code) {
            operation.fail_as(name);
        }
        self.settle(operation, Some(code));
    }

    /// Renames the span to `grpc` if the server has no method of that name.
    fn settle(&self, operation: &Operation, code: Option<Code>) {
        // A client's stub has a fixed list of methods, so its names are kept even if the server lacks them.
        let code = if self.options.kind == SpanKind::Server { code } else { None };
        if let Some(Method::Named(name)) = &self.method
            && !self.options.methods.keep(name, code)
        {
            operation.rename(UNNAMED);
            operation.set("rpc.method", OTHER);
            operation.set("rpc.method_original", name.clone());
        }
    }

    fn ends_at_head(&self) -> bool {
        let Some(Method::Named(name)) = &self.method else { return false };
        self.options.ends_at_head(name)
    }
}
