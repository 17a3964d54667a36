//! Spans of requests that [reqwest](https://docs.rs/reqwest) sends.
//!
//! ```no_run
//! use otel_runtime::reqwest::RequestBuilderExt;
//! # use otel_runtime::traced;
//!
//! #[traced]
//! async fn stock(http: &reqwest::Client, item: &str) -> reqwest::Result<String> {
//!     let response = http.get(format!("http://warehouse/stock/{item}")).send_traced().await?;
//!     response.error_for_status()?.text().await
//! }
//! ```
//!
//! | | |
//! | --- | --- |
//! | one span a send | [`send_traced`](RequestBuilderExt::send_traced), [`execute_traced`](ClientExt::execute_traced) |
//! | with the URL's template, other hosts | [`Sending`] |
//! | one span an attempt, inside a middleware that sends a request again | `Middleware` (feature `reqwest-middleware`) |
//!
//! # The span
//!
//! By the [conventions for HTTP clients](https://opentelemetry.io/docs/specs/semconv/http/http-spans/#http-client-span),
//! version 1.44. It is named after the method, and the URL's template where that is known. Its context is sent in
//! the request's headers, and it ends with the head of the response, which is returned as it is.
//!
//! | | |
//! | --- | --- |
//! | from the request | `http.request.method` (and `_original`), `server.address`, `server.port`, `url.full` without passwords and signatures, `url.template` |
//! | from the response | `http.response.status_code`, `network.protocol.version`, `network.peer.address`, `network.peer.port`; for 4xx and 5xx status error and `error.type` |
//! | no response | status error, an `exception` event, and as `error.type` `timeout`, `connection_error` (no such host, nobody listens, no TLS, the peer has hung up), or the type of the error |
//! | nobody waits any more | `traced.outcome = cancelled`; no error |
//!
//! A request that cannot be built is not sent, and has no span.
//!
//! # Headers
//!
//! Each of `traceparent`, `tracestate` and `baggage` is sent once, with the value of the span, or not at all; values
//! that the request had before are replaced. [`Outbound`](crate::context::Outbound) says which hosts are sent them. A
//! header that a signature of the request covers, such as AWS's, is left as it is; its receiver then continues the
//! span that the header names.
//!
//! # Redirects
//!
//! reqwest follows a redirect inside the one span and with the same headers, even to a host that would not be sent
//! them otherwise. With [`redirect_policy`] it does not follow such a redirect.
//!
//! # Filter
//!
//! [`filter`](crate::filter) knows these spans as `otel_runtime::reqwest::client`, at the level `info`. Below the
//! filter the caller's trace is still passed on.

#[cfg(feature = "reqwest-middleware")]
mod middleware;
mod redirect;
mod send;

use std::borrow::Cow;
use std::future::Future;

use ::reqwest::{Client, Request, RequestBuilder, Response, Result};

#[cfg(feature = "reqwest-middleware")]
pub use middleware::Middleware;
pub use redirect::redirect_policy;

use crate::context::Outbound;

/// `.send_traced()`
pub trait RequestBuilderExt {
    /// Sends the request as `send` does, with a span: see [the module](self).
    ///
    /// The span begins when the future is polled first.
    ///
    /// # Errors
    ///
    /// Those of `send`.
    fn send_traced(self) -> impl Future<Output = Result<Response>> + Send;
}

impl RequestBuilderExt for RequestBuilder {
    fn send_traced(self) -> impl Future<Output = Result<Response>> + Send {
        PLAIN.send(self)
    }
}

/// `.execute_traced(request)`
pub trait ClientExt {
    /// Executes the request as `execute` does, with a span: see [the module](self).
    ///
    /// # Errors
    ///
    /// Those of `execute`.
    fn execute_traced(&self, request: Request) -> impl Future<Output = Result<Response>> + Send;
}

impl ClientExt for Client {
    fn execute_traced(&self, request: Request) -> impl Future<Output = Result<Response>> + Send {
        PLAIN.execute(self, request)
    }
}

/// What to tell about requests beside what they contain, such as the template of their URL.
///
/// ```no_run
/// # async fn f(http: &reqwest::Client, item: &str) -> reqwest::Result<()> {
/// use otel_runtime::reqwest::Sending;
///
/// let sending = Sending::new().template("/stock/{item}");
/// let response = sending.send(http.get(format!("http://warehouse/stock/{item}"))).await?;
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug, Default)]
#[must_use = "nothing is sent by itself"]
pub struct Sending {
    template: Option<Cow<'static, str>>,
    outbound: Option<Outbound>,
}

/// The defaults, for requests that are sent without a [`Sending`].
static PLAIN: Sending = Sending { template: None, outbound: None };

impl Sending {
    /// With all defaults.
    pub fn new() -> Sending {
        Sending::default()
    }

    /// The template that the path was made of, such as `/stock/{item}`, for the span's name and `url.template`.
    /// There must be few templates. Default: none.
    pub fn template(mut self, template: impl Into<Cow<'static, str>>) -> Sending {
        self.template = Some(template.into());
        self
    }

    /// Which hosts are sent trace context and baggage. Default: what
    /// [`set_outbound`](crate::context::set_outbound) says.
    pub fn outbound(mut self, outbound: Outbound) -> Sending {
        self.outbound = Some(outbound);
        self
    }

    /// Sends the request as [`send_traced`](RequestBuilderExt::send_traced).
    ///
    /// # Errors
    ///
    /// Those of `send`.
    pub async fn send(&self, request: RequestBuilder) -> Result<Response> {
        let (client, request) = request.build_split();
        self.execute(&client, request?).await
    }

    /// As [`execute_traced`](ClientExt::execute_traced).
    ///
    /// # Errors
    ///
    /// Those of `execute`.
    pub async fn execute(&self, client: &Client, request: Request) -> Result<Response> {
        self.traced(request, 0, |request| client.execute(request)).await
    }
}
