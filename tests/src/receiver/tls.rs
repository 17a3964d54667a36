//! Whom does a client trust that knows only this test's certificate?

use std::sync::Arc;

use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::crypto::ring;
use tokio_rustls::rustls::pki_types::pem::PemObject;
use tokio_rustls::rustls::pki_types::{CertificateDer, PrivateKeyDer};
use tokio_rustls::rustls::server::WebPkiClientVerifier;
use tokio_rustls::rustls::server::danger::ClientCertVerifier;
use tokio_rustls::rustls::{RootCertStore, ServerConfig};

/// A certificate for `localhost` that only a test trusts, and its key.
#[derive(Clone, Debug)]
pub struct Certificate {
    /// The certificate, as a client wants it.
    pub pem: String,
    /// Its key.
    pub key: String,
}

impl Certificate {
    /// A new one.
    ///
    /// # Panics
    ///
    /// If there is no randomness to be had.
    #[must_use]
    pub fn new() -> Self {
        Certificate::of("localhost")
    }

    /// A new one, for another host.
    ///
    /// # Panics
    ///
    /// If there is no randomness to be had.
    #[must_use]
    pub fn of(host: &str) -> Self {
        let made = rcgen::generate_simple_self_signed([host.to_owned()]).expect("made");
        Certificate { pem: made.cert.pem(), key: made.signing_key.serialize_pem() }
    }

    /// Speaks TLS with whoever has the `client` certificate, or with everybody.
    pub(super) fn acceptor(&self, client: Option<&Certificate>) -> TlsAcceptor {
        let certificate = CertificateDer::from_pem_slice(self.pem.as_bytes()).expect("PEM");
        let key = PrivateKeyDer::from_pem_slice(self.key.as_bytes()).expect("PEM");
        let config = ServerConfig::builder_with_provider(Arc::new(ring::default_provider()))
            .with_safe_default_protocol_versions()
            .expect("versions of ring's")
            .with_client_cert_verifier(verifier(client))
            .with_single_cert(vec![certificate], key)
            .expect("a certificate and its key");
        TlsAcceptor::from(Arc::new(config))
    }
}

fn verifier(client: Option<&Certificate>) -> Arc<dyn ClientCertVerifier> {
    let Some(client) = client else { return WebPkiClientVerifier::no_client_auth() };
    let mut roots = RootCertStore::empty();
    let client = CertificateDer::from_pem_slice(client.pem.as_bytes()).expect("PEM");
    roots.add(client).expect("a certificate");
    WebPkiClientVerifier::builder_with_provider(roots.into(), ring::default_provider().into())
        .build()
        .expect("a verifier")
}

impl Default for Certificate {
    fn default() -> Self {
        Certificate::new()
    }
}
