//! What does `init` do to a whole process?

use std::io::{self, BufRead, BufReader, Read, Write};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use otel_tests::program::{program, run};
use otel_tests::receiver::{Receiver, absent};

/// The program of this package, in one of its forms.
pub(crate) fn form(form: &str) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_program"));
    command.arg(form);
    command
}

#[test]
fn init_reads_the_environment_and_sends() {
    for (protocol, backend) in otel_tests::receiver::backends() {
        let (_, stderr) = run(form("dropped-guard")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_string())
            .env("OTEL_SERVICE_NAME", "from-the-environment"));

        assert_eq!(stderr, "", "nothing to say");
        let spans = backend.spans(2);
        assert_eq!(spans[0].span.parent_span_id, spans[1].span.span_id);
        for span in spans {
            let name = otel_tests::receiver::text("from-the-environment");
            assert_eq!(span.resource("service.name"), Some(&name));
        }
    }
}

#[test]
fn a_service_without_a_name_is_called_after_its_executable() {
    let backend = Receiver::http();
    run(form("dropped-guard").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

    let name = otel_tests::receiver::text("unknown_service:program");
    assert_eq!(backend.spans(2)[0].resource("service.name"), Some(&name));
}

#[test]
fn a_backend_that_is_absent_costs_a_total() {
    for protocol in ["grpc", "http/protobuf", "http/json"] {
        let absent = absent();
        let (stdout, stderr) = run(form("many-in-a-hurry")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", &absent)
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .env("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", "10"));

        let lines: Vec<&str> = stderr.lines().collect();
        let [total] = lines.as_slice() else { panic!("{protocol}: {stderr}") };
        let why = "(export failed: 100)";
        let lost = "100 of 100 spans were not delivered";
        assert!(total.starts_with(&format!("otel-runtime: {lost} to {absent} {why}")), "{stderr}");
        assert!(total.contains("refused"), "it says why: {stderr}");
        assert!(stdout.starts_with(&format!("{lost} {why}")), "{stdout}");
    }
}

#[test]
fn a_backend_that_is_absent_is_told_of_before_anything_is_lost() {
    let absent = absent();
    let mut child = form("prompt")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", &absent)
        .env("OTEL_BSP_SCHEDULE_DELAY", "1")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program");
    let mut line = String::new();
    let mut stderr = BufReader::new(child.stderr.take().expect("piped"));
    stderr.read_line(&mut line).expect("a line");

    assert!(line.starts_with("otel-runtime: nothing gets through to "), "{line}");
    assert!(line.contains(&absent) && line.contains("refused"), "{line}");
    child.kill().expect("an end");
    child.wait().expect("an end");
}

#[test]
fn a_pipe_that_nobody_reads_does_not_hold_up_the_end_of_a_program() {
    let absent = absent();
    for (name, value) in [
        ("OTEL_TRACES_EXPORTER", "console"),
        // A warning before the end, and one at the end.
        ("OTEL_EXPORTER_OTLP_ENDPOINT", absent.as_str()),
    ] {
        let (unread, mut stderr) = io::pipe().expect("a pipe");
        let full = stderr.try_clone().expect("a handle");
        // What is left of it is for whoever fills it, who blocks.
        let filling = thread::spawn(move || stderr.write_all(&vec![b'.'; 1 << 20]));
        let mut child = form("many-in-a-hurry")
            .env(name, value)
            // Told at the start, since it says nothing without a sampler.
            .env("OTEL_TRACES_SAMPLER_ARG", "1")
            .stdout(Stdio::piped())
            .stderr(full)
            .spawn()
            .expect("a program");
        let (ends, end) = mpsc::channel();
        let mut stdout = child.stdout.take().expect("piped");
        let reading = thread::spawn(move || {
            let mut text = String::new();
            let read = stdout.read_to_string(&mut text);
            let _ = ends.send(read.map(|_| text));
        });

        let text = end.recv_timeout(Duration::from_secs(30));
        let _ = child.kill();
        drop(unread);
        let _ = (child.wait(), filling.join(), reading.join());
        let text = text.expect("an end").expect("text");
        assert!(text.contains("100"), "{name}: {text}");
    }
}

#[cfg(unix)]
#[test]
fn processes_that_share_a_stderr_do_not_tear_each_others_lines() {
    use std::os::fd::OwnedFd;
    use std::os::unix::net::UnixDatagram;

    // Every write is a message of its own.
    let (messages, stderr) = UnixDatagram::pair().expect("sockets");
    let status = form("one-trace").stderr(OwnedFd::from(stderr)).status().expect("a program");
    assert!(status.success());
    messages.set_nonblocking(true).expect("a socket");
    let written: Vec<String> = std::iter::from_fn(|| {
        let mut message = vec![0; 1 << 16];
        let length = messages.recv(&mut message).ok()?;
        message.truncate(length);
        String::from_utf8(message).ok().filter(|text| !text.is_empty())
    })
    .collect();

    let [notice, trace] = &written[..] else { panic!("{written:?}") };
    assert!(notice.starts_with("otel-runtime: ") && notice.ends_with("4318\n"), "{notice}");
    assert!(trace.contains("· root ") && trace.ends_with('\n'), "{trace}");
}

#[test]
fn the_first_loss_costs_a_warning_and_the_others_none() {
    let backend = Receiver::http_answering([400, 200, 400]);
    let (stdout, stderr) =
        run(form("losses").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

    let why = "last error: the backend answered 400 Bad Request";
    let lost = format!("1 of 1 spans were not delivered (export failed: 1); {why}");
    assert_eq!(
        stdout.lines().collect::<Vec<_>>(),
        [lost.as_str(), lost.as_str(), "Delivery { exported: 0 }"]
    );
    let endpoint = backend.endpoint();
    assert_eq!(
        stderr.lines().collect::<Vec<_>>(),
        [
            format!(
                "otel-runtime: spans are being lost on the way to {endpoint} (export failed: 1); \
                 {why}; more losses are only counted"
            ),
            format!(
                "otel-runtime: 2 of 3 spans were not delivered to {endpoint} (export failed: 2); \
                 {why}"
            ),
        ]
    );
}

#[test]
fn a_file_takes_the_place_of_the_variables() {
    let backend = Receiver::http();
    let path = std::env::temp_dir().join(format!("otel-tests-{}.yaml", std::process::id()));
    let text = "file_format: '1.1'
resource: {attributes: [{name: service.name, value: '${WHO:-nobody}'}]}
tracer_provider:
  processors:
    - batch:
        exporter:
          otlp_http: {endpoint: '${BACKEND}/v1/traces'}
";
    std::fs::write(&path, text).expect("a temporary file");
    let (_, stderr) = run(form("dropped-guard")
        .env("OTEL_CONFIG_FILE", &path)
        .env("BACKEND", backend.endpoint())
        .env("WHO", "from-the-file")
        .env("OTEL_SERVICE_NAME", "from-the-environment")
        .env("OTEL_TRACES_EXPORTER", "broken, but it does not count"));
    std::fs::remove_file(&path).expect("it is still there");

    assert_eq!(stderr, "", "nothing to say");
    let name = otel_tests::receiver::text("from-the-file");
    assert_eq!(backend.spans(2)[0].resource("service.name"), Some(&name));
}

#[test]
fn what_is_installed_can_be_described() {
    let (stdout, _) = run(form("described").env("OTEL_TRACES_EXPORTER", "none"));

    assert!(stdout.starts_with("before: None\n"), "{stdout}");
    let line = stdout.lines().find(|line| line.starts_with("exporter ")).expect("a line");
    assert_eq!(
        line.split_whitespace().collect::<Vec<_>>(),
        ["exporter", "none", "OTEL_TRACES_EXPORTER"]
    );
}

#[test]
fn a_program_adds_to_the_names_of_personal_data_and_is_told_what_was_left_out_where() {
    let backend = Receiver::http();
    let (stdout, _) = run(form("skipped").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

    let received = backend.spans(1);
    let keys = received[0].span.attributes.iter().map(|attribute| attribute.key.as_str());
    let own: Vec<_> = keys.filter(|key| !key.starts_with("code.")).collect();
    assert_eq!(own, ["order_id"]);
    let line = stdout.lines().last().expect("a line");
    assert!(line.starts_with("skip_pii in program::fit ("), "{line}");
    assert!(line.contains("program.rs:"), "{line}");
    assert!(line.ends_with("): login, shoeSize, contract.legal_ref"), "{line}");
}

#[test]
fn the_log_level_says_which_lines_are_written() {
    let lines = |level: &str, command: &mut Command| {
        let (_, stderr) = run(command.env("OTEL_LOG_LEVEL", level));
        stderr.lines().filter(|line| line.starts_with("otel-runtime: ")).count()
    };

    for (level, losses, hint) in
        [("none", 0, 0), ("error", 0, 0), ("warn", 2, 0), ("info", 2, 1), ("debug", 2, 1)]
    {
        let backend = Receiver::http_answering([400, 200, 400]);
        let mut lossy = form("losses");
        lossy.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
        assert_eq!(lines(level, &mut lossy), losses, "{level}");
        assert_eq!(lines(level, &mut form("dropped-guard")), hint, "{level}");
    }
}

#[test]
fn init_twice_is_an_error_and_the_first_stays() {
    let backend = Receiver::http();
    let (stdout, stderr) =
        run(form("twice").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

    assert_eq!(
        stdout.lines().collect::<Vec<_>>(),
        [
            "second: tracing is initialised already: call `init` (or `adopt`) once, in `main` (true)",
            "export threads: 1",
            "first delivered: 2",
            "export threads: 0",
        ],
        "{stderr}"
    );
    assert_eq!(backend.spans(2).len(), 2);
}

#[test]
fn init_after_adopt_is_an_error_and_what_was_adopted_stays() {
    let (stdout, _) = run(&mut form("adopted-before"));

    assert_eq!(
        stdout.lines().collect::<Vec<_>>(),
        [
            "init: tracing is initialised already: call `init` (or `adopt`) once, in `main`",
            "recorded: false",
            "propagated: []",
            "export threads: 0",
        ]
    );
}

#[test]
fn an_adopted_provider_keeps_spans_shorter_than_min_duration_and_a_line_says_so_once() {
    let (_, adopted) = run(&mut form("adopted-min-duration"));
    let (_, installed) = run(form("min-duration").env("OTEL_TRACES_EXPORTER", "none"));

    assert_eq!(
        adopted,
        "otel-runtime: `min_duration` (on program::min_duration::first) drops spans that `init` makes, \
         but this program called `adopt`: all its spans are kept\n"
    );
    assert_eq!(installed, "");
}

#[test]
fn a_bad_setting_leaves_nothing_behind() {
    let (stdout, _) = run(form("failed-first").env("OTEL_TRACES_EXPORTER", "none"));

    assert_eq!(
        stdout.lines().collect::<Vec<_>>(),
        [
            "bad: OTEL_BSP_SCHEDULE_DELAY is \"-1\": write whole milliseconds without a unit, such as 5000",
            "recorded: false",
            "propagated: []",
            "export threads: 0",
            "recorded: true",
        ]
    );
}

#[test]
fn an_exporter_that_cannot_be_built_leaves_nothing_behind() {
    for protocol in ["grpc", "http/protobuf"] {
        let (stdout, _) = run(form("unbuilt-first")
            .env("SSL_CERT_FILE", "/there/is/no/such/file")
            .env_remove("SSL_CERT_DIR")
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", "https://localhost:1"));

        let lines: Vec<&str> = stdout.lines().collect();
        let [unbuilt, rest @ ..] = lines.as_slice() else { panic!("{stdout}") };
        let why = "unbuilt: the exporter cannot be built: no certificates to trust (";
        assert!(unbuilt.starts_with(why), "{stdout}");
        assert!(unbuilt.contains("SSL_CERT_FILE"), "it says what to do: {stdout}");
        assert_eq!(rest, ["export threads: 0", "recorded: true"], "{protocol}");
    }
}

#[test]
fn a_bad_variable_ends_main_with_a_message_for_people() {
    let output = form("one-trace").env("OTEL_TRACES_SAMPLER", "most").output().expect("a program");

    assert!(!output.status.success());
    let stderr = String::from_utf8_lossy(&output.stderr);
    assert!(
        stderr.starts_with("Error: OTEL_TRACES_SAMPLER is \"most\": write one of "),
        "{stderr}"
    );
}

#[test]
fn disabled_still_propagates() {
    let (stdout, stderr) = run(form("propagation").env("OTEL_SDK_DISABLED", "true"));

    assert_eq!(
        stdout.lines().collect::<Vec<_>>(),
        [
            "recorded: false",
            r#"propagated: ["baggage", "traceparent", "tracestate"]"#,
            "Delivery { exported: 0 }",
        ],
        "{stderr}"
    );
}

#[test]
fn propagators_are_those_of_the_environment() {
    let (stdout, _) = run(form("propagation")
        .env("OTEL_PROPAGATORS", "baggage")
        .env("OTEL_TRACES_EXPORTER", "none"));

    assert!(stdout.contains("recorded: true"), "{stdout}");
    assert!(stdout.contains(r#"propagated: ["baggage"]"#), "{stdout}");
}

#[test]
fn an_unknown_propagator_is_told_on_stderr_and_stops_nothing() {
    let (stdout, stderr) = run(form("propagation")
        .env("OTEL_PROPAGATORS", "baggage,ottrace")
        .env("OTEL_TRACES_EXPORTER", "none"));

    assert!(stdout.contains(r#"propagated: ["baggage"]"#), "{stdout}");
    let line = "otel-runtime: OTEL_PROPAGATORS is \"baggage,ottrace\": ottrace is not supported, and left out";
    assert!(stderr.starts_with(line), "{stderr}");
    assert_eq!(stderr.lines().count(), 1, "{stderr}");
}

#[test]
fn a_header_of_code_stands_against_the_environment() {
    for (protocol, backend) in [("grpc", Receiver::grpc()), ("http/protobuf", Receiver::http())] {
        run(form("header-from-code")
            .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol)
            .env("OTEL_EXPORTER_OTLP_HEADERS", "x-who=environment,x-other=environment"));

        let headers = backend.request().headers;
        let all = |name| headers.get_all(name).iter().map(|it| it.to_str().unwrap_or("?"));
        assert_eq!(all("x-who").collect::<Vec<_>>(), ["code"], "{protocol}");
        assert_eq!(all("x-other").collect::<Vec<_>>(), ["environment"], "{protocol}");
    }
}

#[test]
fn without_any_setting_a_trace_is_drawn_as_soon_as_it_is_finished() {
    // A delay of an hour: what comes, comes because the root ended.
    let mut child = form("prompt")
        .env("OTEL_BSP_SCHEDULE_DELAY", "3600000")
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("a program");
    let stderr = BufReader::new(child.stderr.take().expect("piped"));
    let (sender, lines) = mpsc::channel();
    let reader = thread::spawn(move || {
        stderr.lines().map_while(Result::ok).for_each(|line| drop(sender.send(line)));
    });
    let next = || lines.recv_timeout(Duration::from_secs(20)).expect("a line, and at once");

    let first = next();
    assert!(first.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "{first}");
    let drawn = [next(), next(), next()];
    assert!(drawn[0].contains("  trace "), "{drawn:?}");
    assert!(drawn.iter().any(|line| line.contains("root")), "{drawn:?}");
    assert!(drawn.iter().any(|line| line.contains("child")), "{drawn:?}");
    assert!(!drawn.concat().contains('\x1b'), "no colour: this is not a terminal");
    drop(child.stdin.take());
    assert!(child.wait().expect("an end").success());
    reader.join().expect("no panic");
}

#[test]
fn an_exporter_of_none_sends_and_says_nothing() {
    let backend = Receiver::http();
    let written = run(form("dropped-guard")
        .env("OTEL_TRACES_EXPORTER", "none")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

    assert_eq!(written, (String::new(), String::new()));
    assert!(backend.is_idle());
}

#[test]
fn the_console_that_was_asked_for_needs_no_hint() {
    let (_, stderr) = run(form("dropped-guard").env("OTEL_TRACES_EXPORTER", "console"));

    assert!(stderr.contains("root"), "{stderr}");
    assert!(!stderr.contains("OTEL_EXPORTER_OTLP_ENDPOINT"), "{stderr}");
}

#[test]
fn the_filter_is_taken_from_the_environment_and_can_change() {
    let (stdout, _) = run(form("filtered")
        .env("OTEL_TRACES_EXPORTER", "none")
        .env("OTEL_TRACED_FILTER", "off,program::parts=DEBUG,program::parts::quiet=off"));

    assert_eq!(
        stdout.lines().collect::<Vec<_>>(),
        [
            "before: []",
            "bad: Builder::filter is \"off,parts=loud\": in \"parts=loud\" write one of off, error, warn, \
             info, debug, trace behind the equals sign",
            "not installed: info",
            "off,program::parts=debug,program::parts::quiet=off: [\"warn\", \"info\", \"debug\"]",
            "warn: [\"quiet\", \"warn\"]",
        ]
    );
}

#[test]
fn a_debug_build_tells_once_of_a_function_that_a_spawn_has_lost() {
    let (_, stderr) = run(form("orphans").env("OTEL_TRACES_EXPORTER", "none"));
    let (_, quiet) =
        run(form("orphans").env("OTEL_TRACES_EXPORTER", "none").env("OTEL_LOG_LEVEL", "warn"));

    assert_eq!(quiet, "");
    if cfg!(debug_assertions) {
        let lines: Vec<&str> = stderr.lines().collect();
        let [line] = lines.as_slice() else { panic!("{stderr}") };
        assert!(line.starts_with("otel-runtime: `program::part_of_a_request` ("), "{line}");
        assert!(line.contains("begins a trace of its own here"), "{line}");
    } else {
        assert_eq!(stderr, "");
    }
}
