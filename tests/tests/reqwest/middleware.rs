//! Which spans has a request that a middleware sends again?

use axum::http::{Extensions, StatusCode};
use axum::response::IntoResponse;
use otel_runtime::reqwest::{Middleware, Sending};
use reqwest::{Client, Request, Response};
use reqwest_middleware::{ClientBuilder, Next, Result};

use crate::{Server, attribute, spans, traceparent, values};

/// Sends a request again that was answered with a 5xx, three times in all.
struct Again;

#[async_trait::async_trait]
impl reqwest_middleware::Middleware for Again {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        for _ in 0..2 {
            let again = request.try_clone().expect("no body");
            let response = next.clone().run(again, extensions).await?;
            if !response.status().is_server_error() {
                return Ok(response);
            }
        }
        next.run(request, extensions).await
    }
}

async fn busy_twice() -> Server {
    Server::answering(|before, _| {
        let status = if before < 2 { StatusCode::SERVICE_UNAVAILABLE } else { StatusCode::OK };
        status.into_response()
    })
    .await
}

#[test]
fn inside_a_middleware_that_sends_again_each_attempt_has_a_span_that_counts_those_before() {
    let (arrived, spans) = spans(async {
        let server = busy_twice().await;
        let middleware = Middleware::from(Sending::new().template("/orders/{id}"));
        let client = ClientBuilder::new(Client::new()).with(Again).with(middleware).build();
        for _ in 0..2 {
            let response = client.get(server.url("/orders/7")).send().await.expect("an answer");
            assert_eq!(response.status(), StatusCode::OK);
        }
        server.arrived()
    });

    let attempts: Vec<_> = spans.named("GET /orders/{id}").collect();
    let resent: Vec<_> =
        attempts.iter().map(|span| attribute(*span, "http.request.resend_count")).collect();
    assert_eq!(resent, ["", "1", "2", ""], "the second request begins anew");
    let types: Vec<_> = attempts.iter().map(|span| attribute(*span, "error.type")).collect();
    assert_eq!(types, ["503", "503", "", ""]);
    for (headers, span) in arrived.iter().zip(&attempts) {
        assert_eq!(values(headers, "traceparent"), [traceparent(*span)]);
    }
}

#[test]
fn around_a_middleware_that_sends_again_there_is_one_span() {
    let ((), spans) = spans(async {
        let server = busy_twice().await;
        let client =
            ClientBuilder::new(Client::new()).with(Middleware::default()).with(Again).build();
        client.get(server.url("/")).send().await.expect("an answer");
    });

    assert_eq!(spans.named("GET").count(), 1);
    assert_eq!(attribute(spans.one("GET"), "http.response.status_code"), "200");
}
