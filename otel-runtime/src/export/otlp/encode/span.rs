//! How is a finished span written?

use opentelemetry::trace::{SpanId, SpanKind};

use crate::record::wire::{Message, field_len};
use crate::record::{Finished, Span, field, fields};

/// Writes a span as a field with this number.
pub(super) fn write(out: &mut Vec<u8>, number: u32, Span { finished, fields }: Span<'_>) {
    let head = Head::new(finished);
    let head = head.as_bytes();
    let (name, place) = finished.common();
    let name_len = if name.is_empty() { 0 } else { field_len(field::span::NAME, name.len()) };

    out.begin(number, head.len() + name_len + place.len() + fields.len());
    out.put(head);
    out.text(field::span::NAME, name);
    out.put(place);
    out.put(fields);
}

/// What every span has, except its name. The size is fixed, so the compiler knows where each field
/// goes; a growing buffer would check for room each time.
struct Head {
    bytes: [u8; 64],
    len: usize,
}

impl Head {
    #[inline]
    fn new(finished: &Finished) -> Self {
        let mut head = Head { bytes: [0; 64], len: 0 };
        head.bytes(field::span::TRACE_ID, &finished.trace_id.to_bytes());
        head.bytes(field::span::SPAN_ID, &finished.span_id.to_bytes());
        head.number(field::span::KIND, kind(&finished.kind));
        head.fixed_64(field::span::START_TIME, finished.start);
        head.fixed_64(field::span::END_TIME, finished.end);
        let flags = fields::flags(finished.trace_flags.to_u8(), finished.parent_span_is_remote);
        head.fixed_32(field::span::FLAGS, flags);
        if finished.parent_span_id != SpanId::INVALID {
            head.bytes(field::span::PARENT_SPAN_ID, &finished.parent_span_id.to_bytes());
        }
        head
    }

    #[inline]
    fn as_bytes(&self) -> &[u8] {
        &self.bytes[..self.len]
    }
}

impl Message for Head {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.bytes[self.len..][..bytes.len()].copy_from_slice(bytes);
        self.len += bytes.len();
    }
}

fn kind(kind: &SpanKind) -> u64 {
    match kind {
        SpanKind::Internal => 1,
        SpanKind::Server => 2,
        SpanKind::Client => 3,
        SpanKind::Producer => 4,
        SpanKind::Consumer => 5,
    }
}
