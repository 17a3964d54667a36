//! Is what a backend could not take for the moment sent again, and only that?

use std::time::Duration;

use otel_runtime::{Protocol, builder};
use otel_tests::receiver::{Answer, Backend, Receiver, Relay, absent};
use tonic::{Code, Status};

use super::{end_spans, start};

fn grpc(code: Code, message: &str) -> Answer {
    Answer::Grpc(Status::new(code, message))
}

/// A backend of each protocol, which answers so.
fn backends(
    http: impl IntoIterator<Item = Answer>,
    grpc: impl IntoIterator<Item = Answer>,
) -> [(Protocol, Receiver); 3] {
    let http: Vec<Answer> = http.into_iter().collect();
    [
        (Protocol::Grpc, Backend::grpc().answering(grpc).start()),
        (Protocol::HttpProtobuf, Backend::http().answering(http.clone()).start()),
        (Protocol::HttpJson, Backend::http().answering(http).start()),
    ]
}

#[test]
fn what_failed_for_the_moment() {
    let now = |status| Answer::Http(status, vec![("retry-after", "0".to_owned())], Vec::new());
    let http = [503.into(), now(429), 502.into(), 504.into()];
    let codes = [Code::Unavailable, Code::Aborted, Code::DataLoss, Code::DeadlineExceeded];
    for (protocol, backend) in backends(http, codes.map(|code| grpc(code, "not now"))) {
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        end_spans(&telemetry, ["1", "2"]);

        let delivery = telemetry.shutdown_within(Duration::from_secs(20));
        assert_eq!(delivery.expect("delivered at last").exported, 2, "{protocol}");
        assert_eq!(telemetry.stats().retried, 4, "{protocol}");
        for _ in 0..5 {
            assert_eq!(backend.request().spans().count(), 2);
        }
        assert!(backend.is_idle());
    }
}

#[test]
fn what_bounds_an_attempt_does_not_bound_their_number() {
    let later = || [503, 503, 503].map(Answer::from);
    let grpc = || [(); 3].map(|()| grpc(Code::Unavailable, ""));
    for (protocol, backend) in backends(later(), grpc()) {
        // The pauses alone are longer.
        let settings = builder().endpoint(backend.endpoint()).protocol(protocol);
        let telemetry = start(settings.export_timeout(Duration::from_millis(50)));
        end_spans(&telemetry, ["span"]);
        assert_eq!(telemetry.flush().expect("delivered at last").exported, 1, "{protocol}");
    }
}

#[test]
fn what_failed_for_good_is_not() {
    let http = [400, 401, 404, 500].map(Answer::from);
    let codes = [Code::InvalidArgument, Code::Unauthenticated, Code::Unimplemented, Code::Internal];
    for (protocol, backend) in backends(http, codes.map(|code| grpc(code, ""))) {
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        for sent in 1..=4 {
            end_spans(&telemetry, ["span"]);
            let error = telemetry.flush().expect_err("refused");
            assert_eq!(error.dropped().export_failed, 1, "{protocol}: {error}");
            assert_eq!(backend.request().spans().count(), 1);
            let stats = telemetry.stats();
            assert_eq!((stats.dropped.export_failed, stats.retried), (sent, 0), "{protocol}");
        }
        assert!(backend.is_idle(), "{protocol}");
    }
}

#[test]
fn a_backend_that_says_when_is_not_asked_before() {
    let after = [("retry-after", "3600".to_owned())];
    let backend = Receiver::http_answering([Answer::Http(503, after.into(), Vec::new())]);
    let telemetry = start(builder().endpoint(backend.endpoint()));
    end_spans(&telemetry, ["span"]);

    let error = telemetry.flush_within(Duration::from_millis(500)).expect_err("not yet");
    assert_eq!((error.pending(), error.is_timeout()), (1, true), "{error}");
    assert!(error.to_string().contains("503 Service Unavailable"), "it says why: {error}");
    assert_eq!(backend.request().spans().count(), 1);
    assert!(backend.is_idle());
    assert_eq!(telemetry.stats().retried, 0);

    // At the end of the program there is no later time.
    let delivery = telemetry.shutdown_within(Duration::from_secs(60));
    assert_eq!(delivery.expect("one more attempt, at once").exported, 1);
    assert_eq!(telemetry.stats().retried, 1);
}

#[test]
fn exhausted_resources_of_grpc_only_if_they_recover() {
    use tonic_types::{ErrorDetails, StatusExt};

    let details = ErrorDetails::with_retry_info(Some(Duration::from_millis(1)));
    let recovers = Status::with_error_details(Code::ResourceExhausted, "quota", details);
    let answers = [Answer::Grpc(recovers), grpc(Code::ResourceExhausted, "quota")];
    let backend = Backend::grpc().answering(answers).start();
    let telemetry = start(builder().endpoint(backend.endpoint()).protocol(Protocol::Grpc));
    end_spans(&telemetry, ["span"]);

    let error = telemetry.shutdown().expect_err("refused the second time");
    assert_eq!(error.dropped().export_failed, 1, "{error}");
    assert!(
        error.to_string().ends_with("the backend answered ResourceExhausted: quota"),
        "{error}"
    );
    assert_eq!(telemetry.stats().retried, 1);
}

#[test]
fn what_is_too_large_is_sent_in_parts() {
    let words = "grpc: received message larger than max (9 vs. 8)";
    let grpc = || grpc(Code::ResourceExhausted, words);
    for (protocol, backend) in backends([413.into()], [grpc()]) {
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        end_spans(&telemetry, ["1", "2", "3"]);
        assert_eq!(telemetry.shutdown().expect("delivered").exported, 3, "{protocol}");
        let [whole, first] = [(); 2].map(|()| backend.request().spans().count());
        assert_eq!((whole, first), (3, 1), "{protocol}");
    }
    let large = || [413, 413, 413].map(Answer::from);
    for (protocol, backend) in backends(large(), [(); 3].map(|()| grpc())) {
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        end_spans(&telemetry, ["1", "2", "3", "4", "5"]);
        let error = telemetry.shutdown().expect_err("no span is smaller than itself");
        let dropped = error.dropped();
        assert_eq!((error.exported(), dropped.export_failed, dropped.total()), (4, 1, 1));
    }
}

#[test]
fn what_is_too_large_is_said_in_many_words() {
    let words = "http: request body too large";
    let backend = Backend::http().answering([Answer::Http(400, Vec::new(), words.into())]);
    let http = [(Protocol::HttpProtobuf, backend)];
    let words = [
        (Code::ResourceExhausted, "grpc: received message after decompression larger than max 4"),
        (Code::ResourceExhausted, "gRPC message exceeds maximum size 4194304: 5000000"),
        (Code::ResourceExhausted, "Received message exceeds the maximum configured message size."),
        (Code::ResourceExhausted, "CLIENT: Received message larger than max (5000000 vs. 4194304)"),
        (
            Code::OutOfRange,
            "Error, decoded message length too large: found 9 bytes, the limit is 8",
        ),
    ];
    let grpc = words.map(|(code, words)| {
        (Protocol::Grpc, Backend::grpc().answering([Answer::Grpc(Status::new(code, words))]))
    });
    for (protocol, backend) in http.into_iter().chain(grpc) {
        let backend = backend.start();
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        end_spans(&telemetry, ["1", "2"]);
        assert_eq!(telemetry.shutdown().expect("delivered").exported, 2, "{protocol}");
        let sizes = [(); 3].map(|()| backend.request().spans().count());
        assert_eq!(sizes, [2, 1, 1], "{protocol}");
    }
}

#[test]
fn everything_arrives_at_a_backend_that_takes_but_little_at_once() {
    let protocols = [
        (Protocol::Grpc, Backend::grpc()),
        (Protocol::HttpProtobuf, Backend::http()),
        (Protocol::HttpJson, Backend::http()),
    ];
    for (protocol, backend) in protocols {
        let backend = backend.taking(2_000).start();
        let telemetry = start(builder().endpoint(backend.endpoint()).protocol(protocol));
        let names: Vec<String> = (0..80).map(|index| index.to_string()).collect();
        for _ in 0..2 {
            end_spans(&telemetry, names.iter().map(String::as_str));
            assert_eq!(telemetry.flush().expect("delivered").exported, 80, "{protocol}");
            let received: Vec<_> = backend.spans(80).into_iter().map(|it| it.span.name).collect();
            assert_eq!(received, names, "{protocol}: each once, in order");
        }
        assert!(backend.is_idle(), "{protocol}");
    }
}

#[test]
fn a_flush_that_is_out_of_time_gives_nothing_up() {
    for protocol in [Protocol::Grpc, Protocol::HttpProtobuf] {
        let telemetry = start(builder().endpoint(absent()).protocol(protocol));
        end_spans(&telemetry, ["1", "2"]);

        let error = telemetry.flush_within(Duration::from_millis(200)).expect_err("nobody there");
        assert!(error.is_timeout(), "{error}");
        assert_eq!((error.pending(), error.dropped().total()), (2, 0), "{protocol}: {error}");
        assert!(error.to_string().contains("refused"), "it says why: {error}");
        let stats = telemetry.stats();
        assert_eq!((stats.held, stats.dropped.total()), (2, 0));
        let _ = telemetry.shutdown_within(Duration::ZERO);
    }
}

#[test]
fn a_connection_that_went_dead_without_a_word_is_replaced() {
    for (protocol, backend) in backends([], []) {
        let relay = Relay::to(&backend);
        let settings = builder().endpoint(relay.endpoint()).protocol(protocol);
        let telemetry = start(settings.timeout(Duration::from_secs(1)));
        end_spans(&telemetry, ["before"]);
        assert_eq!(telemetry.flush().expect("alive").exported, 1, "{protocol}");

        relay.go_silent();
        end_spans(&telemetry, ["after"]);
        let delivery = telemetry.flush_within(Duration::from_secs(20)).expect("over another");
        assert_eq!(delivery.exported, 1, "{protocol}");
        assert!(telemetry.stats().retried > 0, "{protocol}");
        assert_eq!(backend.spans(2).len(), 2, "{protocol}");
        assert!(backend.is_idle(), "{protocol}");
    }
}
