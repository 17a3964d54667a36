//! How is a connection to the backend made?

use std::error::Error;
use std::pin::Pin;
use std::task::{Context, Poll};

use http::Uri;
use http::uri::{Authority, PathAndQuery, Scheme};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::Tunnel;
use tower_service::Service;

use super::names::Names;
use super::stream::{Heard, Stream};
use crate::export::settings::Proxy;

/// Connects over TCP, and notes how the peer's first bytes look.
#[derive(Clone)]
pub(super) struct Dial {
    tcp: HttpConnector<Names>,
    route: Route,
    heard: Heard,
}

/// How the backend is reached.
#[derive(Clone)]
pub(super) enum Route {
    Direct,
    /// Through a proxy that takes requests and forwards them.
    #[cfg(feature = "otlp-http")]
    Forwarded(Proxy),
    /// Through a proxy that forwards a connection (`CONNECT`), without looking into it.
    Tunneled(Proxy),
}

impl Dial {
    pub(super) fn new(tcp: HttpConnector<Names>, route: Route, heard: Heard) -> Self {
        Dial { tcp, route, heard }
    }
}

type BoxError = Box<dyn Error + Send + Sync>;

impl Service<Uri> for Dial {
    type Response = Stream;
    type Error = BoxError;
    type Future = Pin<Box<dyn Future<Output = Result<Stream, BoxError>> + Send>>;

    fn poll_ready(&mut self, cx: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        self.tcp.poll_ready(cx).map_err(Into::into)
    }

    fn call(&mut self, to: Uri) -> Self::Future {
        let heard = self.heard.clone();
        heard.set(None);
        match &self.route {
            Route::Direct => {
                let connecting = self.tcp.call(to);
                Box::pin(async move { Ok(Stream::new(connecting.await?, heard, false)) })
            }
            #[cfg(feature = "otlp-http")]
            Route::Forwarded(proxy) => {
                let connecting = self.tcp.call(proxy.uri.clone());
                Box::pin(async move { Ok(Stream::new(connecting.await?, heard, true)) })
            }
            Route::Tunneled(proxy) => {
                let mut tunnel = Tunnel::new(proxy.uri.clone(), self.tcp.clone());
                if let Some(authorization) = &proxy.authorization {
                    tunnel = tunnel.with_auth(authorization.clone());
                }
                let connecting = tunnel.call(with_port(to));
                Box::pin(async move { Ok(Stream::new(connecting.await?, heard, false)) })
            }
        }
    }
}

/// The tunnel asks for port 443 if the URL names no port, so for `http` this names port 80.
fn with_port(to: Uri) -> Uri {
    if to.port().is_some() || to.scheme() == Some(&Scheme::HTTPS) {
        return to;
    }
    let with_port = || {
        let authority: Authority = format!("{}:80", to.host()?).parse().ok()?;
        let mut parts = to.clone().into_parts();
        parts.authority = Some(authority);
        parts.path_and_query.get_or_insert(PathAndQuery::from_static("/"));
        Uri::from_parts(parts).ok()
    };
    with_port().unwrap_or(to)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tunnel_goes_to_the_port_of_the_url() {
        for (to, expected) in [
            ("http://backend", "http://backend:80/"),
            ("http://[2001:db8::1]", "http://[2001:db8::1]:80/"),
            ("http://backend:4317", "http://backend:4317/"),
            ("https://backend", "https://backend/"),
        ] {
            assert_eq!(with_port(Uri::from_static(to)), expected);
        }
    }
}
