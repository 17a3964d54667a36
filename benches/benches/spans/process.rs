//! How does this program talk with those it starts? A line there, a line back.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

pub(crate) struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    pub(crate) fn start(program: &str, arguments: &[usize]) -> Process {
        let mut child = Command::new(program)
            .args(arguments.iter().map(usize::to_string))
            // Tracing and its exporters are set up by the environment too.
            .env_clear()
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("a program of this package can be started");
        let input = child.stdin.take().expect("its input is a pipe");
        let output = child.stdout.take().expect("its output is a pipe");
        Process { child, input, output: BufReader::new(output) }
    }

    /// Asks for an answer.
    pub(crate) fn ask(&mut self) -> String {
        self.input.write_all(b"\n").expect("the process reads");
        self.line()
    }

    /// The next line that it prints.
    pub(crate) fn line(&mut self) -> String {
        let mut line = String::new();
        self.output.read_line(&mut line).expect("the process writes");
        line
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A receiver, and the port that it listens on.
pub(crate) fn receiver() -> (Process, usize) {
    let mut receiver = Process::start(env!("CARGO_BIN_EXE_receiver"), &[]);
    let port = number(&receiver.line());
    (receiver, port)
}

pub(crate) fn number<N: std::str::FromStr>(text: &str) -> N {
    text.trim().parse().unwrap_or_else(|_| panic!("not a number, but {text:?}"))
}
