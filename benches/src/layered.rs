//! The same HTTP service: with a layer that does nothing, with ours, and with those of the peers.

use std::fmt;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Request;
use axum::response::Response;
use axum::routing::get;
use http_body_util::BodyExt;
use opentelemetry::propagation::TextMapCompositePropagator;
use opentelemetry_instrumentation_tower::http::server as otel_tower;
use opentelemetry_sdk::propagation::{BaggagePropagator, TraceContextPropagator};
use otel_runtime::tower::ServerLayer;
use tower::{Layer, Service, ServiceExt};
use tower_http::trace::{DefaultMakeSpan, TraceLayer};
use tracing::Level;

use crate::contender::Installed;
use crate::export::{Export, provider};
use crate::work::run;
use crate::{peers, traced};

/// What is around the service.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layered {
    /// A layer that does nothing: the one the others are compared with.
    Nothing,
    /// [`ServerLayer`].
    Ours,
    /// That of `opentelemetry-instrumentation-tower`, over the SDK.
    OtelTower,
    /// That of `tower-http`, through `tracing-opentelemetry`, over the SDK.
    TowerHttp,
}

impl Layered {
    /// All, in the order of the tables.
    pub const ALL: [Layered; 4] =
        [Layered::Nothing, Layered::Ours, Layered::OtelTower, Layered::TowerHttp];

    /// Sets this process up for it, once.
    ///
    /// # Panics
    ///
    /// The second time.
    #[must_use]
    pub fn install(self, export: &Export) -> Installed {
        match self {
            Layered::Nothing => Installed::Nothing,
            Layered::Ours => Installed::Telemetry(traced::install(export)),
            Layered::OtelTower => {
                let provider = provider(export);
                opentelemetry::global::set_tracer_provider(provider.clone());
                // As the specification has it by default, and as ours does.
                opentelemetry::global::set_text_map_propagator(TextMapCompositePropagator::new(
                    vec![
                        Box::new(TraceContextPropagator::new()),
                        Box::new(BaggagePropagator::new()),
                    ],
                ));
                Installed::Sdk(provider)
            }
            Layered::TowerHttp => {
                let provider = provider(export);
                peers::tracing::install(&provider);
                Installed::Sdk(provider)
            }
        }
    }

    /// The service.
    pub fn router(self) -> Router {
        let router = Router::new().route("/orders/{id}", get(|| async { "here you are" }));
        match self {
            Layered::Nothing => router.layer(DoesNothing),
            Layered::Ours => router.layer(ServerLayer::new()),
            Layered::OtelTower => router.layer(otel_tower::Layer::new()),
            // By default it makes spans for those who debug it only.
            Layered::TowerHttp => router.layer(
                TraceLayer::new_for_http()
                    .make_span_with(DefaultMakeSpan::new().level(Level::INFO)),
            ),
        }
    }

    /// The spans of a request.
    #[must_use]
    pub fn spans(self) -> u32 {
        u32::from(self != Layered::Nothing)
    }
}

/// Answers a request on this thread, and takes the response to its end.
///
/// # Panics
///
/// If it is not answered.
pub fn answer(router: &Router) {
    let request = Request::get("/orders/7")
        .header("host", "shop.example:8080")
        .header("user-agent", "curl/8.5.0")
        .body(Body::empty())
        .expect("a request");
    run(async {
        let response = router.clone().oneshot(request).await.expect("a router does not fail");
        assert!(response.status().is_success());
        response.into_body().collect().await.expect("a body does not fail");
    });
}

#[derive(Clone)]
pub(crate) struct DoesNothing;

impl<S> Layer<S> for DoesNothing {
    type Service = Untouched<S>;

    fn layer(&self, inner: S) -> Untouched<S> {
        Untouched(inner)
    }
}

#[derive(Clone)]
pub(crate) struct Untouched<S>(S);

impl<S: Service<Request, Response = Response>> Service<Request> for Untouched<S> {
    type Response = Response;
    type Error = S::Error;
    type Future = S::Future;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, request: Request) -> S::Future {
        self.0.call(request)
    }
}

impl fmt::Display for Layered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Layered::Nothing => "nothing",
            Layered::Ours => "otel-runtime",
            Layered::OtelTower => "otel-tower",
            Layered::TowerHttp => "tower-http",
        })
    }
}
