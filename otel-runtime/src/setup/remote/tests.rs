//! Does a sampler follow a server that answers, lies, fails, and goes?

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::thread;
use std::time::Duration;

use opentelemetry::trace::{Span, Tracer, TracerProvider};
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SpanData, SpanExporter};

use crate::setup::config::builder;

#[derive(Debug)]
struct Nowhere;

impl SpanExporter for Nowhere {
    async fn export(&self, _: Vec<SpanData>) -> OTelSdkResult {
        Ok(())
    }
}

/// Answers one request after the other, each once it is told how. Says which it was asked.
fn server() -> (u16, Receiver<String>, SyncSender<(&'static str, String)>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let (asks, asked) = sync_channel(0);
    let (answers, answer) = sync_channel::<(&str, String)>(1);
    thread::spawn(move || {
        for connection in listener.incoming() {
            let mut connection = connection.expect("a connection");
            let mut lines = BufReader::new(connection.try_clone().expect("a clone")).lines();
            let first = lines.next().and_then(Result::ok).unwrap_or_default();
            while lines.next().and_then(Result::ok).is_some_and(|line| !line.is_empty()) {}
            if asks.send(first).is_err() {
                return;
            }
            let Ok((status, body)) = answer.recv() else { return };
            let length = body.len();
            let _ = write!(
                connection,
                "HTTP/1.1 {status}\r\ncontent-length: {length}\r\nconnection: close\r\n\r\n{body}",
            );
        }
    });
    (port, asked, answers)
}

#[test]
fn the_last_good_answer_stays_whatever_the_server_says_next() {
    let (port, asked, answers) = server();
    let telemetry = builder()
        .service_name("shop & co")
        .policy(format!(
            "jaeger_remote(endpoint=http://127.0.0.1:{port}, interval=100ms, initial=on)"
        ))
        .exporter(Nowhere)
        .build()
        .expect("good settings");
    let tracer = telemetry.tracer_provider().tracer("test");
    let is_sampled = || tracer.start("an operation").span_context().is_sampled();
    // By the next question, the answer before has been followed.
    let next = || asked.recv_timeout(Duration::from_secs(60)).expect("it is asked again");

    assert_eq!(next(), "GET /sampling?service=shop%20%26%20co HTTP/1.1");
    assert!(is_sampled(), "the initial sampler");
    let share = |share: &str| format!("{{\"probabilisticSampling\":{{\"samplingRate\":{share}}}}}");
    for (status, body, holds) in [
        ("200 OK", share("0"), false),
        ("500 Internal Server Error", share("1"), false),
        ("200 OK", "no JSON".to_owned(), false),
        ("200 OK", share("1.5"), false),
        ("200 OK", share("1"), true),
        ("404 Not Found", String::new(), true),
        ("200 OK", "[".repeat(1 << 20), true),
    ] {
        answers.send((status, body.clone())).expect("the server waits");
        next();
        assert_eq!(is_sampled(), holds, "{status} {}", &body[..body.len().min(60)]);
    }
    // Gone.
    drop((asked, answers));
    assert!(is_sampled());
}
