//! Which kinds of data are there?

mod authorization;
mod aws;
mod azure;
pub(super) mod card;
mod connection;
mod email;
mod gcp;
mod github;
mod gitlab;
mod home;
mod iban;
mod ip;
mod jwt;
mod npm;
mod openai;
mod pem;
mod phone;
mod pypi;
mod slack;
pub(super) mod ssn;
mod stripe;
mod url;
mod vendors;

use super::detector::Detector;
use super::named::NAMED;

/// All detectors. Where two find the same, the first one names it.
pub(super) const ALL: &[&Detector] = &[
    &pem::PEM,
    &jwt::JWT,
    &authorization::BEARER,
    &authorization::BASIC,
    &aws::AWS,
    &azure::AZURE,
    &gcp::GCP,
    &github::GITHUB,
    &gitlab::GITLAB,
    &npm::NPM,
    &openai::OPENAI,
    &pypi::PYPI,
    &slack::SLACK,
    &stripe::STRIPE,
    &vendors::VENDORS,
    &url::USER_INFO,
    &connection::CONNECTION,
    &NAMED,
    &card::CARD,
    &iban::IBAN,
    &ssn::SSN,
    &email::EMAIL,
    &phone::PHONE,
    &ip::IP,
    &home::HOME,
];

#[cfg(test)]
mod tests {
    use super::ALL;

    const PAGE: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/detectors.md"));

    #[test]
    fn the_page_tells_of_every_detector_in_a_table() {
        for detector in ALL {
            let name = format!("`{}`", detector.name);
            let is_told = PAGE.lines().any(|line| line.starts_with("| `") && line.contains(&name));
            assert!(is_told, "{name}");
        }
    }
}
