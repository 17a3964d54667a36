//! Where are lines of JSON written?

use std::fmt;
use std::path::PathBuf;

#[cfg(feature = "config-file")]
use percent_encoding::percent_decode_str;

/// The output stream, as the specification calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Output {
    File(PathBuf),
    Stdout,
}

impl Output {
    /// As it is written in a configuration file.
    #[cfg(feature = "config-file")]
    pub(super) fn parse(text: &str) -> Result<Output, &'static str> {
        if text == "stdout" {
            return Ok(Output::Stdout);
        }
        let path = text.strip_prefix("file://").filter(|path| path.starts_with('/'));
        let path = path.and_then(|path| percent_decode_str(path).decode_utf8().ok());
        path.map(|path| Output::File(PathBuf::from(path.as_ref())))
            .ok_or("write stdout, or a URL such as file:///var/log/traces.jsonl")
    }
}

/// The path, or `stdout`.
impl fmt::Display for Output {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Output::File(path) => path.display().fmt(f),
            Output::Stdout => f.write_str("stdout"),
        }
    }
}
