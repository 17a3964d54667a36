//! How much may one span hold?

use opentelemetry_sdk::trace::SpanLimits;

/// The [limits](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits) of a span.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Limits {
    pub(crate) attributes_per_span: u32,
    pub(crate) events_per_span: u32,
    pub(crate) links_per_span: u32,
    pub(crate) attributes_per_event: u32,
    pub(crate) attributes_per_link: u32,
    /// In characters, for a string by itself or in an array.
    pub(crate) value_length: Option<usize>,
}

impl Default for Limits {
    fn default() -> Self {
        Limits {
            attributes_per_span: 128,
            events_per_span: 128,
            links_per_span: 128,
            attributes_per_event: 128,
            attributes_per_link: 128,
            value_length: None,
        }
    }
}

impl From<Limits> for SpanLimits {
    fn from(limits: Limits) -> Self {
        SpanLimits {
            max_attributes_per_span: limits.attributes_per_span,
            max_events_per_span: limits.events_per_span,
            max_links_per_span: limits.links_per_span,
            max_attributes_per_event: limits.attributes_per_event,
            max_attributes_per_link: limits.attributes_per_link,
        }
    }
}

impl Limits {
    /// The limits by which a span is recorded, if its values are cut only after so many bytes of them were looked at.
    /// A value that is longer is still known by its length then.
    pub(crate) fn to_look_at(self, bytes: usize) -> Limits {
        let value_length = self.value_length.map(|length| length.max(bytes + 1));
        Limits { value_length, ..self }
    }

    /// The part of a string that may be kept.
    pub(crate) fn cut<'a>(&self, text: &'a str) -> &'a str {
        match self.value_length {
            // A character has at least one byte.
            Some(limit) if text.len() > limit => {
                text.char_indices().nth(limit).map_or(text, |(end, _)| &text[..end])
            }
            _ => text,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_string_is_cut_at_a_character() {
        let cut = |limit, text| Limits { value_length: limit, ..Limits::default() }.cut(text).len();

        assert_eq!(cut(None, "größer"), 8);
        assert_eq!(cut(Some(3), "größer"), 4);
        assert_eq!(cut(Some(6), "größer"), 8);
        assert_eq!(cut(Some(5), "größer"), 7);
        assert_eq!(cut(Some(0), "größer"), 0);
        assert_eq!(cut(Some(9), "größer"), 8);
    }
}
