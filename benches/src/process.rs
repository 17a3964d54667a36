//! How does a bench talk with the programs that it starts? A line there, a line back.

use std::io::{BufRead, BufReader, Write};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

/// A program of this package that runs as long as this value lives.
#[derive(Debug)]
pub struct Process {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// Starts a program, by its path.
    ///
    /// # Panics
    ///
    /// If that is not possible.
    #[must_use]
    pub fn start(program: &str, arguments: &[usize]) -> Process {
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
    #[must_use]
    pub fn ask(&mut self) -> String {
        self.tell("")
    }

    /// Says something, and returns the answer.
    ///
    /// # Panics
    ///
    /// If the process has ended.
    pub fn tell(&mut self, line: &str) -> String {
        writeln!(self.input, "{line}").expect("the process reads");
        self.line()
    }

    /// The next line that it prints.
    ///
    /// # Panics
    ///
    /// If its output cannot be read.
    #[must_use]
    pub fn line(&mut self) -> String {
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

/// A number that a process said.
///
/// # Panics
///
/// If it is none.
#[must_use]
pub fn number<N: std::str::FromStr>(text: &str) -> N {
    text.trim().parse().unwrap_or_else(|_| panic!("not a number, but {text:?}"))
}
