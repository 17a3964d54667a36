//! Is a file in PEM what it should be?
//!
//! The answer is what to write instead; it quotes nothing from the file.

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::server::ParsedCertificate;
use rustls::sign::CertifiedKey;
use rustls::{Error, RootCertStore};

/// Certificates to trust.
pub(super) fn roots(pem: &[u8]) -> Result<(), String> {
    let mut store = RootCertStore::empty();
    for certificate in certificates(pem)? {
        store.add(certificate).map_err(|error| no_certificate(&error))?;
    }
    Ok(())
}

/// The program's own certificate, and the intermediate ones up to a root.
pub(super) fn chain(pem: &[u8]) -> Result<(), String> {
    certificates(pem)?.iter().try_for_each(|certificate| {
        ParsedCertificate::try_from(certificate).map(drop).map_err(|error| no_certificate(&error))
    })
}

/// The private key that belongs to `chain`, if there is a chain.
pub(super) fn key(pem: &[u8], chain: Option<&[u8]>) -> Result<(), String> {
    let no_key = |error: &dyn std::error::Error| {
        format!("write the path of a file with a private key in PEM, without a password ({error})")
    };
    let key = PrivateKeyDer::from_pem_slice(pem).map_err(|error| no_key(&error))?;
    let Some(chain) = chain else { return Ok(()) };
    let key = CertifiedKey::from_der(certificates(chain)?, key, &ring::default_provider());
    key.map(drop).map_err(|error| match error {
        Error::InconsistentKeys(_) => {
            "write the path of the key that belongs to the client certificate".to_owned()
        }
        error => no_key(&error),
    })
}

fn certificates(pem: &[u8]) -> Result<Vec<CertificateDer<'static>>, String> {
    let certificates: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(pem).collect();
    let certificates = certificates.map_err(|error| no_certificate(&error))?;
    if certificates.is_empty() {
        return Err(no_certificate(&"none is in it"));
    }
    Ok(certificates)
}

fn no_certificate(why: &dyn std::fmt::Display) -> String {
    format!("write the path of a file with certificates in PEM ({why})")
}
