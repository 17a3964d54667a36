//! Whom does a connection trust, and which certificate does it show?

use hyper_rustls::ConfigBuilderExt;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::{ClientConfig, RootCertStore};

use super::failure::chain;
use crate::export::settings::{Otlp, Tls};

/// TLS by rustls, with ring.
pub(super) fn config(otlp: &Otlp) -> Result<ClientConfig, String> {
    let Tls { roots, identity } = &otlp.tls;
    let config = ClientConfig::builder_with_provider(ring::default_provider().into())
        .with_safe_default_protocol_versions()
        .map_err(|error| chain(&error))?;
    let config = if otlp.endpoint.scheme() != Some(&http::uri::Scheme::HTTPS) {
        // TLS is not going to be used, so a system without root certificates is no error.
        config.with_root_certificates(RootCertStore::empty())
    } else if let Some(pem) = roots {
        let mut roots = RootCertStore::empty();
        for certificate in certificates(pem)? {
            roots.add(certificate).map_err(|error| chain(&error))?;
        }
        config.with_root_certificates(roots)
    } else {
        config.with_native_roots().map_err(|error| without_roots(&error))?
    };
    let Some(identity) = identity else { return Ok(config.with_no_client_auth()) };
    let key = PrivateKeyDer::from_pem_slice(&identity.key).map_err(|error| chain(&error))?;
    config
        .with_client_auth_cert(certificates(&identity.certificate)?, key)
        .map_err(|error| chain(&error))
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    CertificateDer::pem_slice_iter(pem).collect::<Result<_, _>>().map_err(|error| chain(&error))
}

/// TLS cannot be used: there are no root certificates to trust.
fn without_roots(error: &(dyn std::error::Error + 'static)) -> String {
    let why = chain(error);
    format!(
        "no certificates to trust ({why}): install the system's, or name a file in SSL_CERT_FILE"
    )
}
