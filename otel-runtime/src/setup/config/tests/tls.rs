//! Are TLS files read, and is every one refused that is not what it should be?

use std::path::PathBuf;

use super::{config, only, tracing};
use crate::export::settings::Tls;
use crate::setup::config::Destination;

/// A file that is removed after the test.
struct File(PathBuf);

impl File {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("otel-{name}-{}.pem", std::process::id()));
        std::fs::write(&path, text).expect("written");
        File(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }
}

impl Drop for File {
    fn drop(&mut self) {
        let _ = std::fs::remove_file(&self.0);
    }
}

/// A certificate and its key.
fn pair() -> (String, String) {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).expect("made");
    (made.cert.pem(), made.signing_key.serialize_pem())
}

const OTLP: (&str, &str) = ("OTEL_TRACES_EXPORTER", "otlp");

fn tls(variables: &[(&str, &str)]) -> Tls {
    match only(tracing(&[&[OTLP], variables].concat())).destination {
        Destination::Otlp(otlp) => otlp.tls,
        _ => panic!("not OTLP"),
    }
}

fn refused(variables: &[(&str, &str)]) -> String {
    config(&[&[OTLP], variables].concat()).err().expect("refused").to_string()
}

#[test]
fn files_are_read_and_the_signals_own_come_first() {
    let (certificate, key) = pair();
    let certificate_file = File::new("certificate", &certificate);
    let key_file = File::new("key", &key);
    for prefix in ["OTEL_EXPORTER_OTLP_", "OTEL_EXPORTER_OTLP_TRACES_"] {
        let tls = tls(&[
            ("OTEL_EXPORTER_OTLP_CERTIFICATE", "/does/not/count"),
            (&format!("{prefix}CERTIFICATE"), certificate_file.path()),
            (&format!("{prefix}CLIENT_CERTIFICATE"), certificate_file.path()),
            (&format!("{prefix}CLIENT_KEY"), key_file.path()),
        ]);
        assert_eq!(tls.roots.as_deref(), Some(certificate.as_bytes()));
        let identity = tls.identity.as_ref().expect("read");
        assert_eq!(identity.certificate, certificate.as_bytes());
        assert_eq!(identity.key, key.as_bytes());
        assert!(!format!("{tls:?}").contains("KEY"));
    }
}

#[test]
fn without_a_setting_there_is_nothing_to_read() {
    let tls = tls(&[]);
    assert!(tls.roots.is_none() && tls.identity.is_none());
}

#[test]
fn a_certificate_without_its_key_is_refused_and_the_other_way_round() {
    let (certificate, key) = pair();
    let (certificate, key) = (File::new("alone", &certificate), File::new("alone-key", &key));
    for (name, file, other) in [
        ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", &certificate, "OTEL_EXPORTER_OTLP_CLIENT_KEY"),
        ("OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", &key, "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE"),
    ] {
        let message = refused(&[(name, file.path())]);
        assert!(message.starts_with(&format!("{name} is {:?}: ", file.path())), "{message}");
        assert!(message.contains(other), "{message}");
    }
}

#[test]
fn a_file_that_is_not_what_it_should_be_is_refused() {
    let (certificate, key) = pair();
    let (_, other_key) = pair();
    let certificate = File::new("good", &certificate);
    let key = File::new("good-key", &key);
    let other_key = File::new("other-key", &other_key);
    let text = File::new("text", "no certificate");
    let broken = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    let broken = File::new("broken", broken);
    let absent = "/there/is/no/such/file";

    for path in [absent, text.path(), broken.path(), key.path()] {
        let message = refused(&[("OTEL_EXPORTER_OTLP_CERTIFICATE", path)]);
        let start = format!("OTEL_EXPORTER_OTLP_CERTIFICATE is {path:?}: write the path of a file");
        assert!(message.starts_with(&start), "{message}");
    }
    let pair = |certificate, key| {
        refused(&[
            ("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE", certificate),
            ("OTEL_EXPORTER_OTLP_CLIENT_KEY", key),
        ])
    };
    for path in [absent, text.path(), broken.path()] {
        let message = pair(path, key.path());
        assert!(message.starts_with("OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE is "), "{message}");
    }
    for path in [absent, text.path(), certificate.path(), other_key.path()] {
        let message = pair(certificate.path(), path);
        assert!(message.starts_with("OTEL_EXPORTER_OTLP_CLIENT_KEY is "), "{message}");
    }
    assert!(pair(certificate.path(), other_key.path()).contains("belongs to the client"));
    assert!(pair(absent, absent).starts_with("2 settings cannot be used"));
}
