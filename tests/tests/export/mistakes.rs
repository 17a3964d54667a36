//! Does what is told of a backend name the mistake, and what to set?

use std::time::Duration;

use otel_runtime::{Builder, Protocol, builder};
use otel_tests::receiver::{Answer, Backend, Certificate, Receiver};
use tonic::{Code, Status};

use super::tls::File;
use super::{end_spans, start};

/// What is told when nothing gets through to there.
fn told(protocol: Protocol, endpoint: &str) -> String {
    let telemetry = start(builder().protocol(protocol).endpoint(endpoint));
    end_spans(&telemetry, ["span"]);
    telemetry.shutdown_within(Duration::from_secs(1)).expect_err("not delivered").to_string()
}

#[track_caller]
fn names(told: &str, all: &[&str]) {
    for name in all {
        assert!(told.contains(name), "{name} is not in: {told}");
    }
}

#[test]
fn http_to_a_port_for_grpc_and_back() {
    for protocol in [Protocol::HttpProtobuf, Protocol::HttpJson] {
        let backend = Receiver::grpc();
        let told = told(protocol, &backend.endpoint());
        names(&told, &["gRPC, or something else", "OTEL_EXPORTER_OTLP_PROTOCOL=grpc", "4318"]);
    }
    let backend = Receiver::http();
    let told = told(Protocol::Grpc, &backend.endpoint());
    names(&told, &["OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf", "4317"]);
}

#[test]
fn http_to_a_port_for_grpc_behind_tls_and_back() {
    let certificate = Certificate::new();
    let roots = File::new("mistakes", &certificate.pem);
    for (protocol, backend, remedy) in [
        (Protocol::HttpProtobuf, Backend::grpc(), "OTEL_EXPORTER_OTLP_PROTOCOL=grpc"),
        (Protocol::Grpc, Backend::http(), "OTEL_EXPORTER_OTLP_PROTOCOL=http/protobuf"),
    ] {
        let backend = backend.certified(&certificate).start();
        let settings = builder().protocol(protocol).endpoint(backend.endpoint());
        let telemetry = start(settings.certificate(roots.as_ref()));
        end_spans(&telemetry, ["span"]);
        let told = telemetry.shutdown_within(Duration::from_secs(1)).expect_err("not delivered");
        names(&told.to_string(), &[remedy]);
    }
}

#[test]
fn https_to_a_port_without_tls_and_back() {
    for (protocol, plain, secure) in [
        (Protocol::Grpc, Backend::grpc(), Backend::grpc()),
        (Protocol::HttpProtobuf, Backend::http(), Backend::http()),
    ] {
        let plain = plain.start();
        let told_of_plain = told(protocol, &plain.endpoint().replace("http://", "https://"));
        names(&told_of_plain, &["no TLS is spoken", "OTEL_EXPORTER_OTLP_ENDPOINT with http://"]);
        let secure = secure.certified(&Certificate::new()).start();
        let told_of_secure = told(protocol, &secure.endpoint().replace("https://", "http://"));
        names(&told_of_secure, &["TLS", "OTEL_EXPORTER_OTLP_ENDPOINT with https://"]);
    }
    // As servers in Go and nginx say it.
    for text in [
        "Client sent an HTTP request to an HTTPS server.",
        "<center>The plain HTTP request was sent to HTTPS port</center>",
    ] {
        let answer = Answer::Http(400, Vec::new(), text.into());
        let backend = Receiver::http_answering([answer]);
        names(&told(Protocol::HttpProtobuf, &backend.endpoint()), &["with https://", text]);
    }
}

#[test]
fn a_path_that_is_not_found() {
    let at = |path: &str, endpoint: fn(Builder, String) -> Builder| {
        let backend = Receiver::http_answering([404]);
        let url = format!("{}{path}", backend.endpoint());
        let telemetry = start(endpoint(builder(), url));
        end_spans(&telemetry, ["span"]);
        telemetry.shutdown().expect_err("not found").to_string()
    };
    let twice = at("/v1/traces", Builder::endpoint);
    names(&twice, &["404 Not Found at /v1/traces/v1/traces", "/v1/traces is there twice"]);
    names(&at("", Builder::endpoint), &["404 Not Found at /v1/traces"]);
    let bare = at("/?key=secret", Builder::traces_endpoint);
    names(&bare, &["404 Not Found at /", "/v1/traces at its end"]);
    assert!(!bare.contains("secret"), "{bare}");
}

#[test]
fn a_key_that_is_missing() {
    let grpc = |code| Answer::Grpc(Status::new(code, "who are you?"));
    let both: [(Protocol, Backend); 4] = [
        (Protocol::Grpc, Backend::grpc().answering([grpc(Code::Unauthenticated)])),
        (Protocol::Grpc, Backend::grpc().answering([grpc(Code::PermissionDenied)])),
        (Protocol::HttpProtobuf, Backend::http().answering([401])),
        (Protocol::HttpJson, Backend::http().answering([403])),
    ];
    for (protocol, backend) in both {
        let backend = backend.start();
        names(&told(protocol, &backend.endpoint()), &["OTEL_EXPORTER_OTLP_HEADERS"]);
    }
    let unknown = Backend::grpc().answering([grpc(Code::Unimplemented)]).start();
    names(&told(Protocol::Grpc, &unknown.endpoint()), &["takes no traces", "Unimplemented"]);
}
