//! Can a backend answer anything that does harm?

use std::time::Duration;

use otel_runtime::{Protocol, builder};
use otel_tests::receiver::{Answer, Backend, Receiver};
use tonic::{Code, Status};

use super::{end_spans, start};

#[test]
fn what_it_refuses_of_a_batch_is_counted() {
    for (protocol, backend) in [
        (Protocol::Grpc, Backend::grpc()),
        (Protocol::HttpProtobuf, Backend::http()),
        (Protocol::HttpJson, Backend::http()),
    ] {
        let partly = Answer::Taken { rejected: 2, why: "too\nold".to_owned() };
        // A warning is no refusal, and none can be greater than what was sent.
        let warned = Answer::Taken { rejected: 0, why: "deprecated".to_owned() };
        let absurd = Answer::Taken { rejected: i64::MAX, why: String::new() };
        let backend = backend.answering([partly, warned, absurd]).start();
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));

        end_spans(&telemetry, ["1", "2", "3"]);
        let error = telemetry.flush().expect_err("two were refused");
        assert_eq!((error.exported(), error.dropped().rejected), (1, 2), "{protocol}: {error}");
        assert_eq!(
            error.to_string(),
            "2 of 3 spans were not delivered (refused by the backend: 2); \
             last error: refused by the backend: too old",
        );
        end_spans(&telemetry, ["4"]);
        assert_eq!(telemetry.flush().expect("only a warning").exported, 1, "{protocol}");
        end_spans(&telemetry, ["5"]);
        assert_eq!(telemetry.flush().map_err(|error| error.dropped().rejected), Err(1));

        let stats = telemetry.stats();
        assert_eq!((stats.ended, stats.exported, stats.dropped.total()), (5, 2, 3), "{protocol}");
    }
}

#[test]
fn a_redirect_is_not_followed() {
    let elsewhere = Receiver::http();
    let location = format!("{}/v1/traces", elsewhere.endpoint());
    for status in [301, 302, 307, 308] {
        let headers = vec![("location", location.clone())];
        let backend = Receiver::http_answering([Answer::Http(status, headers, Vec::new())]);
        let telemetry = start(builder().endpoint(backend.endpoint()).header("x-key", "secret"));
        end_spans(&telemetry, ["span"]);

        let error = telemetry.shutdown().expect_err("not delivered");
        assert_eq!((error.dropped().export_failed, telemetry.stats().retried), (1, 0));
        let message = error.to_string();
        assert!(message.contains(&status.to_string()), "{message}");
        assert!(message.contains(&location), "it says where to: {message}");
        assert_eq!(backend.request().line, "POST /v1/traces");
        assert!(backend.is_idle() && elsewhere.is_idle());
    }
}

#[test]
fn its_words_are_repeated_in_one_short_line() {
    let page = format!("<h1>\x1b[31mno\r\nsuch key</h1>{}", "x".repeat(10_000));
    let grpc = Answer::Grpc(Status::new(Code::PermissionDenied, page.clone()));
    let http = Answer::Http(403, Vec::new(), page.into_bytes());
    for (protocol, backend) in [
        (Protocol::Grpc, Backend::grpc().answering([grpc])),
        (Protocol::HttpProtobuf, Backend::http().answering([http])),
    ] {
        let backend = backend.start();
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        end_spans(&telemetry, ["span"]);

        let message = telemetry.shutdown().expect_err("refused").to_string();
        assert!(message.contains("no  such key"), "{protocol}: {message}");
        assert!(!message.contains(char::is_control), "{protocol}: {message:?}");
        assert!(message.len() < 500, "{protocol}: {message}");
    }
}

#[test]
fn an_error_may_be_of_protobuf_or_json() {
    // `google.rpc.Status` with code 3 and a message.
    let body = [&[0x08, 3, 0x12, 8][..], b"no trace"].concat();
    let json = br#"{"code": 3, "message": "no trace"}"#.to_vec();
    for (content_type, body) in [("application/x-protobuf", body), ("application/json", json)] {
        let headers = vec![("content-type", content_type.to_owned())];
        let backend = Receiver::http_answering([Answer::Http(400, headers, body)]);
        let telemetry = start(builder().endpoint(backend.endpoint()));
        end_spans(&telemetry, ["span"]);

        let message = telemetry.shutdown().expect_err("refused").to_string();
        assert!(message.ends_with("the backend answered 400 Bad Request: no trace"), "{message}");
    }
}

#[test]
fn a_reply_that_cannot_be_read_takes_nothing_back() {
    let html = vec![("content-type", "text/html".to_owned())];
    for answer in [
        Answer::Http(200, html, b"<html>signed in</html>".to_vec()),
        Answer::Http(200, Vec::new(), vec![0xff; 100]),
        Answer::Huge(200, 100),
    ] {
        let backend = Receiver::http_answering([answer]);
        let telemetry = start(builder().endpoint(backend.endpoint()));
        end_spans(&telemetry, ["1"]);
        assert_eq!(telemetry.flush().expect("taken").exported, 1);
        end_spans(&telemetry, ["2"]);
        assert_eq!(telemetry.flush().expect("taken").exported, 1);
        assert_eq!(telemetry.stats().retried, 0);
    }
}

#[test]
fn a_reply_without_end_is_not_read_to_the_end() {
    let backend = Receiver::http_answering([Answer::Huge(400, 100)]);
    let telemetry = start(builder().endpoint(backend.endpoint()));
    end_spans(&telemetry, ["span"]);
    let error = telemetry.shutdown().expect_err("refused");
    assert_eq!(error.dropped().export_failed, 1, "{error}");

    // The reply to gRPC is one message, so that nothing of it can be read.
    let huge = || Answer::Huge(0, 5);
    let backend = Backend::grpc().answering([huge(), huge(), huge()]).start();
    let telemetry = start(builder().endpoint(backend.endpoint()).protocol(Protocol::Grpc));
    end_spans(&telemetry, ["1", "2"]);
    let error = telemetry.shutdown().expect_err("too large");
    assert_eq!(error.dropped().export_failed, 2, "{error}");
    assert_eq!(telemetry.stats().retried, 0);
}

#[test]
fn a_reply_that_drips_is_ended_by_the_timeout() {
    let backend = Receiver::http_answering([Answer::Dripping]);
    let telemetry =
        start(builder().endpoint(backend.endpoint()).timeout(Duration::from_millis(200)));
    end_spans(&telemetry, ["span"]);

    assert_eq!(telemetry.shutdown().expect("the second time").exported, 1);
    assert_eq!(telemetry.stats().retried, 1);
}
