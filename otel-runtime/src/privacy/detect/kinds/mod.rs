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
