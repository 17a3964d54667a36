//! Is a backend behind TLS trusted if it should be, and only then?

use std::path::Path;
use std::time::Duration;

use otel_runtime::{Builder, Protocol, builder};
use otel_tests::program::{program, run};
use otel_tests::receiver::{Backend, Certificate, Receiver};

use super::{end_spans, start};

/// A file of a test, gone with it.
pub(super) struct File(std::path::PathBuf);

impl File {
    pub(super) fn new(name: &str, text: &str) -> Self {
        let name = format!("{}-{}.pem", name.replace('/', "-"), std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::write(&path, text).expect("written");
        File(path)
    }

    fn of(certificate: &Certificate, name: &str) -> Self {
        File::new(name, &certificate.pem)
    }
}

impl AsRef<Path> for File {
    fn as_ref(&self) -> &Path {
        &self.0
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn backends() -> [(Protocol, Backend); 3] {
    [
        (Protocol::Grpc, Backend::grpc()),
        (Protocol::HttpProtobuf, Backend::http()),
        (Protocol::HttpJson, Backend::http()),
    ]
}

/// Settings to send to `backend`.
fn to(protocol: Protocol, backend: &Receiver) -> Builder {
    builder().protocol(protocol).endpoint(backend.endpoint())
}

/// Whether the system's roots decide.
fn check(protocol: &str, backend: Backend) {
    let certificate = Certificate::new();
    let backend = backend.certified(&certificate).start();
    let trusted = File::of(&certificate, protocol);
    let other = File::of(&Certificate::new(), &format!("other-{protocol}"));
    let many = |file: &File| {
        run(program(env!("CARGO_BIN_EXE_program"))
            .arg("many")
            .env("SSL_CERT_FILE", &file.0)
            .env_remove("SSL_CERT_DIR")
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()))
    };

    let (stdout, stderr) = many(&trusted);
    assert_eq!((stdout.as_str(), stderr.as_str()), ("delivered 100\n", ""));
    assert_eq!(backend.spans(100).len(), 100);

    let (stdout, _) = many(&other);
    assert!(stdout.starts_with("100 of 100 spans were not delivered"), "{stdout}");
    assert!(stdout.contains("certificate"), "it says why: {stdout}");
    assert!(backend.is_idle());
}

#[test]
fn by_the_system_over_grpc() {
    check("grpc", Backend::grpc());
}

#[test]
fn by_the_system_over_http() {
    check("http/protobuf", Backend::http());
}

#[test]
fn by_roots_of_its_own() {
    for (protocol, backend) in backends() {
        let certificate = Certificate::new();
        let backend = backend.certified(&certificate).start();
        let roots = File::of(&certificate, &format!("roots-{protocol}"));
        let telemetry = start(to(protocol, &backend).certificate(roots.as_ref()));
        end_spans(&telemetry, ["span"]);
        assert_eq!(telemetry.shutdown().expect("trusted").exported, 1, "{protocol}");
        assert_eq!(backend.spans(1).len(), 1);

        let other = File::of(&Certificate::new(), &format!("wrong-{protocol}"));
        let telemetry = start(to(protocol, &backend).certificate(other.as_ref()));
        end_spans(&telemetry, ["span"]);
        // It would be refused for ever: that is told at once.
        let error = telemetry.shutdown().expect_err("not trusted");
        assert_eq!(error.dropped().export_failed, 1, "{protocol}: {error}");
        assert!(error.to_string().contains("certificate"), "it says why: {error}");
        assert!(backend.is_idle());
    }
}

#[test]
fn a_client_says_who_it_is() {
    for (protocol, backend) in backends() {
        let (server, client, stranger) =
            (Certificate::new(), Certificate::new(), Certificate::new());
        let backend = backend.certified(&server).trusting(&client).start();
        let roots = File::of(&server, &format!("server-{protocol}"));
        let settings = || to(protocol, &backend).certificate(roots.as_ref());
        let files = |of: &Certificate, name: &str| {
            let key = File::new(&format!("{name}-key-{protocol}"), &of.key);
            (File::of(of, &format!("{name}-{protocol}")), key)
        };

        let (certificate, key) = files(&client, "client");
        let telemetry =
            start(settings().client_certificate(certificate.as_ref()).client_key(key.as_ref()));
        end_spans(&telemetry, ["span"]);
        assert_eq!(telemetry.shutdown().expect("trusted").exported, 1, "{protocol}");
        assert_eq!(backend.spans(1).len(), 1);

        let (certificate, key) = files(&stranger, "stranger");
        let stranger = settings().client_certificate(certificate.as_ref()).client_key(key.as_ref());
        for settings in [stranger, settings()] {
            let telemetry = start(settings);
            end_spans(&telemetry, ["span"]);
            let error = telemetry.shutdown_within(Duration::from_secs(1)).expect_err("unknown");
            assert_eq!(error.dropped().total(), 1, "{protocol}: {error}");
            assert!(backend.is_idle());
        }
    }
}
