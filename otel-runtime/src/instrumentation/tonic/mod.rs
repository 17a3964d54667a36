//! Spans of gRPC servers and clients, as layers for [tonic](https://docs.rs/tonic) 0.14.
//!
//! One line in a server, and one around a channel:
//!
//! ```no_run
//! use otel_runtime::tonic::{ClientLayer, ServerLayer};
//! use tonic::transport::{Endpoint, Server};
//! use tower_layer::Layer;
//! # use std::convert::Infallible;
//! # use http::{Request, Response};
//! # use tonic::body::Body;
//! # #[derive(Clone)]
//! # struct StockServer;
//! # impl tonic::server::NamedService for StockServer { const NAME: &'static str = "shop.v1.Stock"; }
//! # impl tower_service::Service<Request<Body>> for StockServer {
//! #     type Response = Response<Body>;
//! #     type Error = Infallible;
//! #     type Future = std::future::Ready<Result<Response<Body>, Infallible>>;
//! #     fn poll_ready(
//! #         &mut self,
//! #         _: &mut std::task::Context<'_>,
//! #     ) -> std::task::Poll<Result<(), Infallible>> {
//! #         std::task::Poll::Ready(Ok(()))
//! #     }
//! #     fn call(&mut self, _: Request<Body>) -> Self::Future {
//! #         std::future::ready(Ok(Response::new(Body::empty())))
//! #     }
//! # }
//! # struct StockClient;
//! # impl StockClient { fn new<T>(_: T) -> Self { StockClient } }
//!
//! # async fn run() -> Result<(), Box<dyn std::error::Error>> {
//! let server = Server::builder().layer(ServerLayer::new()).add_service(StockServer);
//!
//! let endpoint = Endpoint::from_static("http://stock.example:50051");
//! let channel = ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy());
//! let client = StockClient::new(channel);
//! # server.serve("[::1]:50051".parse()?).await?;
//! # Ok(())
//! # }
//! ```
//!
//! Both follow the [conventions for gRPC](https://opentelemetry.io/docs/specs/semconv/rpc/grpc/), version
//! 1.44, which are a release candidate.
//!
//! | | |
//! | --- | --- |
//! | name | `shop.v1.Stock/Count`: package, service and method; `grpc` for a method that is not known |
//! | at the start | `rpc.system.name`, `rpc.method` (and `_original`), `server.address`, `server.port`; on the server `client.address`, `network.peer.address`, `network.peer.port` |
//! | at the end | `rpc.response.status_code`: `OK`, `NOT_FOUND`, ..; `error.type`, the same, where it is an error |
//!
//! | what becomes of the call | the client's span | the server's span |
//! | --- | --- | --- |
//! | `OK` | unset | unset |
//! | `UNKNOWN`, `DEADLINE_EXCEEDED`, `UNIMPLEMENTED`, `INTERNAL`, `UNAVAILABLE`, `DATA_LOSS` | error | error |
//! | any other code | error | unset: it is the client's mistake |
//! | the client drops the call or its stream | `CANCELLED`, unset, `traced.outcome = cancelled` | likewise |
//! | its deadline (`grpc-timeout`) is over | `DEADLINE_EXCEEDED`, error | likewise, unless it hears first that the client gave up |
//! | a panic in the method or its stream | an error, with the code that tonic makes of the reset connection | `UNKNOWN`, error, `error.type = panic`; the panic goes on |
//! | no connection, a connection that breaks | `UNAVAILABLE` or what tonic makes of it, error, and an `exception` event, since no reply says what happened | |
//! | an error of a layer inside, without a gRPC status | | `UNKNOWN`, error, `error.type` of the error, and an `exception` event |
//!
//! A span ends with the status of the call: in the head of the reply, or in its trailers, behind all messages.
//! If a reply has no gRPC status, such as a proxy's page, which is known by its `content-type`, the code is the one that
//! [gRPC makes of its HTTP status](https://github.com/grpc/grpc/blob/master/doc/http-grpc-status-mapping.md).
//! The span of a stream that stays open for hours can end with the head: [`ServerLayer::end_at_head`],
//! [`ClientLayer::end_at_head`].
//!
//! What a method does, and what its stream does while it is sent, is in the context of the server's span, or of
//! the caller where there is no span because the trace is not recorded. A stream that a client sends is polled by
//! the task of its connection, and so in no context.
//!
//! The layer does not see what tonic makes of a reply: if a message cannot be decoded, the span says that the
//! stream was dropped. When a client's own time limit is over, tonic returns `Cancelled`; its span says
//! `DEADLINE_EXCEEDED`, as gRPC specifies.
//!
//! # Filter
//!
//! [`filter`](crate::filter) knows the layers as `otel_runtime::tonic::server` and
//! `otel_runtime::tonic::client`, at the level `info`. Below the filter the caller's trace is still passed on.

mod call;
mod client;
mod deadline;
mod failure;
mod future;
mod methods;
mod options;
mod server;
mod start;
mod status;

pub use client::{ClientLayer, TracedClient};
pub use failure::{ClientEnd, End, ServerEnd};
pub use future::{ReplyFuture, TracedBody};
pub use methods::DescriptorSetError;
pub use server::{ServerLayer, TracedServer};
