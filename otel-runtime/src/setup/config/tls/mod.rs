//! Whom does OTLP trust, and which certificate does it show?

mod pem;
mod read;

pub(super) use read::{check_system_roots, resolve};
