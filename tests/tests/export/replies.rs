//! Can a backend answer anything that does harm?

use otel_runtime::{Protocol, builder};
use otel_tests::program::{program, run};
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
fn a_reply_without_end_is_not_read_to_the_end() {
    let backend = Receiver::http_answering([Answer::Huge(400, 100)]);
    let telemetry = start(builder().endpoint(backend.endpoint()));
    end_spans(&telemetry, ["span"]);
    let error = telemetry.shutdown().expect_err("refused");
    assert_eq!(error.dropped().export_failed, 1, "{error}");
}

#[test]
fn a_warning_of_a_backend_that_takes_everything_is_told_once() {
    for (protocol, backend) in [
        ("grpc", Backend::grpc()),
        ("http/protobuf", Backend::http()),
        ("http/json", Backend::http()),
    ] {
        let warns = |why: &str| Answer::Taken { rejected: 0, why: why.to_owned() };
        // A request for each of 100 spans.
        let answers = [warns("old\nform"), warns("old\nform"), warns("too many keys"), warns("")];
        let backend = backend.answering(answers).start();
        let (stdout, stderr) = run(program(env!("CARGO_BIN_EXE_program"))
            .arg("many")
            .env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10")
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

        assert_eq!(stdout, "delivered 100\n", "{protocol}");
        let line = |text| {
            let endpoint = backend.endpoint();
            format!("otel-runtime: {endpoint} takes the spans, and warns: {text}\n")
        };
        assert_eq!(stderr, line("old form") + &line("too many keys"), "{protocol}");
    }
}
