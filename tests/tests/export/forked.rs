//! What becomes of the spans of a process that was forked after `init`?

use std::collections::HashSet;
use std::io::Read;
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::time::Duration;

use otel_tests::program::{program, run};
use otel_tests::receiver::Receiver;

fn forked(what: &str, endpoint: String) -> Command {
    let mut command = program(env!("CARGO_BIN_EXE_forked"));
    command
        .arg(what)
        .env("OTEL_EXPORTER_OTLP_ENDPOINT", endpoint)
        .env("OTEL_SERVICE_NAME", "forks");
    command
}

#[test]
fn the_spans_of_a_daemon_that_says_that_it_was_forked_arrive() {
    for (protocol, backend) in otel_tests::receiver::backends() {
        let (stdout, stderr) = run(forked("daemon-after-fork", backend.endpoint())
            .env("OTEL_EXPORTER_OTLP_PROTOCOL", protocol.to_string())
            .env("OTEL_BSP_MAX_QUEUE_SIZE", "10000"));

        assert_eq!(stderr, "", "nothing to say");
        let lines: Vec<&str> = stdout.lines().collect();
        assert!(lines[0].starts_with("nothing is wrong"), "{stdout}");
        assert_eq!(lines[1], "Ok(Delivery { exported: 5001 })");
        // That of the parent, which was open when it forked, is not sent twice.
        let spans = backend.spans(5_000 + 1 + 2);
        let count = |name: &str| spans.iter().filter(|it| it.span.name == name).count();
        assert_eq!(count("work"), 5_001);
        assert_eq!(count("of another library"), 1);
        assert_eq!(count("open_at_the_fork"), 1);
        let ids: HashSet<_> = spans.iter().map(|it| it.span.span_id.clone()).collect();
        assert_eq!(ids.len(), spans.len());
        for key in ["process.pid", "service.instance.id"] {
            let of = |span: &otel_tests::receiver::Received| format!("{:?}", span.resource(key));
            let processes: HashSet<String> = spans.iter().map(of).collect();
            assert_eq!(processes.len(), 2, "{key}: {processes:?}");
        }
    }
}

#[cfg(unix)]
#[test]
fn a_signal_ends_a_forked_child_after_its_last_spans_were_sent() {
    let backend = Receiver::http();
    let (stdout, _) =
        run(forked("signalled", backend.endpoint()).env("OTEL_BSP_SCHEDULE_DELAY", "3600000"));

    assert_eq!(stdout, "");
    assert_eq!(backend.spans(1)[0].span.name, "work");
}

#[test]
fn the_spans_of_a_daemon_that_does_not_are_counted_and_told_once() {
    let backend = Receiver::http();
    let (stdout, stderr) = run(&mut forked("daemon", backend.endpoint()));

    let lines: Vec<&str> = stderr.lines().collect();
    let [line] = lines.as_slice() else { panic!("one line: {stderr}") };
    assert!(line.starts_with("otel-runtime: spans are dropped: "), "{line}");
    assert!(line.contains("otel_runtime::after_fork()"), "{line}");
    let lines: Vec<&str> = stdout.lines().collect();
    assert!(lines[0].contains("forked") && lines[0].contains("after_fork()"), "{stdout}");
    assert!(lines[1].starts_with("Err(\"5001 of 5001 spans were not delivered"), "{stdout}");
    assert!(lines[2].contains("ended: 5001") && lines[2].contains("in_forked_child: 5001"));
    assert_eq!(backend.spans(2).len(), 2);
}

#[test]
fn no_child_has_the_ids_of_its_parent_or_of_another_child() {
    let backend = Receiver::http();
    let (stdout, _) = run(&mut forked("ids", backend.endpoint()));

    let ids: Vec<&str> = stdout.lines().collect();
    assert_eq!(ids.len(), 8 * 20);
    for part in 0..2 {
        let unique: HashSet<_> = ids.iter().map(|id| id.split('-').nth(part)).collect();
        assert_eq!(unique.len(), ids.len());
    }
}

#[test]
fn of_two_hundred_children_that_are_forked_under_load_none_hangs() {
    let backend = Receiver::http();
    let mut program =
        forked("children", backend.endpoint()).stdout(Stdio::piped()).spawn().expect("a program");
    let mut stdout = program.stdout.take().expect("piped");
    let (sender, ended) = mpsc::channel();
    std::thread::spawn(move || {
        let mut text = String::new();
        let _ = stdout.read_to_string(&mut text);
        let _ = sender.send(text);
    });

    // A child that hangs keeps it open for ever.
    let Ok(stdout) = ended.recv_timeout(Duration::from_secs(300)) else {
        let _ = program.kill();
        panic!("a child hangs");
    };
    assert!(program.wait().expect("a program").success(), "{stdout}");
    assert_eq!(stdout, "200 children\n");
}
