//! How is something told to whoever watches the process?
//!
//! Never by `eprintln!`, which panics when stderr is closed.

use std::io::{self, Write};

/// Writes one line.
pub(crate) fn line(text: &str) {
    // An error's text may have been written by a server.
    let text = text.replace(char::is_control, " ");
    let _ = writeln!(io::stderr(), "otel-runtime: {text}");
}
