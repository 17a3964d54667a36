//! Is a batch that a backend took delivered, and one that it did not sent again, however odd the reply?

use std::time::Duration;

use otel_runtime::{Protocol, Telemetry, builder};
use otel_tests::receiver::{Answer, Backend, End, Raw, Receiver};

use super::{end_spans, start};

/// One that answers the first request so, and takes the others.
fn grpc(reply: Raw) -> (Receiver, Telemetry) {
    let backend = Backend::raw().answering([reply]).start();
    let settings = builder().endpoint(backend.endpoint()).protocol(Protocol::Grpc);
    let telemetry = start(settings.timeout(Duration::from_secs(3)));
    (backend, telemetry)
}

/// A batch is delivered, by one request, and so is the next.
#[track_caller]
fn delivered_at_once((backend, telemetry): (Receiver, Telemetry), what: &str) {
    for name in ["1", "2"] {
        end_spans(&telemetry, [name]);
        let delivery = telemetry.flush().unwrap_or_else(|error| panic!("{what}: {error}"));
        assert_eq!(delivery.exported, 1, "{what}");
        assert_eq!(backend.request().spans().count(), 1, "{what}");
        assert!(backend.is_idle(), "{what}: sent again");
    }
}

/// A batch is delivered by the second request.
#[track_caller]
fn delivered_later((backend, telemetry): (Receiver, Telemetry), what: &str) {
    end_spans(&telemetry, ["span"]);
    let delivery = telemetry.flush().unwrap_or_else(|error| panic!("{what}: {error}"));
    assert_eq!((delivery.exported, telemetry.stats().retried), (1, 1), "{what}");
    assert_eq!(backend.spans(2).len(), 2, "{what}");
}

/// A batch is lost, and not sent again.
#[track_caller]
fn lost((backend, telemetry): (Receiver, Telemetry), what: &str) -> String {
    end_spans(&telemetry, ["span"]);
    let error = telemetry.flush().expect_err(what);
    assert_eq!((error.dropped().export_failed, telemetry.stats().retried), (1, 0), "{what}");
    assert_eq!(backend.request().spans().count(), 1, "{what}");
    assert!(backend.is_idle(), "{what}: sent again");
    error.to_string()
}

/// Trailers, or headers where there are no others.
fn both(status: &[(&'static str, &[u8])]) -> [Raw; 2] {
    let mut head = Raw::grpc(b"", End::Whole);
    head.headers.extend(status.iter().map(|&(name, value)| (name, value.to_owned())));
    [Raw::grpc(b"", End::trailers(status.iter().copied())), head]
}

#[test]
fn a_garbled_status_of_grpc_is_sent_again_as_its_code_says() {
    let odd: [(&str, &[u8]); 8] = [
        ("grpc-status-details-bin", b"!!!!"),
        ("grpc-status-details-bin", b"A"),
        ("grpc-status-details-bin", b"\xff\xff"),
        ("grpc-status-details-bin", b"//////////8"),
        ("grpc-message", b"%ff%fe"),
        ("grpc-message", b"%"),
        ("grpc-message", b"\xff"),
        ("x-odd-bin", b"!!!!"),
    ];
    for (name, value) in odd {
        for reply in both(&[("grpc-status", b"14"), (name, value)]) {
            delivered_later(grpc(reply), &format!("{name}: {}", value.escape_ascii()));
        }
    }
}

#[test]
fn a_reply_of_grpc_may_ask_to_be_left_alone_for_any_time() {
    use prost::encoding::{bytes, int32, int64, string};

    for (seconds, nanos) in [(0, 1), (-1, -1), (i64::MIN, i32::MIN), (0, i32::MAX)] {
        // A `google.rpc.Status` with an `Any` with a `google.rpc.RetryInfo` with a duration.
        let [mut delay, mut info, mut any, mut status] = [const { Vec::new() }; 4];
        int64::encode(1, &seconds, &mut delay);
        int32::encode(2, &nanos, &mut delay);
        bytes::encode(1, &delay, &mut info);
        string::encode(1, &"type.googleapis.com/google.rpc.RetryInfo".to_owned(), &mut any);
        bytes::encode(2, &info, &mut any);
        bytes::encode(3, &any, &mut status);
        let details = base64(&status);
        for reply in both(&[("grpc-status", b"8"), ("grpc-status-details-bin", &details)]) {
            delivered_later(grpc(reply), &format!("{seconds} s, {nanos} ns"));
        }
    }
}

#[test]
fn what_grpc_took_is_not_sent_again_for_what_comes_after() {
    let ok = b"\0\0\0\0\0";
    // A partial success with a text, of which only the length is true.
    let huge = [&b"\0\x7f\xff\xff\xff"[..], &[b'x'; 1000]].concat();
    let status = |status: &[u8]| End::trailers([("grpc-status", status)]);
    for (reply, what) in [
        (Raw::grpc(ok, End::Whole), "no trailers"),
        (Raw::grpc(ok, End::trailers([("x-other", "1")])), "other trailers"),
        (Raw::grpc(ok, status(b"")), "no code"),
        (Raw::grpc(ok, status(b"fine")), "no number"),
        (Raw::grpc(ok, status(b"\xff")), "no text"),
        (Raw::grpc(ok, End::Broken), "broken after the message"),
        (Raw::grpc(ok, End::Silent), "silent after the message"),
        (Raw::grpc(b"\0\0\0\0\x09short", End::Broken), "broken in the message"),
        (Raw::grpc(b"\0\0\0\0\x09short", status(b"0")), "a message that ends short"),
        (Raw::grpc(b"\0\0\0\0\x03\xff\xff\xff", status(b"0")), "a garbled message"),
        (Raw::grpc(b"\x01\0\0\0\x03abc", status(b"0")), "a compressed message"),
        (Raw::grpc(b"\xff\0\0\0\x03abc", status(b"0")), "an odd flag"),
        (Raw::grpc(b"", status(b"0")), "no message"),
        (Raw::grpc(&huge, status(b"0")), "a message that is too long to be read"),
        (Raw::grpc(&huge, End::Silent), "one that has no end"),
    ] {
        delivered_at_once(grpc(reply), what);
    }
    let mut untyped = Raw::grpc(ok, status(b"0"));
    untyped.headers.clear();
    delivered_at_once(grpc(untyped), "no type");
}

#[test]
fn what_grpc_did_not_take_is_no_delivery() {
    delivered_later(grpc(Raw::grpc(b"", End::Broken)), "broken before the message");
    delivered_later(grpc(Raw::grpc(b"", End::Silent)), "silent before the message");
    let unavailable = Raw { status: 503, ..Raw::new([("retry-after", "0")], b"busy", End::Whole) };
    delivered_later(grpc(unavailable), "a proxy whose backend is away");

    let error = lost(grpc(Raw::grpc(b"", End::Whole)), "nothing at all");
    assert!(error.ends_with("the backend answered without a status of gRPC"), "{error}");
    let status = End::trailers([("grpc-status", "3"), ("grpc-message", "no%20trace")]);
    let error = lost(grpc(Raw::grpc(b"\0\0\0\0\0", status)), "a message, and then an error");
    assert!(error.ends_with("the backend answered InvalidArgument: no trace"), "{error}");
    let error =
        lost(grpc(Raw::grpc(b"", End::trailers([("grpc-status", "99")]))), "a code of no one's");
    assert!(error.ends_with("the backend answered gRPC status 99"), "{error}");
    let forbidden = Raw { status: 403, ..Raw::new([("x-proxy", "1")], b"not you", End::Whole) };
    let error = lost(grpc(forbidden), "a proxy");
    assert!(error.contains("the backend answered 403 Forbidden: not you"), "{error}");
}

#[test]
fn a_sign_in_page_is_no_delivery() {
    let page = |content_type| {
        Raw::new([("content-type", content_type)], b"<html>sign in</html>", End::Whole)
    };
    for content_type in ["text/html; charset=utf-8", "text/plain", "application/octet-stream"] {
        let by_grpc = grpc(page(content_type));
        for protocol in [Protocol::HttpProtobuf, Protocol::HttpJson] {
            let error = lost(http(protocol, page(content_type)), content_type);
            let what = "no OTLP backend is there: the answer is of another type: ";
            assert!(error.contains(&format!("{what}{content_type}")), "{error}");
        }
        let error = lost(by_grpc, content_type);
        assert!(error.contains("no OTLP backend is there"), "{error}");
        assert!(error.contains(content_type), "{error}");
    }
    // Whose answers are of protobuf, and not of gRPC.
    lost(grpc(page("application/x-protobuf")), "no backend of gRPC");
}

fn http(protocol: Protocol, reply: impl Into<Answer>) -> (Receiver, Telemetry) {
    let backend = Receiver::http_answering([reply.into()]);
    let settings = builder().endpoint(backend.endpoint()).protocol(protocol);
    let telemetry = start(settings.timeout(Duration::from_secs(3)));
    (backend, telemetry)
}

#[test]
fn what_http_took_is_not_sent_again_for_the_body_that_follows() {
    let types: [&[(&str, &str)]; 4] = [
        &[],
        &[("content-type", "")],
        &[("content-type", "application/x-protobuf")],
        &[("content-type", "Application/JSON; charset=utf-8")],
    ];
    for headers in types {
        for protocol in [Protocol::HttpProtobuf, Protocol::HttpJson] {
            let raw = |body, end| Raw::new(headers.iter().copied(), body, end);
            for (reply, what) in [
                (raw(b"", End::Whole), "no body"),
                (raw(b"{\"partialSuccess\": ", End::Whole), "ends short"),
                (raw(&[0xff; 100], End::Whole), "garbled"),
                (raw(b"", End::Broken), "broken before the body"),
                (raw(b"{", End::Broken), "broken in the body"),
            ] {
                delivered_at_once(http(protocol, reply), &format!("{headers:?}: {what}"));
            }
        }
    }
    let untyped = |body, end| Answer::Raw(Raw::new([("x-other", "")], body, end));
    for answer in [
        untyped(b"", End::Silent),
        untyped(b"{", End::Silent),
        Answer::Huge(200, 100),
        Answer::Dripping,
    ] {
        delivered_at_once(http(Protocol::HttpProtobuf, answer.clone()), &format!("{answer:?}"));
    }
}

#[test]
fn an_error_by_http_counts_whatever_becomes_of_its_body() {
    for end in [End::Broken, End::Silent] {
        let later = Raw { status: 503, ..Raw::new([("retry-after", "0")], b"busy", end.clone()) };
        delivered_later(http(Protocol::HttpProtobuf, later), "503");
        let never = Raw { status: 400, ..Raw::new([("x-other", "")], b"no trace", end) };
        let error = lost(http(Protocol::HttpProtobuf, never), "400");
        assert!(error.ends_with("400 Bad Request: no trace"), "what came of it is told: {error}");
    }
}

/// Without the padding.
fn base64(bytes: &[u8]) -> Vec<u8> {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let bits: Vec<u8> =
        bytes.iter().flat_map(|byte| (0..8).rev().map(move |bit| byte >> bit & 1)).collect();
    let digit = |bits: &[u8]| {
        let padded = bits.iter().chain(&[0; 6]).take(6);
        DIGITS[padded.fold(0, |digit, bit| digit << 1 | usize::from(*bit))]
    };
    bits.chunks(6).map(digit).collect()
}
