//! What does the span of a request say?

use std::future::Future;
use std::mem;
use std::panic::Location;

use ::reqwest::{Error, Request, Response, Url};
use opentelemetry::trace::SpanKind;

use super::Sending;
use crate::call::causes::Facts;
use crate::call::outcome::Failure;
use crate::call::start::Start;
use crate::context::Outbound;
use crate::context::outbound::Target;
use crate::instrumentation::http::host::Server;
use crate::instrumentation::http::unanswered::with_kind;
use crate::instrumentation::http::{method, protocol_version, status, url};
use crate::instrumentation::operating::{Ending, Operating};
use crate::instrumentation::operation::Operation;
use crate::span::callsite::Callsite;
use crate::span::value::Value;

static CLIENT: Callsite = Callsite::of_layer(
    || "otel_runtime::reqwest::client",
    Location::caller(),
    "otel_runtime::reqwest",
    SpanKind::Client,
)
.name("HTTP");

impl Sending {
    /// Sends the request by `send`, in its span. `resent` is how often it was sent before.
    pub(super) async fn traced<F, E>(
        &self,
        mut request: Request,
        resent: u32,
        send: impl FnOnce(Request) -> F,
    ) -> Result<Response, E>
    where
        F: Future<Output = Result<Response, E>>,
        E: Described,
    {
        let mut operation =
            Operation::start(&CLIENT, |start| self.describe(start, &request, resent));
        let mut headers = mem::take(request.headers_mut());
        let outbound = self.outbound.as_ref().unwrap_or_else(|| Outbound::of_process());
        outbound.inject(&operation.context(), target(request.url()), &mut headers);
        *request.headers_mut() = headers;
        let future = operation.run(|| send(request));
        Operating::new(future, operation, Answered).await
    }

    fn describe(&self, start: &mut Start, request: &Request, resent: u32) {
        let known = method::known(&SpanKind::Client, request.method());
        start.name(method::span_name(known, self.template.as_deref()));
        method::set(start, request.method(), known);
        if let Some(template) = self.template.as_deref() {
            start.value("url.template", template);
        }
        let to = request.url();
        if let Some(host) = to.host_str() {
            let address = host.trim_start_matches('[').trim_end_matches(']');
            Server::new(address, to.port_or_known_default()).set(start);
        }
        start.value("url.full", &url::full(to.as_str()));
        if resent > 0 {
            start.value("http.request.resend_count", &i64::from(resent));
        }
    }
}

fn target(url: &Url) -> Target<'_> {
    Target {
        host: url.host_str().unwrap_or_default(),
        port: url.port_or_known_default(),
        query: url.query(),
    }
}

/// What becomes of the span once there is a response, or none.
struct Answered;

impl<E: Described> Ending<Result<Response, E>> for Answered {
    type Output = Result<Response, E>;

    fn end(
        &mut self,
        mut operation: Operation,
        output: Result<Response, E>,
    ) -> Result<Response, E> {
        match &output {
            Ok(response) => {
                if operation.is_recording() {
                    answer(&operation, response);
                }
                operation.end();
            }
            Err(error) => operation.end_failed(error.described()),
        }
        output
    }
}

fn answer(operation: &Operation, response: &Response) {
    status::set(operation, response.status(), &SpanKind::Client);
    if let Some(version) = protocol_version(response.version()) {
        operation.set("network.protocol.version", version);
    }
    if let Some(peer) = response.remote_addr() {
        operation.set("network.peer.address", peer.ip().to_canonical().to_string());
        operation.set("network.peer.port", i64::from(peer.port()));
    }
}

/// An error in place of a response.
pub(super) trait Described {
    /// What is recorded of it.
    fn described(&self) -> Failure<'_>;
}

impl Described for Error {
    fn described(&self) -> Failure<'_> {
        let failure = Failure::new(self, text(self)).about(Facts::Typed(self)).with_causes();
        with_kind(failure, Some(self))
    }
}

fn text(error: &Error) -> Value<'_> {
    match redacted(error, || error.to_string()) {
        Some(text) => Value::Owned(text.into()),
        None => Value::Display(error),
    }
}

/// The text of an error, with the secrets of the URL in it redacted; `None` if the URL holds none.
pub(super) fn redacted(error: &Error, text: impl FnOnce() -> String) -> Option<String> {
    let url = error.url()?.as_str();
    let recorded = url::full(url);
    (recorded != url).then(|| text().replace(url, &recorded))
}
