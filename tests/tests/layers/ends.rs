//! When does the span of a request end, and as what?

use std::convert::Infallible;
use std::future::{IntoFuture, pending};
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, Request, Response, StatusCode};
use axum::routing::any;
use http_body::{Frame, SizeHint};
use http_body_util::BodyExt;
use opentelemetry::trace::Status;
use otel_runtime::testing::Spans;
use otel_runtime::tower::ServerLayer;
use otel_runtime::traced;
use tokio::io::{AsyncReadExt, AsyncWriteExt};

use crate::{attribute, head, request, spans};

/// A body of some frames, which says as much of its length as it is told to.
struct Frames {
    left: Vec<Result<Bytes, io::Error>>,
    hint: SizeHint,
    waits: bool,
    knows_its_end: bool,
}

impl Frames {
    fn of(frames: &[&'static str]) -> Frames {
        let left = frames.iter().rev().map(|frame| Ok(Bytes::from_static(frame.as_bytes())));
        let (hint, waits) = (SizeHint::default(), false);
        Frames { left: left.collect(), hint, waits, knows_its_end: false }
    }
}

#[traced]
fn make_frame() {}

impl http_body::Body for Frames {
    type Data = Bytes;
    type Error = io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, io::Error>>> {
        make_frame();
        match self.left.pop() {
            None if self.waits => Poll::Pending,
            frame => Poll::Ready(frame.map(|frame| frame.map(Frame::data))),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.knows_its_end && self.left.is_empty()
    }

    fn size_hint(&self) -> SizeHint {
        self.hint
    }
}

fn serving<F>(respond: F) -> Router
where
    F: Fn() -> Response<Body> + Clone + Send + Sync + 'static,
{
    Router::new().route("/", any(|| async move { respond() })).layer(ServerLayer::new())
}

fn response(status: u16, body: Frames) -> Response<Body> {
    Response::builder().status(status).body(Body::new(body)).expect("a response")
}

/// Takes so many frames of the response and drops the rest.
async fn take(router: Router, request: Request<Body>, frames: usize) {
    let mut body = head(router, request).await.into_body();
    for _ in 0..frames {
        body.frame().await.expect("a frame").expect("no error");
    }
}

fn outcome(spans: &Spans, name: &str) -> (bool, String, Status) {
    let span = spans.one(name);
    let is_cancelled = attribute(span, "traced.outcome") == "cancelled";
    (is_cancelled, attribute(span, "error.type"), span.status().clone())
}

fn done() -> (bool, String, Status) {
    (false, String::new(), Status::Unset)
}

fn cancelled() -> (bool, String, Status) {
    (true, "cancelled".to_owned(), Status::error(""))
}

#[test]
fn a_span_ends_with_the_body_whose_frames_are_made_inside_it() {
    let router = serving(|| response(200, Frames::of(&["one", "two"])));

    let ((), spans) = spans(async {
        let mut body = head(router, request("GET", "/")).await.into_body();
        while body.frame().await.is_some() {}
    });

    spans.only_names().assert_tree(
        "
        GET /
          make_frame
          make_frame
          make_frame
        ",
    );
}

#[test]
fn a_client_that_goes_away_leaves_a_cancelled_span_beside_any_status() {
    for (frames, status) in [(0, 200), (1, 201), (1, 302)] {
        let router = serving(move || response(status, Frames::of(&["one", "two"])));
        let ((), spans) = spans(take(router, request("GET", "/"), frames));

        assert_eq!(outcome(&spans, "GET /"), cancelled(), "{frames} of a {status}");
        let code = attribute(spans.one("GET /"), "http.response.status_code");
        assert_eq!(code, status.to_string());
    }
}

#[test]
fn a_status_that_is_an_error_stays_the_reason_when_the_client_goes_away() {
    let router = serving(|| response(503, Frames::of(&["one"])));
    let ((), spans) = spans(take(router, request("GET", "/"), 0));

    assert_eq!(outcome(&spans, "GET /"), (true, "503".to_owned(), Status::error("")));
}

#[test]
fn a_client_that_goes_away_before_the_head_leaves_a_cancelled_span() {
    let router = Router::new()
        .route("/", any(|| async { pending::<&'static str>().await }))
        .layer(ServerLayer::new());
    let ((), spans) = spans(async {
        let mut asked = Box::pin(head(router, request("GET", "/")));
        let polled = std::future::poll_fn(|task| Poll::Ready(asked.as_mut().poll(task))).await;
        assert!(polled.is_pending());
    });

    assert_eq!(outcome(&spans, "GET /"), cancelled());
}

#[test]
fn a_body_that_was_taken_whole_is_done_though_nobody_asks_for_its_end() {
    let sized = |bytes| {
        move || {
            let mut frames = Frames::of(&["one", "two"]);
            frames.hint = SizeHint::with_exact(bytes);
            frames.waits = true;
            response(200, frames)
        }
    };
    let declared = || {
        let mut whole = response(200, Frames::of(&["one", "two"]));
        whole.headers_mut().insert("content-length", 6.into());
        whole
    };
    let knowing = || {
        let mut frames = Frames::of(&["one", "two"]);
        frames.knows_its_end = true;
        response(200, frames)
    };
    for (what, router, frames, expected) in [
        ("an exact size", serving(sized(6)), 2, done()),
        ("a part of an exact size", serving(sized(7)), 2, cancelled()),
        ("a content-length", serving(declared), 2, done()),
        ("a part of a content-length", serving(declared), 1, cancelled()),
        ("a body that knows its end", serving(knowing), 2, done()),
        ("a part of a body that knows its end", serving(knowing), 1, cancelled()),
        ("an empty body", serving(|| Response::new(Body::empty())), 0, done()),
    ] {
        let ((), spans) = spans(take(router, request("GET", "/"), frames));
        assert_eq!(outcome(&spans, "GET /"), expected, "{what}");
    }
}

#[test]
fn a_response_that_has_no_body_on_the_wire_is_done_though_nobody_polls_it() {
    for (method, status) in
        [("HEAD", 200), ("GET", 204), ("GET", 304), ("GET", 101), ("CONNECT", 200)]
    {
        let router = serving(move || response(status, Frames::of(&["never sent"])));
        let asked = if method == "CONNECT" {
            request(method, "shop.example:443")
        } else {
            request(method, "/")
        };
        let ((), spans) = spans(take(router, asked, 0));
        let span = spans.iter().find(|span| span.name().starts_with(method)).expect("a span");
        assert!(
            attribute(span, "traced.outcome").is_empty() && !span.is_error(),
            "{method} {status}: {span}"
        );
    }
}

#[test]
fn an_error_in_the_body_is_the_spans() {
    let failing = || {
        let mut frames = Frames::of(&["one"]);
        frames.left.insert(0, Err(io::Error::new(io::ErrorKind::BrokenPipe, "disk gone")));
        response(200, frames)
    };
    let (error, spans) = spans(async {
        let mut body = head(serving(failing), request("GET", "/")).await.into_body();
        body.frame().await.expect("a frame").expect("no error");
        body.frame().await.expect("a frame").expect_err("an error").to_string()
    });

    assert_eq!(error, "disk gone", "it goes on as before");
    let span = spans.one("GET /");
    assert!(span.is_error() && attribute(span, "traced.outcome").is_empty());
    assert!(!attribute(span, "error.type").is_empty());
    assert_eq!(span.events().len(), 1);
}

/// Frames without end, one every time that it is asked.
struct Endless;

impl http_body::Body for Endless {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(Some(Ok(Frame::data(Bytes::from_static(&[b'a'; 1024])))))
    }
}

#[test]
fn a_peer_that_resets_in_the_body_leaves_a_cancelled_span() {
    let ((), spans) = spans(async {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let address = listener.local_addr().expect("an address");
        let router = serving(|| Response::new(Body::new(Endless)));
        let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
        let server = axum::serve(listener, router).with_graceful_shutdown(async {
            let _ = stopped.await;
        });
        let client = async move {
            let mut headers = HeaderMap::new();
            otel_runtime::context::inject(&mut headers);
            let caller = headers["traceparent"].to_str().expect("text");
            let asked = format!("GET / HTTP/1.1\r\nhost: a\r\ntraceparent: {caller}\r\n\r\n");
            let mut stream = tokio::net::TcpStream::connect(address).await.expect("a server");
            stream.write_all(asked.as_bytes()).await.expect("it reads");
            stream.read_exact(&mut [0; 4096]).await.expect("a head and something of the body");
            // What it has not read makes the system reset the connection.
            drop(stream);
            drop(stop);
        };
        let (ended, ()) = tokio::join!(server.into_future(), client);
        ended.expect("it ends with its connections");
    });

    assert_eq!(outcome(&spans, "GET /"), cancelled());
    assert_eq!(attribute(spans.one("GET /"), "http.response.status_code"), "200");
}

#[test]
fn a_stream_that_stays_open_may_end_at_its_head() {
    let layer = ServerLayer::new().end_at_head(|response| {
        response.headers().get("content-type").is_some_and(|it| it == "text/event-stream")
    });
    for (content, expected) in [("text/event-stream", done()), ("text/plain", cancelled())] {
        let router = Router::new()
            .route(
                "/",
                any(move || async move {
                    let mut frames = Frames::of(&["data: 1"]);
                    frames.waits = true;
                    let mut response = response(200, frames);
                    response
                        .headers_mut()
                        .insert("content-type", content.parse().expect("a value"));
                    response
                }),
            )
            .layer(layer.clone());
        let ((), spans) = spans(take(router, request("GET", "/"), 1));
        assert_eq!(outcome(&spans, "GET /"), expected, "{content}");
    }
}

#[test]
fn a_stream_that_goes_on_behind_its_span_is_in_the_same_trace() {
    let router = Router::new()
        .route("/", any(|| async { response(200, Frames::of(&["data: 1", "data: 2"])) }))
        .layer(ServerLayer::new().end_at_head(|_| true));

    let ((), spans) = spans(async {
        let mut body = head(router, request("GET", "/")).await.into_body();
        while body.frame().await.is_some() {}
    });

    assert_eq!(outcome(&spans, "GET /"), done());
    spans.only_names().assert_tree(
        "
        GET /
          make_frame
          make_frame
          make_frame
        ",
    );
}

#[test]
fn a_stream_of_a_request_that_is_left_out_stays_left_out() {
    let router = Router::new()
        .route("/", any(|| async { response(200, Frames::of(&["data: 1", "data: 2"])) }))
        .layer(ServerLayer::new().only(|_| false).end_at_head(|_| true));

    let ((), spans) = spans(async {
        let mut body = head(router, request("GET", "/")).await.into_body();
        while body.frame().await.is_some() {}
    });

    assert!(spans.is_empty(), "{spans}");
}

#[test]
fn what_is_destroyed_with_a_body_or_a_future_is_destroyed_inside_the_span() {
    struct Last;
    impl Drop for Last {
        fn drop(&mut self) {
            destroyed();
        }
    }
    #[traced]
    fn destroyed() {}

    let streaming = serving(|| {
        let last = Last;
        let body = Frames::of(&["one", "two"]).map_frame(move |frame| {
            let _ = &last;
            frame
        });
        Response::new(Body::new(body))
    });
    let waiting = Router::new()
        .route(
            "/",
            any(|| async {
                let _last = Last;
                pending::<Result<StatusCode, Infallible>>().await
            }),
        )
        .layer(ServerLayer::new());
    let ((), spans) = spans(async {
        take(streaming, request("GET", "/"), 1).await;
        let mut asked = Box::pin(head(waiting, request("GET", "/")));
        let polled = std::future::poll_fn(|task| Poll::Ready(asked.as_mut().poll(task))).await;
        assert!(polled.is_pending());
    });

    assert_eq!(spans.named("destroyed").count(), 2);
    for span in spans.named("destroyed") {
        assert_eq!(span.parent().expect("the server's span").name(), "GET /");
    }
}
