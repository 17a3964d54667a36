//! Why did an attempt fail, and is it worth sending the same request again?
//!
//! Specification: [OTLP/gRPC](https://opentelemetry.io/docs/specs/otlp/#failures) and
//! [OTLP/HTTP](https://opentelemetry.io/docs/specs/otlp/#failures-1).

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::AlertDescription;

#[cfg(feature = "otlp-grpc")]
use super::grpc::Code;

use crate::export::ExportError;

#[derive(Debug, PartialEq, Eq)]
pub(super) struct Failure {
    pub(super) verdict: Verdict,
    pub(super) contact: Contact,
    pub(super) error: ExportError,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// Send it again: it may well be taken, but not before `after` is over, if the backend said so.
    Again { after: Option<Duration> },
    /// Send it in parts, which may be taken.
    TooLarge,
    /// Give up: it will not be taken.
    Final,
}

/// How far an attempt that failed got towards the backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Contact {
    /// The backend answered, or at least there was a connection.
    Made,
    /// There was no connection, or no answer in time.
    None,
    /// The connection was refused: nothing listens on the port.
    Refused,
}

impl Failure {
    pub(super) fn new(verdict: Verdict, why: String) -> Self {
        Failure { verdict, contact: Contact::Made, error: ExportError::Failed(why) }
    }

    /// There was no answer in time.
    pub(super) fn timed_out(after: Duration) -> Self {
        Failure {
            verdict: Verdict::Again { after: None },
            contact: Contact::None,
            error: ExportError::TimedOut(after),
        }
    }

    /// The attempt panicked on this side; the next one need not.
    pub(super) fn panicked(panicked: &str) -> Self {
        Failure::new(Verdict::Again { after: None }, format!("the attempt {panicked}"))
    }

    /// Puts in front of the message which mistake in the settings is likely.
    pub(super) fn after(self, mistake: &str) -> Self {
        let error = ExportError::Failed(format!("{mistake} ({})", self.error));
        Failure { error, ..self }
    }

    /// The backend was not reached, or did not finish its reply.
    pub(super) fn connection(error: &(dyn Error + 'static)) -> Self {
        let is_final = causes(error).any(is_about_certificates);
        let verdict = if is_final { Verdict::Final } else { Verdict::Again { after: None } };
        Failure { contact: contact(error), ..Failure::new(verdict, chain(error)) }
    }
}

/// How far the attempt got that failed with this error of the connection.
fn contact(error: &(dyn Error + 'static)) -> Contact {
    let kinds =
        || causes(error).filter_map(|it| it.downcast_ref::<io::Error>().map(io::Error::kind));
    if kinds().any(|kind| kind == io::ErrorKind::ConnectionRefused) {
        return Contact::Refused;
    }
    let is_unreachable = kinds().any(|kind| {
        use io::ErrorKind as Kind;
        matches!(kind, Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown)
    });
    let is_unreachable = is_unreachable
        || causes(error)
            .filter_map(|it| it.downcast_ref::<hyper_util::client::legacy::Error>())
            .any(hyper_util::client::legacy::Error::is_connect);
    if is_unreachable { Contact::None } else { Contact::Made }
}

/// What to do after this HTTP status.
pub(super) fn of_status(status: http::StatusCode, retry_after: Option<Duration>) -> Verdict {
    match status.as_u16() {
        429 | 502..=504 => Verdict::Again { after: retry_after },
        413 => Verdict::TooLarge,
        _ => Verdict::Final,
    }
}

/// What to do after this gRPC status.
#[cfg(feature = "otlp-grpc")]
pub(super) fn of_code(code: Code, retry_delay: Option<Duration>) -> Verdict {
    match code {
        Code::CANCELLED
        | Code::DEADLINE_EXCEEDED
        | Code::ABORTED
        | Code::OUT_OF_RANGE
        | Code::UNAVAILABLE
        | Code::DATA_LOSS => Verdict::Again { after: retry_delay },
        // "Only if the server signals that the recovery [..] is possible."
        Code::RESOURCE_EXHAUSTED if retry_delay.is_some() => Verdict::Again { after: retry_delay },
        _ => Verdict::Final,
    }
}

/// Whether one side does not trust the other's certificate: the next connection would fail too, and
/// somebody should hear of it now.
fn is_about_certificates(error: &(dyn Error + 'static)) -> bool {
    match error.downcast_ref() {
        Some(rustls::Error::InvalidCertificate(_) | rustls::Error::NoCertificatesPresented) => true,
        Some(rustls::Error::AlertReceived(alert)) => matches!(
            alert,
            AlertDescription::BadCertificate
                | AlertDescription::UnsupportedCertificate
                | AlertDescription::CertificateRevoked
                | AlertDescription::CertificateExpired
                | AlertDescription::CertificateUnknown
                | AlertDescription::CertificateRequired
                | AlertDescription::UnknownCA
                | AlertDescription::AccessDenied
        ),
        _ => false,
    }
}

/// An error and its causes, in one line.
pub(super) fn chain(error: &(dyn Error + 'static)) -> String {
    let mut text: Vec<String> = causes(error).map(ToString::to_string).collect();
    // Some errors repeat the text of their cause.
    text.dedup();
    text.join(": ")
}

/// An error and its causes.
pub(super) fn causes<'a>(
    error: &'a (dyn Error + 'static),
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(Some(error), |&error| match error.downcast_ref::<io::Error>() {
        // `source` of an `io::Error` leaves out the error that it wraps, so look at that first.
        Some(error) => error.get_ref().map(|wrapped| wrapped as &(dyn Error + 'static)),
        None => error.source(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const AFTER: Option<Duration> = Some(Duration::from_secs(3));

    #[test]
    fn statuses_of_http() {
        for status in 300..600 {
            let verdict = of_status(http::StatusCode::from_u16(status).expect("one"), AFTER);
            let expected = match status {
                429 | 502 | 503 | 504 => Verdict::Again { after: AFTER },
                413 => Verdict::TooLarge,
                _ => Verdict::Final,
            };
            assert_eq!(verdict, expected, "{status}");
        }
    }

    #[cfg(feature = "otlp-grpc")]
    #[test]
    fn statuses_of_grpc() {
        // CANCELLED, DEADLINE_EXCEEDED, ABORTED, OUT_OF_RANGE, UNAVAILABLE, DATA_LOSS.
        let again = [1, 4, 10, 11, 14, 15];
        for code in 1..=17 {
            for after in [None, AFTER] {
                let expected = match code {
                    // RESOURCE_EXHAUSTED
                    8 if after.is_some() => Verdict::Again { after },
                    code if again.contains(&code) => Verdict::Again { after },
                    _ => Verdict::Final,
                };
                assert_eq!(of_code(Code(code), after), expected, "{code}, {after:?}");
            }
        }
    }

    #[test]
    fn a_certificate_that_is_refused_is_no_passing_trouble() {
        let refused = rustls::Error::InvalidCertificate(rustls::CertificateError::UnknownIssuer);
        for error in [refused, rustls::Error::AlertReceived(AlertDescription::UnknownCA)] {
            let text = error.to_string();
            let error = io::Error::other(io::Error::new(io::ErrorKind::InvalidData, error));
            let failure = Failure::connection(&error);
            assert_eq!(failure, Failure::new(Verdict::Final, text), "told once");
        }
        let reset = io::Error::from(io::ErrorKind::ConnectionReset);
        assert_eq!(Failure::connection(&reset).verdict, Verdict::Again { after: None });
    }

    #[test]
    fn a_backend_that_is_not_there_is_told_from_one_that_hangs_up() {
        use io::ErrorKind as Kind;

        let cases = [
            (Kind::ConnectionRefused, Contact::Refused),
            (Kind::NetworkUnreachable, Contact::None),
            (Kind::ConnectionReset, Contact::Made),
        ];
        for (kind, contact) in cases {
            let error = io::Error::other(io::Error::from(kind));
            assert_eq!(Failure::connection(&error).contact, contact, "{kind}");
        }
        assert_eq!(Failure::timed_out(Duration::ZERO).contact, Contact::None);
    }
}
