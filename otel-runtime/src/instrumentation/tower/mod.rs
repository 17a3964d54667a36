//! Spans of HTTP servers and clients, as layers of [tower](https://docs.rs/tower).
//!
//! One line in a router, and one around a client:
//!
//! ```
//! use axum::Router;
//! use axum::routing::get;
//! use otel_runtime::tower::{ClientLayer, ServerLayer};
//! use tower_layer::Layer;
//! # use std::convert::Infallible;
//! # use axum::body::Body;
//! # use axum::http::{Request, Response};
//! # let client = tower::service_fn(|_: Request<Body>| async {
//! #     Ok::<_, Infallible>(Response::new(Body::empty()))
//! # });
//!
//! let router: Router = Router::new()
//!     .route("/orders/{id}", get(|| async { "here you are" }))
//!     .layer(ServerLayer::new()); // around the routes above it
//!
//! let client = ClientLayer::new().layer(client); // any `Service<http::Request<_>>`
//! # let _: tower::util::BoxService<Request<Body>, _, _> = tower::ServiceExt::boxed(client);
//! ```
//!
//! Both follow the [conventions for HTTP](https://opentelemetry.io/docs/specs/semconv/http/http-spans/),
//! version 1.44.
//!
//! # A server's span
//!
//! It begins with the request, under the span of the caller that the headers name, and ends when the body
//! of the response has been handed to the connection. All that the handler, its extractors and the layers
//! inside do is in its context, the streaming of the body too.
//!
//! | | |
//! | --- | --- |
//! | name | `GET /orders/{id}`: method and route; `GET` where no route is known; `HTTP` for a method that is not known |
//! | from the request | `http.request.method` (and `_original`), `url.path`, `url.query`, `url.scheme`, `server.address`, `server.port`, `client.address`, `network.peer.address`, `network.peer.port`, `network.protocol.version`, `user_agent.original`, `http.route` |
//! | from the response | `http.response.status_code`; for 5xx status error and `error.type` |
//! | an error of the service or the body, a panic | status error, `error.type` and an `exception` event; the error or panic goes on as before |
//! | the client goes away | `traced.outcome = cancelled`, status error and `error.type = cancelled`, even if the response's status was 201 |
//!
//! 4xx is the client's mistake, and no error on the server. A status that a handler gives the span itself, by
//! `Context::current().span().set_status(..)`, stays beside any answer: `Ok` against all that follows, and the
//! description of an error unless an error or a panic with a text of its own passes through the layer. An attribute whose value is missing or invalid, such
//! as a `Host` of `:99999`, is left out.
//!
//! axum passes the route to layers inside its router only. So add the layer after the routes: by axum's rules for
//! `Router::layer`, it covers the routes above it, and requests without a route. For other routers, say the
//! route by [`ServerLayer::route`].
//!
//! A handler needs no `kind = server` and no `parent(extract = ..)`: its span is a child of the layer's,
//! with or without them.
//!
//! # A client's span
//!
//! Its context is sent in the request's headers. It is named after the method, and ends with the response's head.
//! 4xx and 5xx are errors, and so is a request without a response: its `error.type` is `timeout`,
//! `connection_error` (no such host, nobody listens, no TLS, the peer has hung up) or the type of the error, and the
//! `exception` event tells the error with its causes, those of hyper's clients and of boxed errors among them. A
//! request that nobody waits for any more is `cancelled`, and no error.
//!
//! # Filter
//!
//! [`filter`](crate::filter) knows the layers as `otel_runtime::tower::server` and
//! `otel_runtime::tower::client`, at the level `info`. Below the filter the caller's trace is still passed on.

pub(crate) mod by_request;
mod client;
mod head;
mod network;
pub(crate) mod proxies;
mod server;

pub use client::{ClientFuture, ClientLayer, TracedClient};
pub use head::{RequestHead, ResponseHead};
pub use network::{Network, NetworkError};
pub use server::{ServerFuture, ServerLayer, TracedBody, TracedServer};
