//! How much may a span hold?

use super::settings::LimitSettings;
use super::source::Given;
use crate::record::Limits;

pub(super) fn resolve(given: LimitSettings) -> Limits {
    let LimitSettings {
        value_length,
        attributes_per_span,
        events_per_span,
        links_per_span,
        attributes_per_event,
        attributes_per_link,
    } = given;
    let or_standard = |given: Option<Given<u32>>| given.map_or(128, |given| given.value);
    Limits {
        value_length: value_length.map(|given| given.value),
        attributes_per_span: or_standard(attributes_per_span),
        events_per_span: or_standard(events_per_span),
        links_per_span: or_standard(links_per_span),
        attributes_per_event: or_standard(attributes_per_event),
        attributes_per_link: or_standard(attributes_per_link),
    }
}
