//! How does a request get to the backend, and how much of the reply is waited for?
//!
//! By hyper, over connections that are made when they are needed. One that left a request without an
//! answer is not used again: its peer may have gone without a word.

use std::error::Error;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
#[cfg(feature = "otlp-http")]
use http::HeaderValue;
use http::Request;
use http::response::Parts;
use http::uri::Scheme;
use http_body_util::{BodyExt, Full};
#[cfg(feature = "otlp-grpc")]
use hyper::body::Frame;
use hyper::body::Incoming;
use hyper_rustls::HttpsConnector;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::{self, Client};
use hyper_util::rt::{TokioExecutor, TokioTimer};
use rustls::AlertDescription;
use tokio::time::{Instant, timeout_at};

use super::dial::{Dial, Route};
use super::failure::{Failure, causes};
use super::names::Names;
use super::stream::{Heard, Speech};
use super::version::Version;
use super::{mistakes, tls};
use crate::export::settings::Otlp;

/// How long a reply may take when it has begun: what it grants is granted.
const REST: Duration = Duration::from_secs(1);

/// How long a peer may be silent where an attempt may take any time: servers in Go let themselves be
/// asked that often.
#[cfg(feature = "otlp-grpc")]
const SILENCE: Duration = Duration::from_secs(5 * 60);

/// The largest reply that is read. A backend has little to say.
pub(super) const MAX_REPLY: usize = 4 * 1024 * 1024;

type Requests = Client<HttpsConnector<Dial>, Full<Bytes>>;

/// Where requests go. Follows no redirect: what is sent is not for whoever a server names.
pub(super) struct Connection {
    /// Put in place of another where that left a request without an answer.
    requests: Mutex<Requests>,
    connector: HttpsConnector<Dial>,
    route: Route,
    heard: Heard,
    /// Whether there ever was an answer.
    has_answered: AtomicBool,
    is_tls: bool,
    version: Version,
    /// Of one attempt.
    timeout: Duration,
}

impl Connection {
    /// Connects with the first request.
    pub(super) fn new(otlp: &Otlp, version: Version) -> Result<Self, String> {
        let mut tcp = HttpConnector::new_with_resolver(Names::default());
        // A connection that does not come about outlives the attempt that asked for it.
        tcp.set_connect_timeout(Some(otlp.timeout));
        tcp.set_nodelay(true);
        tcp.enforce_http(false);
        let mut tls = tls::config(otlp)?;
        tls.alpn_protocols = version.alpn();
        let (heard, timeout) = (Heard::default(), otlp.timeout);
        let route = route(otlp, version);
        let dial = Dial::new(tcp, route.clone(), heard.clone());
        let connector = HttpsConnector::from((dial, tls));
        let requests = Mutex::new(requests(&connector, version, timeout));
        let is_tls = otlp.endpoint.scheme() == Some(&Scheme::HTTPS);
        let has_answered = AtomicBool::new(false);
        Ok(Connection { requests, connector, route, heard, has_answered, is_tls, version, timeout })
    }

    /// What requests have to say to a proxy that sends them on.
    #[cfg(feature = "otlp-http")]
    pub(super) fn proxy_authorization(&self) -> Option<&HeaderValue> {
        match &self.route {
            Route::Forwarded(proxy) => proxy.authorization.as_ref(),
            Route::Direct | Route::Tunneled(_) => None,
        }
    }

    /// One attempt, up to the head of the reply.
    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Reply<'_>, Failure> {
        let trial = Trial { connection: self, is_answered: false };
        let began = Instant::now();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let reply = requests.request(request).await;
        let (head, body) = reply.map_err(|error| self.failure(&error))?.into_parts();
        self.has_answered.store(true, Ordering::Relaxed);
        // The attempt is not to end before what is granted is told.
        let end = began + self.timeout - self.timeout / 16;
        Ok(Reply { head, body, end, trial })
    }

    fn failure(&self, error: &(dyn Error + 'static)) -> Failure {
        let is_silence = |error: &hyper::Error| error.is_timeout();
        if causes(error).filter_map(|error| error.downcast_ref()).any(is_silence) {
            return Failure::timed_out(self.timeout);
        }
        let failure = Failure::connection(error);
        let through = match &self.route {
            Route::Direct => None,
            #[cfg(feature = "otlp-http")]
            Route::Forwarded(proxy) => Some(proxy.address()),
            Route::Tunneled(proxy) => Some(proxy.address()),
        };
        match (self.mistake(error), through) {
            (Some(mistake), _) => failure.after(&mistake),
            (None, Some(proxy)) => failure.after(&mistakes::of_proxy(&proxy)),
            (None, None) => failure,
        }
    }

    /// What is wrong with the settings, if it looks like that: who has answered once has been found.
    fn mistake(&self, error: &(dyn Error + 'static)) -> Option<String> {
        let heard = self.heard.get().filter(|_| !self.has_answered.load(Ordering::Relaxed))?;
        let is_refused = |error: &(dyn Error + 'static)| {
            let alert = AlertDescription::NoApplicationProtocol;
            error.downcast_ref() == Some(&rustls::Error::AlertReceived(alert))
        };
        // Through TLS nothing is heard of it.
        let is_connected = causes(error)
            .filter_map(|error| error.downcast_ref())
            .all(|error: &legacy::Error| !error.is_connect());
        if self.is_tls && heard == Speech::Tls && (is_connected || causes(error).any(is_refused)) {
            return Some(mistakes::of_version(self.version));
        }
        mistakes::of_speech(self.is_tls, self.version, heard)
    }

    fn renew(&self) {
        let requests = requests(&self.connector, self.version, self.timeout);
        *self.requests.lock().unwrap_or_else(PoisonError::into_inner) = requests;
    }
}

#[cfg_attr(
    not(feature = "otlp-http"),
    expect(unused_variables, reason = "gRPC has HTTP/2, which no proxy sends on")
)]
fn route(otlp: &Otlp, version: Version) -> Route {
    match &otlp.proxy {
        None => Route::Direct,
        // What proxies send on is HTTP/1.1 without TLS.
        #[cfg(feature = "otlp-http")]
        Some(proxy)
            if version == Version::Http1 && otlp.endpoint.scheme() != Some(&Scheme::HTTPS) =>
        {
            Route::Forwarded(proxy.clone())
        }
        Some(proxy) => Route::Tunneled(proxy.clone()),
    }
}

#[cfg_attr(
    not(feature = "otlp-grpc"),
    expect(unused_variables, reason = "HTTP/1.1 needs none: a connection has one request")
)]
fn requests(connector: &HttpsConnector<Dial>, version: Version, timeout: Duration) -> Requests {
    let mut builder = Client::builder(TokioExecutor::new());
    builder.pool_timer(TokioTimer::new());
    match version {
        #[cfg(feature = "otlp-http")]
        Version::Http1 => {}
        #[cfg(feature = "otlp-grpc")]
        Version::Http2 => {
            builder
                .http2_only(true)
                .timer(TokioTimer::new())
                // While a request waits, the peer is asked whether it is still there: not sooner, and
                // no more than twice by one request, since servers take offence at clients that ask
                // more often (`too_many_pings`). One that does not say so in an attempt's time is
                // gone, for all requests.
                .http2_keep_alive_interval((timeout / 2).min(SILENCE))
                .http2_keep_alive_timeout((timeout / 2).min(SILENCE));
        }
    }
    builder.build(connector.clone())
}

/// A request for which no answer has come. If none does, be it that the attempt is out of time or
/// panicked, the next request goes over another connection.
struct Trial<'a> {
    connection: &'a Connection,
    is_answered: bool,
}

impl Drop for Trial<'_> {
    fn drop(&mut self) {
        if !self.is_answered {
            self.connection.renew();
        }
    }
}

/// The beginning of a reply.
pub(super) struct Reply<'a> {
    pub(super) head: Parts,
    body: Incoming,
    /// When the attempt has no time left.
    end: Instant,
    trial: Trial<'a>,
}

/// For HTTP, where the status says what became of the request.
impl Reply<'_> {
    /// As much of the body as comes in time, and is not too long.
    pub(super) async fn text(mut self) -> (Parts, Bytes) {
        let end = self.is_answer();
        let mut text = Vec::new();
        let reading = async {
            while let Some(Ok(frame)) = self.body.frame().await {
                text.extend_from_slice(frame.data_ref().map_or(&[], |data| data));
                if text.len() > MAX_REPLY {
                    break;
                }
            }
        };
        let _ = timeout_at(end, reading).await;
        (self.head, text.into())
    }
}

/// For gRPC, where what comes later says it.
#[cfg(feature = "otlp-grpc")]
impl Reply<'_> {
    /// The next part of the body, or the trailers.
    pub(super) async fn frame(&mut self) -> Option<Result<Frame<Bytes>, Failure>> {
        let frame = self.body.frame().await?;
        Some(frame.map_err(|error| self.trial.connection.failure(&error)))
    }
}

impl Reply<'_> {
    /// The backend has answered; when to stop reading what else it says.
    pub(super) fn is_answer(&mut self) -> Instant {
        self.trial.is_answered = true;
        self.end.min(Instant::now() + REST)
    }
}
