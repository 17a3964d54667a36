//! What does a whole program do, seen from outside?

use std::path::Path;
use std::process::{Command, Output, Stdio};

/// A program of this package, with nothing of the tests' own settings in its environment.
#[must_use]
pub fn program(path: impl AsRef<Path>) -> Command {
    let mut command = Command::new(path.as_ref());
    let ours = std::env::vars_os().map(|(name, _)| name);
    for name in ours.filter(|name| name.to_string_lossy().starts_with("OTEL_")) {
        command.env_remove(name);
    }
    command.stdin(Stdio::null());
    command
}

/// Runs `command` to its end, which it must reach well, and returns what it wrote.
///
/// # Panics
///
/// If it cannot be run, or fails.
#[track_caller]
pub fn run(command: &mut Command) -> (String, String) {
    let Output { status, stdout, stderr } = command.output().expect("a program");
    let (stdout, stderr) = (String::from_utf8(stdout), String::from_utf8(stderr));
    let (stdout, stderr) = (stdout.expect("UTF-8"), stderr.expect("UTF-8"));
    assert!(status.success(), "{status}\n{stdout}\n{stderr}");
    (stdout, stderr)
}
