//! What troubles are there, and when?

use std::fmt;

use otel_benches::Backend;

/// The rounds of a run.
#[derive(Clone, Copy)]
pub(crate) struct Rounds {
    /// When the trouble begins that ends.
    pub(crate) begin: usize,
    /// When it ends.
    pub(crate) end: usize,
    pub(crate) all: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Trouble {
    None,
    Silent,
    Refusing,
    Failing,
    Outage,
    HalfOpen,
    HalfOpenGrpc,
}

impl Trouble {
    /// All; the first is the one the others are compared with.
    pub(crate) const ALL: [Trouble; 7] = [
        Trouble::None,
        Trouble::Silent,
        Trouble::Refusing,
        Trouble::Failing,
        Trouble::Outage,
        Trouble::HalfOpen,
        Trouble::HalfOpenGrpc,
    ];

    /// What the service is started with, beside the port.
    pub(crate) fn arguments(self) -> &'static [usize] {
        if self == Trouble::HalfOpenGrpc { &[1] } else { &[] }
    }

    /// How its backend behaves from this round on, if that changes.
    pub(crate) fn change(self, round: usize, rounds: Rounds) -> Option<Backend> {
        match self {
            Trouble::Silent if round == 0 => Some(Backend::Silent),
            Trouble::Refusing if round == 0 => Some(Backend::Refusing),
            Trouble::Failing if round == 0 => Some(Backend::Failing),
            Trouble::Outage if round == rounds.begin => Some(Backend::Refusing),
            Trouble::HalfOpen | Trouble::HalfOpenGrpc if round == rounds.begin => {
                Some(Backend::HalfOpen)
            }
            // What failed is over before the last flush.
            Trouble::Failing if round == rounds.all => Some(Backend::Healthy),
            Trouble::Outage if round == rounds.end => Some(Backend::Healthy),
            _ => None,
        }
    }

    /// Whether all spans arrive in the end.
    pub(crate) fn ends(self) -> bool {
        !matches!(self, Trouble::Silent | Trouble::Refusing)
    }
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Trouble::None => "healthy",
            Trouble::Silent => "never answers",
            Trouble::Refusing => "refuses",
            Trouble::Failing => "503, 7 of 10",
            Trouble::Outage => "outage",
            Trouble::HalfOpen => "half-open",
            Trouble::HalfOpenGrpc => "half-open, gRPC",
        })
    }
}
