//! Do requests go through the proxy that the environment names, and only those that should?

use otel_tests::program::{program, run};
use otel_tests::receiver::{Backend, Certificate, Proxy, absent};

use super::tls::File;

/// A host that nobody but the proxy of a test knows.
const HOST: &str = "collector.test";

/// What a program that sends 100 spans prints.
fn many(variables: &[(&str, &str)]) -> (String, String) {
    run(program(env!("CARGO_BIN_EXE_program")).arg("many").envs(variables.iter().copied()))
}

fn backends() -> [(&'static str, Backend); 3] {
    let (grpc, http) = (Backend::grpc(), Backend::http());
    [("grpc", grpc), ("http/protobuf", http.clone()), ("http/json", http)]
}

#[test]
fn requests_go_through_the_proxy() {
    for (protocol, backend) in backends() {
        let backend = backend.start();
        let proxy = Proxy::to(&backend);
        let endpoint = format!("http://{HOST}:4320");
        let (stdout, stderr) = many(&[
            ("HTTP_PROXY", &proxy.url()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ]);

        assert_eq!((stdout.as_str(), stderr.as_str()), ("delivered 100\n", ""), "{protocol}");
        assert_eq!(backend.spans(100).len(), 100, "{protocol}");
        let head = proxy.heads().next().expect("a request").to_ascii_lowercase();
        let line = if protocol == "grpc" {
            format!("connect {HOST}:4320 ")
        } else {
            format!("post http://{HOST}:4320/v1/traces ")
        };
        assert!(head.starts_with(&line), "{protocol}: {head}");
        assert!(head.contains("proxy-authorization: basic dxnlcjpzzwnyzxq="), "{protocol}: {head}");
    }
}

#[test]
fn what_goes_over_tls_is_nothing_to_the_proxy() {
    for (protocol, backend) in backends() {
        let certificate = Certificate::of(HOST);
        let backend = backend.certified(&certificate).start();
        let proxy = Proxy::to(&backend);
        let roots = File::new(&format!("proxy-{protocol}"), &certificate.pem);
        let (stdout, _) = many(&[
            ("https_proxy", &proxy.address()),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &format!("https://{HOST}")),
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", &roots.as_ref().to_string_lossy()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ]);

        assert_eq!(stdout, "delivered 100\n", "{protocol}");
        assert_eq!(backend.spans(100).len(), 100, "{protocol}");
        let head = proxy.heads().next().expect("a tunnel");
        assert!(head.starts_with(&format!("CONNECT {HOST}:443 ")), "{protocol}: {head}");
        assert!(!head.contains("v1/traces"), "{protocol}: {head}");
    }
}

#[test]
fn what_is_on_this_machine_or_excepted_goes_without_it() {
    for (protocol, backend) in backends() {
        let backend = backend.start();
        let proxy = absent();
        let (stdout, stderr) = many(&[
            ("HTTP_PROXY", &proxy),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", &backend.endpoint()),
            ("OTEL_EXPORTER_OTLP_PROTOCOL", protocol),
        ]);
        assert_eq!((stdout.as_str(), stderr.as_str()), ("delivered 100\n", ""), "{protocol}");
    }
}

#[test]
fn a_proxy_that_is_not_there_is_named_and_one_that_cannot_be_used_is_told() {
    let proxy = absent();
    let endpoint = format!("http://{HOST}:4320");
    for protocol in ["grpc", "http/protobuf"] {
        let diagnosis = |proxy: &str| {
            run(program(env!("CARGO_BIN_EXE_program"))
                .arg("doctor")
                .env("OTEL_SERVICE_NAME", "shop")
                .env("ALL_PROXY", proxy)
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", &endpoint)
                .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol))
        };
        let (told, _) = diagnosis(&proxy);
        assert!(told.starts_with(&endpoint), "{told}");
        let where_to = format!("({protocol}, through the proxy {proxy}) does not take spans: ");
        assert!(told.contains(&where_to), "{told}");
        assert!(told.contains(&format!("not through the proxy {proxy}")), "{told}");
        assert!(told.contains("NO_PROXY"), "{told}");

        let (_, stderr) = diagnosis("socks5://user:secret@localhost:1080");
        assert!(stderr.contains("ALL_PROXY") && stderr.contains("this is left out"), "{stderr}");
        assert!(!stderr.contains("secret"), "{stderr}");
    }
}
