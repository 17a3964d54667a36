//! What is in the TLS files that the settings name?
//!
//! They are read and checked at the start, so that a wrong path is reported then, and not when the
//! first connection fails.

use std::path::PathBuf;

use super::pem;
use crate::export::settings::{Identity, Tls};
use crate::setup::config::problems::Problems;
use crate::setup::config::read::{self, Unreadable};
use crate::setup::config::settings::TlsSettings;
use crate::setup::config::source::Given;

/// All certificates that a system trusts take about a quarter of a megabyte.
const MAX_BYTES: u64 = 4 * 1024 * 1024;

pub(in crate::setup::config) fn resolve(settings: TlsSettings, problems: &mut Problems) -> Tls {
    let TlsSettings { certificate, client_certificate, client_key } = settings;
    Tls {
        roots: certificate.and_then(|given| checked(&given, pem::roots, problems)),
        identity: identity(client_certificate, client_key, problems),
    }
}

/// Refuses a file of trusted certificates that would hold up the program, such as a pipe: the library
/// that reads the system's certificates does not check what kind of file it is.
pub(in crate::setup::config) fn check_system_roots(
    given: &Given<PathBuf>,
    problems: &mut Problems,
) {
    if let Err(why @ Unreadable::Special) = read::check(&given.value) {
        let remedy = format!("write the path of a file that can be read, or unset it ({why})");
        problems.add(&given.from, Some(given.value.display().to_string()), remedy);
    }
}

fn identity(
    certificate: Option<Given<PathBuf>>,
    key: Option<Given<PathBuf>>,
    problems: &mut Problems,
) -> Option<Identity> {
    let (certificate, key) = match (certificate, key) {
        (Some(certificate), Some(key)) => (certificate, key),
        (None, None) => return None,
        (Some(alone), None) => {
            let remedy = "name its key too, in OTEL_EXPORTER_OTLP_CLIENT_KEY, or leave it out";
            problems.add(alone.from, Some(alone.value.display().to_string()), remedy);
            return None;
        }
        (None, Some(alone)) => {
            let remedy = "name the certificate that it belongs to too, in \
                          OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE, or leave it out";
            problems.add(alone.from, Some(alone.value.display().to_string()), remedy);
            return None;
        }
    };
    let chain = checked(&certificate, pem::chain, problems);
    let belongs = |key: &[u8]| pem::key(key, chain.as_deref());
    let key = checked(&key, belongs, problems);
    Some(Identity { certificate: chain?, key: key? })
}

/// The content of a file, if it is valid.
fn checked(
    given: &Given<PathBuf>,
    check: impl FnOnce(&[u8]) -> Result<(), String>,
    problems: &mut Problems,
) -> Option<Vec<u8>> {
    let read = read::read(&given.value, MAX_BYTES)
        .map_err(|why| format!("write the path of a file that can be read ({why})"))
        .and_then(|pem| check(&pem).map(|()| pem));
    match read {
        Ok(pem) => Some(pem),
        Err(remedy) => {
            problems.add(&given.from, Some(given.value.display().to_string()), remedy);
            None
        }
    }
}
