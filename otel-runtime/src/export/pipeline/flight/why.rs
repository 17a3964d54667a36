//! Why do spans leave the flight recorder?

use std::sync::atomic::{AtomicU8, Ordering};

/// What a dumped span says in `traced.flight`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Why {
    /// A span of the trace failed.
    Error,
    Panic,
    #[cfg_attr(
        not(all(feature = "signals", unix)),
        allow(dead_code, reason = "nobody listens to signals")
    )]
    Signal,
    Call,
}

/// Whether somebody has asked for everything: any thread asks, that of the stages answers.
#[derive(Debug, Default)]
pub(in crate::export::pipeline) struct Request(AtomicU8);

const NOBODY: u8 = 0;

impl Why {
    pub(super) fn name(self) -> &'static str {
        match self {
            Why::Error => "error",
            Why::Panic => "panic",
            Why::Signal => "signal",
            Why::Call => "call",
        }
    }
}

impl Request {
    pub(in crate::export::pipeline) fn ask(&self, why: Why) {
        let number = match why {
            Why::Error => return,
            Why::Panic => 1,
            Why::Signal => 2,
            Why::Call => 3,
        };
        self.0.store(number, Ordering::Release);
    }

    /// The latest request since the last call.
    pub(in crate::export::pipeline) fn take(&self) -> Option<Why> {
        match self.0.swap(NOBODY, Ordering::AcqRel) {
            1 => Some(Why::Panic),
            2 => Some(Why::Signal),
            3 => Some(Why::Call),
            _ => None,
        }
    }
}
