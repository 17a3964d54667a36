//! Is a backend behind TLS trusted if the system trusts it, and only then?

use std::io::Write;

use otel_tests::program::{program, run};
use otel_tests::receiver::{Backend, Certificate};

/// A file with a certificate, gone with the test.
struct File(std::path::PathBuf);

impl File {
    fn of(certificate: &Certificate, name: &str) -> Self {
        let path = std::env::temp_dir().join(format!("{name}-{}.pem", std::process::id()));
        let mut file = std::fs::File::create(&path).expect("a file");
        file.write_all(certificate.pem.as_bytes()).expect("written");
        File(path)
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

fn check(protocol: &str, backend: Backend) {
    let certificate = Certificate::new();
    let backend = backend.certified(&certificate).start();
    let trusted = File::of(&certificate, &protocol.replace('/', "-"));
    let other = File::of(&Certificate::new(), &format!("other-{}", protocol.replace('/', "-")));
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
fn grpc() {
    check("grpc", Backend::grpc());
}

#[test]
fn http() {
    check("http/protobuf", Backend::http());
}
