//! How is a service called that has a layer: by HTTP or by gRPC?

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::http::Version;
use http_body_util::BodyExt;
use otel_example_stock::stock_server::{Stock, StockServer};
use otel_example_stock::{Delivery, Item, Pieces};
use otel_runtime::tonic::ServerLayer;
use tokio_stream::Pending;
use tonic::service::Routes;
use tonic::{Status, Streaming};
use tower::ServiceExt;
use tower_http::trace::{DefaultMakeSpan, TraceLayer};
use tracing::Level;

use crate::layered::{self, DoesNothing, Layered};
use crate::work::run;

/// How a service is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Protocol {
    /// A route of axum's.
    Http,
    /// A unary method of tonic's.
    Grpc,
}

impl Protocol {
    /// Both, in the order of the tables.
    pub const ALL: [Protocol; 2] = [Protocol::Http, Protocol::Grpc];

    /// The layers that are compared: first the one that does nothing, then ours.
    #[must_use]
    pub fn layered(self) -> &'static [Layered] {
        match self {
            Protocol::Http => &Layered::ALL,
            // `opentelemetry-instrumentation-tower` knows HTTP alone.
            Protocol::Grpc => &[Layered::Nothing, Layered::Ours, Layered::TowerHttp],
        }
    }

    /// The service, with this layer.
    pub fn router(self, layered: Layered) -> Router {
        match self {
            Protocol::Http => layered.router(),
            Protocol::Grpc => stock(layered),
        }
    }

    /// Answers a request on this thread, and takes the response to its end.
    ///
    /// # Panics
    ///
    /// If it is not answered.
    pub fn answer(self, router: &Router) {
        match self {
            Protocol::Http => layered::answer(router),
            Protocol::Grpc => count(router),
        }
    }
}

fn stock(layered: Layered) -> Router {
    let router = Routes::new(StockServer::new(Warehouse)).into_axum_router();
    match layered {
        Layered::Nothing => router.layer(DoesNothing),
        Layered::Ours => router.layer(ServerLayer::new()),
        Layered::OtelTower => unreachable!("it is not among those that are compared"),
        // By default it makes spans for those who debug it only.
        Layered::TowerHttp => router.layer(
            TraceLayer::new_for_grpc().make_span_with(DefaultMakeSpan::new().level(Level::INFO)),
        ),
    }
}

fn count(router: &Router) {
    let request = Request::post("/shop.v1.Stock/Count")
        .version(Version::HTTP_2)
        .header("host", "shop.example:8080")
        .header("user-agent", "grpc-rust/1.0")
        .header("content-type", "application/grpc")
        .header("te", "trailers")
        // Not compressed, of two bytes: a name without any letter.
        .body(Body::from(&[0, 0, 0, 0, 2, 0x0a, 0][..]))
        .expect("a request");
    run(async {
        let response = router.clone().oneshot(request).await.expect("a router does not fail");
        let body = response.into_body().collect().await.expect("a body does not fail");
        let status = body.trailers().and_then(|trailers| trailers.get("grpc-status"));
        assert!(status.is_some_and(|status| status == "0"), "{status:?}");
    });
}

/// Has seven of everything.
struct Warehouse;

type Many = Pending<Result<Pieces, Status>>;

#[tonic::async_trait]
impl Stock for Warehouse {
    async fn count(&self, _: tonic::Request<Item>) -> Result<tonic::Response<Pieces>, Status> {
        Ok(tonic::Response::new(Pieces { number: 7 }))
    }

    type WatchStream = Many;

    async fn watch(&self, _: tonic::Request<Item>) -> Result<tonic::Response<Many>, Status> {
        Err(Status::unimplemented("it is not called"))
    }

    async fn deliver(
        &self,
        _: tonic::Request<Streaming<Delivery>>,
    ) -> Result<tonic::Response<Pieces>, Status> {
        Err(Status::unimplemented("it is not called"))
    }

    type ExchangeStream = Many;

    async fn exchange(
        &self,
        _: tonic::Request<Streaming<Delivery>>,
    ) -> Result<tonic::Response<Many>, Status> {
        Err(Status::unimplemented("it is not called"))
    }
}
