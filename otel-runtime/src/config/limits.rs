//! How much may a span hold?

use opentelemetry_sdk::trace::SpanLimits;

use super::settings::LimitSettings;
use super::source::Given;

/// How much a span may hold; what is beyond it is dropped.
///
/// Specification: [Span limits](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    /// Characters of a text, and of each text in an array; `None`: as many as there are.
    pub(crate) value_length: Option<usize>,
    pub(crate) attributes_per_span: u32,
    pub(crate) events_per_span: u32,
    pub(crate) links_per_span: u32,
    pub(crate) attributes_per_event: u32,
    pub(crate) attributes_per_link: u32,
}

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

/// Without the length, which the SDK has no limit for.
impl From<Limits> for SpanLimits {
    fn from(limits: Limits) -> Self {
        let Limits {
            value_length: _,
            attributes_per_span,
            events_per_span,
            links_per_span,
            attributes_per_event,
            attributes_per_link,
        } = limits;
        SpanLimits {
            max_events_per_span: events_per_span,
            max_attributes_per_span: attributes_per_span,
            max_links_per_span: links_per_span,
            max_attributes_per_event: attributes_per_event,
            max_attributes_per_link: attributes_per_link,
        }
    }
}
