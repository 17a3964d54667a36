//! Which spans do requests have through routers that are put together in odd ways?

use std::convert::Infallible;

use axum::Router;
use axum::body::Body;
use axum::error_handling::HandleErrorLayer;
use axum::http::{Request, Response, StatusCode};
use axum::middleware::{Next, from_fn, map_response};
use axum::routing::{any, get, get_service};
use otel_runtime::tower::ServerLayer;
use tower::ServiceBuilder;

use crate::{ask, attribute, handler, request, spans};

async fn untouched(request: axum::extract::Request, next: Next) -> Response<Body> {
    next.run(request).await
}

/// One request: the names of all spans in it, and the status.
fn names(router: Router, method: &str, uri: &str) -> (Vec<String>, u16) {
    let (response, spans) = spans(ask(router, request(method, uri)));
    let mut names: Vec<_> = spans.iter().map(|span| span.name().to_owned()).collect();
    names.sort();
    for span in &spans {
        assert!(!span.was_cancelled(), "{method} {uri}: {spans}");
        assert!(!span.is_error() || response.status().is_server_error(), "{method} {uri}: {spans}");
    }
    (names, response.status().as_u16())
}

#[test]
fn a_request_has_one_span_of_the_layer_however_routers_are_put_together() {
    let layer = ServerLayer::new;
    let orders = || Router::new().route("/orders/{id}", get(handler));
    let stock = || Router::new().route("/stock/{*item}", get(handler));
    let whole = "GET /orders/{id}";
    let service = || {
        get_service(tower::service_fn(|_: Request<Body>| async {
            Ok::<_, Infallible>(Response::new(Body::from("a file")))
        }))
    };
    for (what, router, uri, expected) in [
        ("merged", orders().layer(layer()).merge(stock().layer(layer())), "/orders/7", whole),
        (
            "merged, both",
            orders().merge(stock()).layer(layer()),
            "/stock/a/b",
            "GET /stock/{*item}",
        ),
        (
            "nested, inside",
            Router::new().nest("/api", orders().layer(layer())),
            "/api/orders/7",
            "GET /api/orders/{id}",
        ),
        (
            "nested, outside",
            Router::new().nest("/api", orders()).layer(layer()),
            "/api/orders/7",
            "GET /api/orders/{id}",
        ),
        (
            "nested twice",
            Router::new().nest("/v1", Router::new().nest("/api", orders())).layer(layer()),
            "/v1/api/orders/7",
            "GET /v1/api/orders/{id}",
        ),
        (
            "nested with a parameter",
            Router::new().nest("/{tenant}", orders()).layer(layer()),
            "/7/orders/7",
            "GET /{tenant}/orders/{id}",
        ),
        (
            "of one route",
            Router::new().route("/orders/{id}", get(handler).layer(layer())),
            "/orders/7",
            whole,
        ),
        ("route_layer", orders().route_layer(layer()), "/orders/7", whole),
        (
            "between",
            orders().layer(from_fn(untouched)).layer(layer()).layer(from_fn(untouched)),
            "/orders/7",
            whole,
        ),
        (
            "map_response",
            orders().layer(map_response(|it: Response<Body>| async { it })).layer(layer()),
            "/orders/7",
            whole,
        ),
        (
            "in a builder",
            orders().layer(ServiceBuilder::new().layer(layer()).layer(from_fn(untouched))),
            "/orders/7",
            whole,
        ),
        ("with a state", orders().layer(layer()).with_state(()), "/orders/7", whole),
        (
            "any",
            Router::new().route("/orders/{id}", any(handler)).layer(layer()),
            "/orders/7",
            whole,
        ),
    ] {
        let (names, status) = names(router, "GET", uri);
        assert_eq!(
            (names, status),
            (vec![expected.to_owned(), "handler".to_owned(), "work".to_owned()], 200),
            "{what}"
        );
    }

    let files = Router::new().nest_service("/files", service()).layer(layer());
    let (found, status) = names(files, "GET", "/files/a/b");
    assert_eq!((found.len(), status), (1, 200), "{found:?}");
}

#[test]
fn what_no_route_takes_has_a_span_without_a_route() {
    let layer = ServerLayer::new;
    let orders = || Router::new().route("/orders/{id}", get(handler));
    let lost = || async { StatusCode::NOT_FOUND };
    for (what, router, uri, expected, expected_status) in [
        ("no route", orders().layer(layer()), "/nowhere", "GET", 404),
        ("a fallback", orders().fallback(lost).layer(layer()), "/nowhere", "GET", 404),
        (
            "below a nest",
            Router::new().nest("/api", orders()).layer(layer()),
            "/api/nowhere",
            "GET",
            404,
        ),
        (
            "a fallback below a nest",
            Router::new().nest("/api", orders().fallback(lost)).layer(layer()),
            "/api/nowhere",
            "GET",
            404,
        ),
    ] {
        let (names, status) = names(router, "GET", uri);
        assert_eq!((names, status), (vec![expected.to_owned()], expected_status), "{what}");
    }
    let (found, status) = names(orders().route_layer(layer()), "GET", "/nowhere");
    assert_eq!((found.len(), status), (0, 404), "a route's layer sees routes only");
    let (found, status) = names(orders().layer(layer()), "DELETE", "/orders/7");
    assert_eq!((found, status), (vec!["DELETE /orders/{id}".to_owned()], 405));
    let (found, status) = names(orders().layer(layer()), "HEAD", "/orders/7");
    assert_eq!((found.len(), status), (3, 200));
    assert_eq!(found[0], "HEAD /orders/{id}");
    let (found, _) = names(orders().layer(layer()), "OPTIONS", "*");
    assert_eq!(found, ["OPTIONS"]);
}

#[test]
fn a_layer_that_fails_inside_or_outside_is_the_spans_or_not() {
    let slow = || Router::new().route("/", get(std::future::pending::<&str>));
    let limit = || {
        ServiceBuilder::new()
            .layer(HandleErrorLayer::new(|_: axum::BoxError| async { StatusCode::GATEWAY_TIMEOUT }))
            .layer(tower::timeout::TimeoutLayer::new(std::time::Duration::ZERO))
    };
    let (response, inside) =
        spans(ask(slow().layer(limit()).layer(ServerLayer::new()), request("GET", "/")));
    assert_eq!(response.status(), 504);
    assert_eq!(attribute(inside.one("GET /"), "error.type"), "504");

    let (response, outside) =
        spans(ask(slow().layer(ServerLayer::new()).layer(limit()), request("GET", "/")));
    assert_eq!(response.status(), 504);
    let span = outside.one("GET /");
    assert_eq!(attribute(span, "error.type"), "cancelled", "it never hears of the answer");
    assert_eq!(attribute(span, "http.response.status_code"), "");
}

#[test]
fn a_layer_around_a_layer_makes_a_span_inside_a_span_of_one_trace() {
    let router = crate::shop(ServerLayer::new()).layer(ServerLayer::new());
    let (_, spans) = spans(ask(router, crate::get_order()));

    spans.only_names().assert_tree(
        "
        GET /orders/{id}
          GET /orders/{id}
            handler
              work
        ",
    );
}
