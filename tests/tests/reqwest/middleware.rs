//! Which spans has a request that a middleware sends again?

use axum::http::{Extensions, StatusCode};
use axum::response::IntoResponse;
use otel_runtime::reqwest::{ClientExt, Middleware, Sending};
use otel_runtime::testing::Spans;
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

/// Sends a request again, each time with a copy of its extensions, and gives the second attempt up.
struct AgainWithCopies;

#[async_trait::async_trait]
impl reqwest_middleware::Middleware for AgainWithCopies {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let attempt = || request.try_clone().expect("no body");
        next.clone().run(attempt(), &mut extensions.clone()).await?;
        let mut given_up = extensions.clone();
        tokio::select! {
            biased;
            _ = next.clone().run(attempt(), &mut given_up) => panic!("nothing arrives so fast"),
            () = std::future::ready(()) => {}
        }
        next.run(attempt(), &mut extensions.clone()).await
    }
}

/// The `http.request.resend_count` of all spans with this template, in the order of their starts.
fn resent(spans: &Spans, template: &str) -> Vec<String> {
    let mut all: Vec<_> = spans.named(&format!("GET {template}")).collect();
    all.sort_by_key(|span| span.data().start_time);
    all.iter().map(|span| attribute(*span, "http.request.resend_count")).collect()
}

fn middleware(template: &'static str) -> Middleware {
    Sending::new().template(template).into()
}

#[test]
fn each_of_several_middlewares_counts_for_itself() {
    let ((), spans) = spans(async {
        let server = busy_twice().await;
        let client = ClientBuilder::new(Client::new())
            .with(middleware("outer"))
            .with(middleware("again"))
            .with(Again)
            .with(middleware("attempt"))
            .with(middleware("inner"))
            .build();
        client.get(server.url("/")).send().await.expect("an answer");
    });

    assert_eq!(resent(&spans, "outer"), [""]);
    assert_eq!(resent(&spans, "again"), [""]);
    assert_eq!(resent(&spans, "attempt"), ["", "1", "2"]);
    assert_eq!(resent(&spans, "inner"), ["", "1", "2"]);
}

#[test]
fn copies_of_one_middleware_in_one_client_or_in_two_do_not_count_for_each_other() {
    let ((), spans) = spans(async {
        let server = Server::start().await;
        let one = middleware("one");
        let client = || ClientBuilder::new(Client::new()).with(one.clone()).with(one.clone());
        for client in [client().build(), client().build()] {
            client.get(server.url("/")).send().await.expect("an answer");
        }
    });

    assert_eq!(resent(&spans, "one"), ["", "", "", ""]);
}

#[test]
fn attempts_with_copied_extensions_and_those_that_are_given_up_count() {
    let ((), spans) = spans(async {
        let server = busy_twice().await;
        let client = ClientBuilder::new(Client::new())
            .with(middleware("outer"))
            .with(AgainWithCopies)
            .with(middleware("attempt"))
            .build();
        client.get(server.url("/")).send().await.expect("an answer");
        // A program that sends a copy of the request begins anew.
        let request = client.get(server.url("/"));
        let copy = request.try_clone().expect("no body");
        request.send().await.expect("an answer");
        copy.send().await.expect("an answer");
    });

    assert_eq!(resent(&spans, "outer"), ["", "", ""]);
    let each = ["", "1", "2"];
    assert_eq!(resent(&spans, "attempt"), [each, each, each].concat());
}

#[test]
fn send_traced_inside_a_middleware_is_a_request_of_its_own() {
    /// Ends the chain with a client of its own.
    struct Last(Client);

    #[async_trait::async_trait]
    impl reqwest_middleware::Middleware for Last {
        async fn handle(
            &self,
            request: Request,
            _: &mut Extensions,
            _: Next<'_>,
        ) -> Result<Response> {
            Ok(self.0.execute_traced(request).await?)
        }
    }

    let (arrived, spans) = spans(async {
        let server = Server::start().await;
        let client = ClientBuilder::new(Client::new())
            .with(middleware("outer"))
            .with(Last(Client::new()))
            .build();
        client.get(server.url("/")).send().await.expect("an answer");
        server.arrived()
    });

    let inner = spans.one("GET");
    assert_eq!(attribute(inner, "http.request.resend_count"), "");
    assert_eq!(values(&arrived[0], "traceparent"), [traceparent(inner)], "the nearest one");
    assert_eq!(inner.data().parent_span_id, spans.one("GET outer").data().span_context.span_id());
}

/// Wraps errors, as one does that has sent a request as often as it may.
struct GivesUp;

#[derive(Debug)]
struct GivenUp(reqwest_middleware::Error);

impl std::fmt::Display for GivenUp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("given up")
    }
}

impl std::error::Error for GivenUp {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.0)
    }
}

#[async_trait::async_trait]
impl reqwest_middleware::Middleware for GivesUp {
    async fn handle(
        &self,
        request: Request,
        extensions: &mut Extensions,
        next: Next<'_>,
    ) -> Result<Response> {
        let sent = next.run(request, extensions).await;
        sent.map_err(|error| reqwest_middleware::Error::middleware(GivenUp(error)))
    }
}

#[test]
fn an_error_that_a_middleware_wraps_is_of_the_requests_kind_and_tells_no_secrets() {
    let (result, spans) = spans(async {
        let gone = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let url = format!("http://{}/?sig=abc", gone.local_addr().expect("bound"));
        drop(gone);
        let client =
            ClientBuilder::new(Client::new()).with(Middleware::default()).with(GivesUp).build();
        client.get(url).send().await
    });

    assert_eq!(result.expect_err("nobody listens").to_string(), "given up");
    let span = spans.one("GET");
    assert_eq!(attribute(span, "error.type"), "connection_error");
    let told = format!("{:?} {:?}", span.status(), span.events());
    assert!(told.contains("given up: ") && told.contains("sig=REDACTED"), "{told}");
    assert!(!told.contains("abc"), "{told}");
}
