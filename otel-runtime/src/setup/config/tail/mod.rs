//! Which traces are kept once they are over, by the settings?
//!
//! One grammar for `OTEL_TRACED_TAIL`, for [`Builder::tail_policy`](super::Builder::tail_policy) and for a file;
//! `docs/tail-sampling.md` explains it.

mod parse;
mod settings;
mod spans;
#[cfg(test)]
mod tests;

pub(super) use settings::{TailSettings, policy, recording, resolve};
