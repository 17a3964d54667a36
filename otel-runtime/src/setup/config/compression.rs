//! How are requests made smaller?

use std::fmt;

use super::problems::Problems;
use super::source::Given;

/// How the requests of OTLP are compressed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[non_exhaustive]
pub enum Compression {
    /// Not at all; `none`, the default.
    #[default]
    None,
    /// By gzip, which every backend understands; `gzip`.
    Gzip,
    /// By zstd, which is faster and smaller, where the backend understands it; `zstd`. Needs the
    /// Cargo feature `zstd`.
    Zstd,
}

pub(super) fn resolve(given: Option<&Given<Compression>>, problems: &mut Problems) -> Compression {
    let Some(&Given { value, ref from }) = given else { return Compression::default() };
    if value == Compression::Zstd && !cfg!(feature = "zstd") {
        let remedy = "build with the feature `zstd` of otel-runtime, or choose gzip";
        problems.add(from, Some(value.to_string()), remedy);
    }
    value
}

/// As it is written in `OTEL_EXPORTER_OTLP_COMPRESSION`.
impl fmt::Display for Compression {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Compression::None => "none",
            Compression::Gzip => "gzip",
            Compression::Zstd => "zstd",
        })
    }
}
