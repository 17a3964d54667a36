//! Are the last spans of a program sent, or is it told that they are not?

use otel_tests::program::run;

use super::processes::form;
use otel_tests::receiver::Receiver;

fn warnings(stderr: &str) -> Vec<&str> {
    stderr.lines().filter(|line| line.starts_with("otel-runtime: ")).collect()
}

#[test]
fn a_guard_in_no_variable_is_told_at_the_first_span_that_is_lost() {
    let (_, stderr) = run(form("guard-in-no-variable").env("OTEL_TRACES_EXPORTER", "console"));

    let [line] = warnings(&stderr)[..] else { panic!("{stderr}") };
    assert!(line.contains("a span ended after tracing had, and is lost"), "{line}");
    assert!(line.contains("keep what `init` returned in a variable (not `_`)"), "{line}");
}

#[test]
fn a_main_that_is_annotated_and_calls_init_is_told_that_it_has_no_span() {
    let backend = Receiver::http();
    let (_, stderr) =
        run(form("annotated-main").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));

    let [line] = warnings(&stderr)[..] else { panic!("{stderr}") };
    assert!(
        line.contains(
            "called before `init`, and those calls have no span: program::annotated_main ("
        ),
        "{line}"
    );
    assert!(line.contains(") and 1 more; call `init` first"), "the filter wants no other: {line}");
    assert_eq!(backend.spans(1)[0].span.name, "fit");
}

#[test]
fn nothing_is_told_of_a_program_that_does_as_it_should() {
    let backend = Receiver::http();
    let (_, stderr) = run(form("skipped").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));
    assert_eq!(warnings(&stderr), Vec::<&str>::new());
}

#[test]
fn exit_of_the_guard_sends_the_last_spans_and_has_the_code() {
    let backend = Receiver::http();
    let status = form("exits")
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint())
        .status()
        .expect("a program");

    assert_eq!(status.code(), Some(3));
    assert_eq!(backend.spans(1)[0].span.name, "fit");
}

#[cfg(unix)]
mod signals {
    use std::io::{BufRead, BufReader};
    use std::os::unix::process::ExitStatusExt;
    use std::process::{Child, ChildStdin, Command, Stdio};

    use super::*;

    /// A program that has ended a span, which is yet to be sent, and waits until its input ends.
    fn started(command: &mut Command) -> (Child, ChildStdin) {
        let mut child = command
            .env("OTEL_BSP_SCHEDULE_DELAY", "3600000")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a program");
        let mut line = String::new();
        let stdout = child.stdout.as_mut().expect("piped");
        BufReader::new(stdout).read_line(&mut line).expect("a line");
        assert_eq!(line, "ready\n");
        let input = child.stdin.take().expect("piped");
        (child, input)
    }

    fn signal(name: &str, child: &Child) {
        let pid = child.id().to_string();
        assert!(Command::new("kill").args(["-s", name, &pid]).status().expect("run").success());
    }

    #[test]
    fn a_signal_ends_the_program_as_without_us_after_the_last_spans_were_sent() {
        // A shell without a terminal starts what runs beside it with SIGINT ignored.
        let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
        let ignored = status.lines().find_map(|line| line.strip_prefix("SigIgn:"));
        let ignored = ignored.and_then(|set| u64::from_str_radix(set.trim(), 16).ok());
        let signals = [("TERM", 15), ("INT", 2)];
        let handled = signals
            .into_iter()
            .filter(|(_, number)| ignored.unwrap_or_default() & 1 << (number - 1) == 0);
        for (name, number) in handled {
            let backend = Receiver::http();
            let (mut child, _input) =
                started(form("signalled").env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint()));
            signal(name, &child);

            let status = child.wait().expect("an end");
            assert_eq!(status.signal(), Some(number), "{status}");
            assert_eq!(backend.spans(1)[0].span.name, "fit");
        }
    }

    #[test]
    fn a_second_signal_ends_the_program_at_once() {
        // It takes connections, and never answers.
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let (mut child, _input) =
            started(form("signalled").env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint));
        signal("TERM", &child);
        // It is sending now.
        let (_connection, _) = listener.accept().expect("a connection");
        let second = std::time::Instant::now();
        signal("TERM", &child);

        let status = child.wait().expect("an end");
        assert_eq!(status.signal(), Some(15), "{status}");
        // Without it, sending takes as long as it may, which is 5 s.
        assert!(second.elapsed() < std::time::Duration::from_secs(4));
    }

    #[test]
    fn a_signal_waits_for_the_backend_no_longer_than_a_shutdown_does() {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", listener.local_addr().expect("an address"));
        let (mut child, _input) =
            started(form("signalled-in-haste").env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint));
        let begin = std::time::Instant::now();
        signal("TERM", &child);

        assert_eq!(child.wait().expect("an end").signal(), Some(15));
        // Of 50 ms; where nothing is said, it is 5 s.
        assert!(begin.elapsed() < std::time::Duration::from_secs(4));
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_signal_that_was_ignored_stays_ignored() {
        let backend = Receiver::http();
        let program = form("signalled");
        let mut shell = Command::new("sh");
        shell.args(["-c", "trap '' INT; exec \"$0\" signalled"]).arg(program.get_program());
        shell.env("OTEL_EXPORTER_OTLP_ENDPOINT", backend.endpoint());
        let (mut child, input) = started(&mut shell);
        signal("INT", &child);
        // It lives on, and returns from `main` when there is no more input.
        drop(input);

        let status = child.wait().expect("an end");
        assert!(status.success(), "{status}");
        assert_eq!(backend.spans(1)[0].span.name, "fit");
    }
}
