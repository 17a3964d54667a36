//! How does a client with middleware give each attempt a span?

use ::reqwest::{Request, Response};
use async_trait::async_trait;
use http::Extensions;
use reqwest_middleware::{Error, Next, Result};

use super::Sending;
use super::send::{Described, of_type, redacted};
use crate::call::causes::Facts;
use crate::call::outcome::Failure;
use crate::span::value::Value;

/// Gives each request that comes by a span, for [`reqwest_middleware`].
///
/// Inside a middleware that sends a request again, which is to say added after it, each attempt has a span of its
/// own, and those after the first say by `http.request.resend_count` how many came before.
///
/// ```no_run
/// use otel_runtime::reqwest::Middleware;
///
/// let client = reqwest_middleware::ClientBuilder::new(reqwest::Client::new())
///     // .with(a middleware that sends again)
///     .with(Middleware::default())
///     .build();
/// # drop(client);
/// ```
#[derive(Clone, Debug, Default)]
pub struct Middleware {
    sending: Sending,
}

impl From<Sending> for Middleware {
    fn from(sending: Sending) -> Middleware {
        Middleware { sending }
    }
}

/// How often a request has come by.
#[derive(Clone, Copy, Debug)]
struct Sent(u32);

#[async_trait]
impl reqwest_middleware::Middleware for Middleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let resent = extensions.get::<Sent>().map_or(0, |sent| sent.0);
        extensions.insert(Sent(resent.saturating_add(1)));
        self.sending.traced(request, resent, |request| next.run(request, extensions)).await
    }
}

impl Described for Error {
    fn described(&self) -> Failure<'_> {
        match self {
            Error::Reqwest(error) => error.described(),
            Error::Middleware(_) => {
                let facts = Facts::Typed(self);
                let Some(cause) = cause(self) else {
                    return Failure::new(self, Value::Display(self)).about(facts).with_causes();
                };
                // It tells the URL as a cause.
                let whole = || {
                    let mut text = self.to_string();
                    facts.add_causes(&mut text);
                    text
                };
                let text = redacted(cause, whole).unwrap_or_else(whole);
                of_type(Failure::new(self, Value::Owned(text.into())).about(facts), cause)
            }
        }
    }
}

/// The error of the request itself, which a middleware may have put into one of its own.
fn cause(error: &Error) -> Option<&::reqwest::Error> {
    match error {
        Error::Reqwest(error) => Some(error),
        Error::Middleware(error) => error.chain().find_map(|error| {
            error.downcast_ref().or_else(|| cause(error.downcast_ref::<Error>()?))
        }),
    }
}
