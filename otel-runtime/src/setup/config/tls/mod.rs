//! Whom does OTLP trust, and who does it say it is?

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod pem;
#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
mod read;

use std::fmt;

#[cfg(any(feature = "otlp-grpc", feature = "otlp-http"))]
pub(super) use read::{check_system_roots, resolve};

/// All of it in PEM, and checked.
#[derive(Clone, Default)]
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "without a protocol there is nobody to trust")
)]
pub(crate) struct Tls {
    /// Certificates to trust, in place of the system's.
    pub(crate) roots: Option<Vec<u8>>,
    pub(crate) identity: Option<Identity>,
}

#[derive(Clone)]
#[cfg_attr(
    not(any(feature = "otlp-grpc", feature = "otlp-http")),
    expect(dead_code, reason = "without a protocol there is nobody to tell")
)]
pub(crate) struct Identity {
    /// The certificate, and those on the way to a root.
    pub(crate) certificate: Vec<u8>,
    pub(crate) key: Vec<u8>,
}

/// Shows no key.
impl fmt::Debug for Tls {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Tls").finish_non_exhaustive()
    }
}
