//! Whom does OTLP trust, and who does it say it is?

mod pem;
mod read;

pub(super) use read::{check_system_roots, resolve};
