//! What does a program print, and how does it end?

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::program::Program;

/// Whether spans are recorded. Under an attribute that does nothing there are none.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Installed {
    Nothing,
    Recorder,
}

#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Run {
    pub(crate) printed: String,
    /// Messages of panics among it.
    pub(crate) complained: String,
    /// The exit status, or the signal.
    pub(crate) end: String,
}

/// Runs a module of a program; says how many spans it made, if it came to its end.
pub(crate) fn run(
    program: &Program,
    executable: &Path,
    module: &str,
    installed: Installed,
) -> (Run, Option<usize>) {
    let spans = executable.with_extension(format!("{module}.spans"));
    let mut command = Command::new(executable);
    command.arg(module).env("RUST_BACKTRACE", "0").env_remove("SPANS");
    if installed == Installed::Recorder {
        command.env("SPANS", &spans);
    }
    let output = command.output().expect("the program starts");
    let count = fs::read_to_string(&spans).ok().and_then(|count| count.parse().ok());
    let _ = fs::remove_file(&spans);
    let text = |bytes: &[u8]| without_names(&String::from_utf8_lossy(bytes), program);
    let run = Run {
        printed: text(&output.stdout),
        complained: text(&output.stderr),
        end: output.status.to_string(),
    };
    (run, count)
}

/// Without what no two runs have in common: the crate's name, the numbers of threads in
/// `thread 'main' (4815) panicked at`, and the stack of a panic that aborts.
fn without_names(text: &str, program: &Program) -> String {
    let text = text.replace(&program.target().replace('-', "_"), "program");
    let mut kept = String::new();
    let mut in_stack = false;
    for line in text.split_inclusive('\n') {
        in_stack = line.starts_with("stack backtrace:") || in_stack && line.starts_with(' ');
        match line.split_once("' (").zip(line.split_once(") ")) {
            Some(((thread, _), (_, rest))) if thread.starts_with("thread '") => {
                kept.extend([thread, "' ", rest]);
            }
            _ if in_stack => (),
            _ => kept += line,
        }
    }
    kept
}
