//! Does a value that must not leave get out anywhere: over any protocol, in a file, in the terminal, in what is
//! printed?

use std::process::Command;

use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, backends};
use prost::Message;

/// A secret, a card, an address: each in a text, and what must not be seen of it.
const SECRET: (&str, &str) = ("login with password=Tr0ub4dor-c4nary please", "Tr0ub4dor-c4nary");
const TOKEN: (&str, &str) = ("authorization: Bearer c4nary.ZmFrZS10b2tlbi1oZXJl", "c4nary");
const CARD: (&str, &str) = ("paid by card 4539578763621486 today", "4539578763621486");
const ADDRESS: (&str, &str) = ("sent to ada.c4nary@acme-corp.dev today", "ada.c4nary");

/// How many spans the program makes.
const SPANS: usize = 5;

fn canaries(text: &str, mode: &str) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_canaries"));
    command.arg(text).env("OTEL_TRACED_PRIVACY", mode).env("OTEL_LOG_LEVEL", "debug");
    command
}

/// What each mode does not let leave.
fn held_back(mode: &str) -> &'static [(&'static str, &'static str)] {
    match mode {
        "off" => &[],
        "" | "secrets" => &[SECRET, TOKEN, CARD],
        _ => &[SECRET, TOKEN, CARD, ADDRESS],
    }
}

/// All that left.
fn left(backend: &Receiver) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut spans = 0;
    while spans < SPANS {
        let request = backend.request();
        for (name, value) in &request.headers {
            bytes.extend_from_slice(format!("{name}: {value:?}\n").as_bytes());
        }
        let of_scopes = request.body.resource_spans.iter().flat_map(|it| &it.scope_spans);
        spans += of_scopes.map(|it| it.spans.len()).sum::<usize>();
        request.body.encode(&mut bytes).expect("room");
        // As a text, a number is found, too.
        bytes.extend_from_slice(format!("{:?}", request.body).as_bytes());
    }
    bytes
}

#[track_caller]
fn shows(bytes: &[u8], value: &str) -> bool {
    bytes.windows(value.len()).any(|it| it == value.as_bytes())
}

#[track_caller]
fn is_hidden(bytes: &[u8], value: &str, what: &str) {
    assert!(!shows(bytes, value), "{what} has {value}: {}", String::from_utf8_lossy(bytes));
}

#[test]
fn what_is_planted_everywhere_leaves_over_no_protocol() {
    for mode in ["", "secrets", "personal", "allowlist"] {
        for (text, value) in held_back(mode) {
            for (protocol, backend) in backends() {
                let (stdout, stderr) = run(canaries(text, mode)
                    .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
                    .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_string()));
                let what = format!("{protocol} in mode {mode:?}");
                is_hidden(&left(&backend), value, &what);
                is_hidden(stdout.as_bytes(), value, &what);
                is_hidden(stderr.as_bytes(), value, &what);
            }
        }
    }
}

#[test]
fn what_is_planted_leaves_where_nothing_is_looked_for() {
    for (text, value) in [SECRET, CARD, ADDRESS] {
        let backend = Receiver::http();
        run(canaries(text, "off").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));
        assert!(shows(&left(&backend), value), "the program plants {value}");
    }
    let backend = Receiver::http();
    run(canaries(ADDRESS.0, "").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));
    assert!(shows(&left(&backend), ADDRESS.1), "an address is no secret");
}

#[test]
fn what_is_planted_everywhere_is_in_no_file_and_not_in_the_terminal() {
    for mode in ["", "personal", "allowlist"] {
        for (text, value) in held_back(mode) {
            let path = std::env::temp_dir()
                .join(format!("otel-tests-canaries-{mode}-{}.jsonl", std::process::id()));
            let configuration = path.with_extension("yaml");
            let yaml = format!(
                "file_format: '1.1'\npropagator: {{composite: [tracecontext: , baggage: ]}}\ntracer_provider: {{processors: \
                 [batch: {{exporter: {{otlp_file/development: {{output_stream: 'file://{}'}}}}}}, \
                 batch: {{exporter: {{console: }}}}]}}\ndistribution: {{otel-runtime: {{privacy: {}}}}}",
                path.display(),
                if mode.is_empty() { "secrets" } else { mode },
            );
            std::fs::write(&configuration, yaml).expect("a file");
            let (stdout, stderr) = run(canaries(text, "").env("OTEL_CONFIG_FILE", &configuration));
            let file = std::fs::read(&path).expect("a file");
            let _ = std::fs::remove_file(&path);
            let _ = std::fs::remove_file(&configuration);

            assert!(shows(&file, "\"spans\""), "{}", String::from_utf8_lossy(&file));
            assert!(stderr.contains("annotated"), "it is drawn: {stderr}");
            is_hidden(&file, value, "the file");
            is_hidden(stdout.as_bytes(), value, "what is printed");
            is_hidden(stderr.as_bytes(), value, "the terminal");
        }
    }
}

#[test]
fn what_is_planted_does_not_get_past_an_exporter_of_the_programs_own_either() {
    for mode in ["secrets", "personal", "allowlist"] {
        for (text, value) in held_back(mode) {
            let (stdout, stderr) = run(canaries(text, mode).arg("adopted"));
            assert!(stdout.contains("SpanData"), "{stdout}");
            assert!(stdout.contains("note: under `adopt`"), "{stdout}");
            is_hidden(stdout.as_bytes(), value, mode);
            is_hidden(stderr.as_bytes(), value, mode);
        }
    }
}

#[test]
fn a_dry_run_lets_everything_leave_and_names_it_by_key_and_class() {
    let backend = Receiver::http();
    let (stdout, stderr) = run(canaries(SECRET.0, "")
        .env("OTEL_TRACED_PRIVACY_DRY_RUN", "true")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));
    assert!(shows(&left(&backend), SECRET.1));
    assert!(stdout.contains("WouldRedact { key: \"note\", class: Credential"), "{stdout}");
    assert!(stdout.contains("note: OTEL_TRACED_PRIVACY_DRY_RUN"), "{stdout}");
    is_hidden(stderr.as_bytes(), SECRET.1, "the log");
}
