//! Which samplers have one word?

use std::fmt;

use crate::sampling::Sampler;

/// A sampler for one of the two usual cases, by one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Preset {
    /// Every trace that begins here, and what callers sample; `development`.
    Development,
    /// A tenth of the traces that begin here, and what callers sample; `production`.
    Production,
}

impl Preset {
    pub(super) fn sampler(self) -> Sampler {
        match self {
            Preset::Development => Sampler::ParentBasedAlwaysOn,
            Preset::Production => Sampler::ParentBasedTraceIdRatio(0.1),
        }
    }
}

/// As it is written in `OTEL_TRACED_PRESET`.
impl fmt::Display for Preset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Preset::Development => "development",
            Preset::Production => "production",
        })
    }
}
