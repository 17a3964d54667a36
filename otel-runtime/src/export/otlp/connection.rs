//! How does a request get to the backend, and how much of the reply is waited for?
//!
//! By hyper, over connections that are made when they are needed. A connection on which a request got
//! no answer is not used again: its peer may be gone without having closed it.

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

/// How long the rest of a reply may take once it has begun. By then the backend has taken the request.
const REST: Duration = Duration::from_secs(1);

/// How long a peer may be silent before it is pinged, if an attempt has no time limit. Servers in Go do
/// not allow pings more often than this.
#[cfg(feature = "otlp-grpc")]
const SILENCE: Duration = Duration::from_secs(5 * 60);

/// The largest reply that is read. A backend has little to say.
pub(super) const MAX_REPLY: usize = 4 * 1024 * 1024;

type Requests = Client<HttpsConnector<Dial>, Full<Bytes>>;

/// Where requests go. Redirects are not followed: the spans are not for whatever host a server names.
pub(super) struct Connection {
    /// Replaced by a new client when a request got no answer.
    requests: Mutex<Requests>,
    connector: HttpsConnector<Dial>,
    route: Route,
    heard: Heard,
    /// Whether there was ever an answer.
    has_answered: AtomicBool,
    is_tls: bool,
    version: Version,
    /// How long one attempt may take.
    timeout: Duration,
}

impl Connection {
    /// Connects with the first request.
    pub(super) fn new(otlp: &Otlp, version: Version) -> Result<Self, String> {
        let mut tcp = HttpConnector::new_with_resolver(Names::default());
        // A connection attempt goes on after the request that began it has timed out.
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

    /// The headers that a request needs for a proxy that forwards it.
    #[cfg(feature = "otlp-http")]
    pub(super) fn proxy_authorization(&self) -> Option<&HeaderValue> {
        match &self.route {
            Route::Forwarded(proxy) => proxy.authorization.as_ref(),
            Route::Direct | Route::Tunneled(_) => None,
        }
    }

    /// One attempt, until the head of the reply has come.
    pub(super) async fn send(&self, request: Request<Full<Bytes>>) -> Result<Reply<'_>, Failure> {
        let trial = Trial { connection: self, is_answered: false };
        let began = Instant::now();
        let requests = self.requests.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let reply = requests.request(request).await;
        let (head, body) = reply.map_err(|error| self.failure(&error))?.into_parts();
        self.has_answered.store(true, Ordering::Relaxed);
        // Stop a little early, so that a reply that has begun is reported before the attempt times out.
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

    /// The mistake in the settings that it looks like, if any. If there was ever an answer, they are
    /// right.
    fn mistake(&self, error: &(dyn Error + 'static)) -> Option<String> {
        let heard = self.heard.get().filter(|_| !self.has_answered.load(Ordering::Relaxed))?;
        let is_refused = |error: &(dyn Error + 'static)| {
            let alert = AlertDescription::NoApplicationProtocol;
            error.downcast_ref() == Some(&rustls::Error::AlertReceived(alert))
        };
        // Inside TLS, we do not see how the peer's reply begins.
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
        // A forwarding proxy is spoken to in HTTP/1.1 without TLS.
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
                // While a request waits for its answer, ping the peer to see whether it is still there:
                // at the earliest after half an attempt's time and no more than twice for one request,
                // since servers reject clients that ping more often (`too_many_pings`). If the peer
                // does not answer a ping within an attempt's time, the connection is closed for all
                // requests on it.
                .http2_keep_alive_interval((timeout / 2).min(SILENCE))
                .http2_keep_alive_timeout((timeout / 2).min(SILENCE));
        }
    }
    builder.build(connector.clone())
}

/// A request that waits for its answer. If none comes, because the attempt timed out or panicked,
/// dropping this makes the next request use another connection.
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
    /// When to stop reading, because the attempt's time is over.
    end: Instant,
    trial: Trial<'a>,
}

/// Over HTTP, where the status in the head says what became of the request.
impl Reply<'_> {
    /// As much of the body as comes in time, and up to [`MAX_REPLY`] bytes.
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

/// Over gRPC, where the message and the trailers say it.
#[cfg(feature = "otlp-grpc")]
impl Reply<'_> {
    /// The next part of the body, or the trailers.
    pub(super) async fn frame(&mut self) -> Option<Result<Frame<Bytes>, Failure>> {
        let frame = self.body.frame().await?;
        Some(frame.map_err(|error| self.trial.connection.failure(&error)))
    }
}

impl Reply<'_> {
    /// The backend has answered. Returns when to stop reading the rest.
    pub(super) fn is_answer(&mut self) -> Instant {
        self.trial.is_answered = true;
        self.end.min(Instant::now() + REST)
    }
}
