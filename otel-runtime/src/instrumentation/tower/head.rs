//! What can a program ask of a request or a response, before its body?

use std::net::SocketAddr;

use http::{Extensions, HeaderMap, Method, Request, Response, StatusCode, Uri, Version};

/// A request, without its body.
#[derive(Clone, Copy, Debug)]
pub struct RequestHead<'a> {
    pub(super) method: &'a Method,
    pub(super) uri: &'a Uri,
    pub(super) version: Version,
    pub(super) headers: &'a HeaderMap,
    pub(super) extensions: &'a Extensions,
    pub(super) route: Option<&'a str>,
}

impl<'a> RequestHead<'a> {
    pub(crate) fn new<B>(request: &'a Request<B>) -> RequestHead<'a> {
        RequestHead {
            method: request.method(),
            uri: request.uri(),
            version: request.version(),
            headers: request.headers(),
            extensions: request.extensions(),
            route: matched_path(request.extensions()),
        }
    }

    /// Its method.
    #[must_use]
    pub fn method(&self) -> &'a Method {
        self.method
    }

    /// Its target.
    #[must_use]
    pub fn uri(&self) -> &'a Uri {
        self.uri
    }

    /// The path of its target.
    #[must_use]
    pub fn path(&self) -> &'a str {
        self.uri.path()
    }

    /// The version of HTTP.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> &'a HeaderMap {
        self.headers
    }

    /// What servers and other layers have added to it.
    #[must_use]
    pub fn extensions(&self) -> &'a Extensions {
        self.extensions
    }

    /// The peer's address, by axum's `ConnectInfo` or another entry of the extensions.
    pub(crate) fn connected(&self) -> Option<SocketAddr> {
        connect_info(self.extensions).or_else(|| self.extensions.get().copied())
    }

    /// Its route, such as `/orders/{id}`, if that is known: from axum's router that the layer is in
    /// (feature `axum`), or by [`ServerLayer::route`](super::ServerLayer::route).
    #[must_use]
    pub fn route(&self) -> Option<&'a str> {
        self.route
    }
}

#[cfg(feature = "axum")]
fn matched_path(extensions: &Extensions) -> Option<&str> {
    extensions.get::<axum::extract::MatchedPath>().map(axum::extract::MatchedPath::as_str)
}

#[cfg(not(feature = "axum"))]
fn matched_path(_extensions: &Extensions) -> Option<&str> {
    None
}

#[cfg(feature = "axum")]
fn connect_info(extensions: &Extensions) -> Option<SocketAddr> {
    use axum::extract::ConnectInfo;

    extensions.get::<ConnectInfo<SocketAddr>>().map(|ConnectInfo(peer)| *peer)
}

#[cfg(not(feature = "axum"))]
fn connect_info(_extensions: &Extensions) -> Option<SocketAddr> {
    None
}

/// A response, without its body.
#[derive(Clone, Copy, Debug)]
pub struct ResponseHead<'a> {
    status: StatusCode,
    version: Version,
    headers: &'a HeaderMap,
    extensions: &'a Extensions,
}

impl<'a> ResponseHead<'a> {
    pub(super) fn new<B>(response: &'a Response<B>) -> ResponseHead<'a> {
        ResponseHead {
            status: response.status(),
            version: response.version(),
            headers: response.headers(),
            extensions: response.extensions(),
        }
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The version of HTTP.
    #[must_use]
    pub fn version(&self) -> Version {
        self.version
    }

    /// Its headers.
    #[must_use]
    pub fn headers(&self) -> &'a HeaderMap {
        self.headers
    }

    /// What handlers and other layers have added to it.
    #[must_use]
    pub fn extensions(&self) -> &'a Extensions {
        self.extensions
    }
}
