//! Does what `docs/backends.md` says work?

use std::path::Path;
use std::process::Command;

use otel_tests::program::{program, run};
use otel_tests::receiver::{Backend, Certificate, text};

use super::tls::File;

const DOCUMENT: &str = include_str!("../../../docs/backends.md");

/// The variables of a section's first block.
fn variables(heading: &str) -> Vec<(&'static str, &'static str)> {
    let (_, section) = DOCUMENT.split_once(&format!("\n## {heading}\n")).expect("a section");
    let (_, block) = section.split_once("```sh\n").expect("a block");
    let (block, _) = block.split_once("```").expect("an end");
    block.lines().map(|line| line.split_once('=').expect("a variable")).collect()
}

/// The program with what the document says for this backend.
fn with(heading: &str) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_program"));
    command.envs(variables(heading));
    command
}

#[test]
fn honeycomb() {
    let key = ("x-honeycomb-team", "YOUR_API_KEY");
    for (protocol, backend) in [("http/protobuf", Backend::http()), ("grpc", Backend::grpc())] {
        let certificate = Certificate::new();
        let backend = backend.certified(&certificate).demanding(key.0, key.1).start();
        let authority = File::new(&format!("honeycomb-{protocol}"), &certificate.pem);
        let here = |command: &mut Command| {
            run(command
                .arg("many")
                .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
                .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
                .env("OTEL_EXPORTER_OTLP_CERTIFICATE", AsRef::<Path>::as_ref(&authority)))
        };

        let (stdout, stderr) = here(&mut with("Honeycomb"));
        assert_eq!((stdout.as_str(), stderr.as_str()), ("delivered 100\n", ""), "{protocol}");
        assert_eq!(backend.spans(100)[0].resource("service.name"), Some(&text("shop")));

        let (stdout, stderr) = here(with("Honeycomb").env_remove("OTEL_EXPORTER_OTLP_HEADERS"));
        assert!(stdout.starts_with("100 of 100 spans were not delivered"), "{stdout}");
        assert!(stdout.contains("401") || stdout.contains("Unauthenticated"), "{stdout}");
        assert!(!stderr.contains(key.1), "{stderr}");
        assert!(backend.is_idle(), "{protocol}");
    }
}

#[test]
fn the_others() {
    let certificate = Certificate::new();
    for heading in ["Jaeger", "Tempo", "OpenTelemetry Collector"] {
        let backend = Backend::http().start();
        let (stdout, _) =
            run(with(heading).arg("many").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));
        assert_eq!(stdout, "delivered 100\n", "{heading}");
        let backend = Backend::grpc().certified(&certificate).start();
        let authority = File::new(heading, &certificate.pem);
        let (stdout, _) = run(with(heading)
            .arg("many")
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", "grpc")
            .env("OTEL_EXPORTER_OTLP_CERTIFICATE", AsRef::<Path>::as_ref(&authority))
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));
        assert_eq!(stdout, "delivered 100\n", "{heading}");
    }
}

#[test]
fn all_that_is_named_there_is_taken() {
    let names = DOCUMENT.lines().filter(|line| line.starts_with("OTEL_"));
    let ours = include_str!("../../../docs/configuration.md");
    for line in names {
        let (name, _) = line.split_once('=').expect("a variable");
        assert!(ours.contains(&format!("`{name}`")), "{name}");
    }
}
