//! How does a client with middleware give each attempt a span?

use std::sync::{Arc, Mutex};

use ::reqwest::{Request, Response};
use async_trait::async_trait;
use http::Extensions;
use reqwest_middleware::{Error, Next, Result};

use super::Sending;
use super::send::{Described, redacted};
use crate::call::causes::Facts;
use crate::call::outcome::Failure;
use crate::instrumentation::http::unanswered::with_kind;
use crate::process::lock::lock;
use crate::span::value::Value;

/// Gives each request that goes through it a span, for [`reqwest_middleware`].
///
/// Added after a middleware that retries, it gives each attempt a span of its own. From the second attempt on,
/// `http.request.resend_count` says how many attempts came before. Several of them in one client count each for
/// itself.
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

/// How often a request has gone through each middleware of ours in its client, in its extensions. Shared by their
/// copies, since what sends a request again may give each attempt a copy. (If nothing of ours is around that, the
/// copies have nothing to share, and each attempt looks like the first.)
#[derive(Clone, Debug, Default)]
struct Sent(Arc<Mutex<Vec<Passed>>>);

#[derive(Debug)]
struct Passed {
    /// The address of the middleware, which stays where it is in its client.
    middleware: usize,
    times: u32,
}

impl Sent {
    /// How often the request has gone through this middleware before.
    fn count(&self, middleware: &Middleware) -> u32 {
        let middleware = std::ptr::from_ref(middleware).addr();
        let Some(mut all) = lock(&self.0) else { return 0 };
        if let Some(passed) = all.iter_mut().find(|passed| passed.middleware == middleware) {
            let before = passed.times;
            passed.times = before.saturating_add(1);
            return before;
        }
        all.push(Passed { middleware, times: 1 });
        0
    }
}

#[async_trait]
impl reqwest_middleware::Middleware for Middleware {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let resent = extensions.get_or_insert_default::<Sent>().count(self);
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
                // The error's cause has the URL in its text.
                let whole = || {
                    let mut text = self.to_string();
                    facts.add_causes(&mut text);
                    text
                };
                let text = redacted(cause, whole).unwrap_or_else(whole);
                with_kind(Failure::new(self, Value::Owned(text.into())).about(facts), Some(cause))
            }
        }
    }
}

/// The error of reqwest, which a middleware may have wrapped in an error of its own.
fn cause(error: &Error) -> Option<&::reqwest::Error> {
    match error {
        Error::Reqwest(error) => Some(error),
        Error::Middleware(error) => error.chain().find_map(|error| {
            error.downcast_ref().or_else(|| cause(error.downcast_ref::<Error>()?))
        }),
    }
}
