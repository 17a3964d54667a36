//! What does the span of a request say of its response?

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{Request, Response, StatusCode};
use axum::middleware::{Next, from_fn};
use axum::routing::{Route, get};
use opentelemetry::trace::{Status, TraceContextExt};
use otel_runtime::tower::{ServerLayer, TracedServer};
use tower::{Service, ServiceBuilder};

use crate::{ask, attribute, request, spans};

fn answering() -> Router {
    Router::new()
        .route(
            "/{status}",
            get(|Path(status): Path<u16>| async move {
                StatusCode::from_u16(status).expect("a status")
            }),
        )
        .layer(ServerLayer::new())
}

#[test]
fn of_all_statuses_only_5xx_is_an_error_of_the_server() {
    for (status, error_type) in [
        (200, ""),
        (302, ""),
        (400, ""),
        (401, ""),
        (404, ""),
        (409, ""),
        (422, ""),
        (500, "500"),
        (503, "503"),
    ] {
        let (_, spans) = spans(ask(answering(), request("GET", &format!("/{status}"))));

        let span = spans.one("GET /{status}");
        assert_eq!(attribute(span, "http.response.status_code"), status.to_string());
        assert_eq!(attribute(span, "error.type"), error_type);
        let expected = if error_type.is_empty() { Status::Unset } else { Status::error("") };
        assert_eq!(span.status(), &expected, "{status}: neither `Ok`, nor the code in words");
        assert!(span.events().is_empty());
    }
}

#[test]
fn a_status_that_a_handler_gives_the_span_stays_beside_any_answer() {
    let declined = || Status::error("payment declined");
    for (given, answer, expected) in [
        (declined(), 500, declined()),
        (declined(), 409, declined()),
        (declined(), 200, declined()),
        (Status::Ok, 500, Status::Ok),
        (Status::Ok, 200, Status::Ok),
        (Status::error(""), 500, Status::error("")),
    ] {
        for is_taken in [true, false] {
            let status = given.clone();
            let handler = move || async move {
                opentelemetry::Context::current().span().set_status(status);
                (StatusCode::from_u16(answer).expect("a status"), "a body")
            };
            let router = Router::new().route("/", get(handler)).layer(ServerLayer::new());
            let ((), spans) = spans(async {
                let response = tower::ServiceExt::oneshot(router, request("GET", "/")).await;
                let body = response.expect("it never fails").into_body();
                if is_taken {
                    http_body_util::BodyExt::collect(body).await.expect("a body");
                }
            });

            let span = spans.one("GET /");
            assert_eq!(span.status(), &expected, "{answer}, taken: {is_taken}");
            let is_cancelled = attribute(span, "traced.outcome") == "cancelled";
            assert_eq!(is_cancelled, !is_taken);
        }
    }
}

/// Answers by itself who may not come in, as layers for CORS and time limits do: with a body of whatever type
/// the service behind it has.
#[derive(Clone)]
struct Closed<S>(S);

impl<S, B> Service<Request<Body>> for Closed<S>
where
    S: Service<Request<Body>, Response = Response<B>>,
    S::Future: Send + 'static,
    B: Default,
{
    type Response = Response<B>;
    type Error = S::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Response<B>, S::Error>> + Send>>;

    fn poll_ready(&mut self, task: &mut Context<'_>) -> Poll<Result<(), S::Error>> {
        self.0.poll_ready(task)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        if request.headers().contains_key("stranger") {
            return Box::pin(async { Ok(Response::new(B::default())) });
        }
        Box::pin(self.0.call(request))
    }
}

#[test]
fn a_layer_around_may_answer_by_itself() {
    let layers = ServiceBuilder::new()
        .layer(tower::layer::layer_fn(Closed::<TracedServer<Route>>))
        .layer(ServerLayer::new());
    let router = Router::new().route("/", get(|| async { "fine" })).layer(layers);

    let mut stranger = request("GET", "/");
    stranger.headers_mut().insert("stranger", "1".parse().expect("a value"));
    let (answers, spans) = spans(async {
        [ask(router.clone(), stranger).await, ask(router, request("GET", "/")).await]
    });

    assert_eq!(answers.map(Response::into_body), [b"".to_vec(), b"fine".to_vec()]);
    assert_eq!(spans.named("GET /").count(), 1, "what the layer never sees has none");
}

#[test]
fn what_a_handler_never_sees_has_a_span_as_well() {
    let router = Router::new()
        .route("/orders/{id}", get(|Path(_): Path<u64>| async {}))
        .layer(from_fn(|request: axum::extract::Request, next: Next| async move {
            if request.headers().contains_key("stranger") {
                return Err(StatusCode::UNAUTHORIZED);
            }
            Ok(next.run(request).await)
        }))
        .layer(ServerLayer::new());

    for (uri, stranger, status, name) in [
        ("/orders/seven", false, "400", "GET /orders/{id}"),
        ("/orders/7", true, "401", "GET /orders/{id}"),
        ("/nowhere", false, "404", "GET"),
    ] {
        let mut asked = request("GET", uri);
        if stranger {
            asked.headers_mut().insert("stranger", "1".parse().expect("a value"));
        }
        let (_, spans) = spans(ask(router.clone(), asked));

        assert_eq!(attribute(spans.one(name), "http.response.status_code"), status, "{uri}");
    }
}
