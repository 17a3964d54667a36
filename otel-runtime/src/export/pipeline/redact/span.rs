//! What leaves of a span's fields?

use super::attribute::Attributes;
use super::edit::{Change, edit, nested};
use crate::privacy::{EXCEPTION, Place, Redacted, Redactor};
use crate::record::wire::Field;
use crate::record::{Finished, Origin, field};

/// Appends the span's new fields to `out`, behind those of the span that are there from `start` on. Returns whether
/// any has changed, and whether a key has.
pub(super) fn rewrite(
    mut attributes: Attributes<'_>,
    finished: &mut Finished,
    old: &[u8],
    start: usize,
    out: &mut Vec<u8>,
) -> (bool, bool) {
    let redactor = attributes.redactor;
    // Where only what is listed leaves, a span of a function goes back to the function's name.
    let is_renamed =
        finished.named && redactor.lists() && matches!(finished.origin, Origin::Function(_));
    if is_renamed {
        finished.named = false;
    }
    let is_changed = edit(old, start, out, |number, field| match (number, field) {
        (field::span::ATTRIBUTES, Field::Bytes(attribute)) => attributes.attribute(attribute),
        (field::span::NAME, Field::Bytes(_)) if is_renamed => Change::Drop,
        (field::span::NAME, Field::Bytes(text)) => {
            name(redactor, Place::Name { of: "span.name", is_static: false }, text)
        }
        (field::span::EVENTS, Field::Bytes(event)) => self::event(&mut attributes, event),
        (field::span::LINKS, Field::Bytes(link)) => self::link(&mut attributes, link),
        (field::span::STATUS, Field::Bytes(status)) => self::status(redactor, status),
        (field::span::TRACE_STATE, Field::Bytes(header)) => trace_state(redactor, header),
        (_, Field::Number(_) | Field::Fixed32(_) | Field::Fixed64(_)) => Change::Keep,
        // Nothing else is written.
        (_, Field::Bytes(_)) => Change::Drop,
    });
    (is_changed, attributes.has_new_key)
}

fn event(attributes: &mut Attributes<'_>, event: &[u8]) -> Change {
    let redactor = attributes.redactor;
    nested(event, |number, field| match (number, field) {
        (field::event::ATTRIBUTES, Field::Bytes(attribute)) => attributes.attribute(attribute),
        (field::event::NAME, Field::Bytes(text)) => name(
            redactor,
            Place::Name { of: "event.name", is_static: text == EXCEPTION.as_bytes() },
            text,
        ),
        (_, Field::Bytes(_)) => Change::Drop,
        _ => Change::Keep,
    })
}

fn link(attributes: &mut Attributes<'_>, link: &[u8]) -> Change {
    let redactor = attributes.redactor;
    nested(link, |number, field| match (number, field) {
        (field::link::ATTRIBUTES, Field::Bytes(attribute)) => attributes.attribute(attribute),
        (field::link::TRACE_STATE, Field::Bytes(header)) => trace_state(redactor, header),
        (field::link::TRACE_ID | field::link::SPAN_ID, _) => Change::Keep,
        (_, Field::Bytes(_)) => Change::Drop,
        _ => Change::Keep,
    })
}

fn status(redactor: &Redactor, status: &[u8]) -> Change {
    nested(status, |number, field| match (number, field) {
        (field::status::MESSAGE, Field::Bytes(message)) => {
            let Ok(message) = str::from_utf8(message) else { return Change::Drop };
            change(redactor.text(Place::Status, message))
        }
        (_, Field::Bytes(_)) => Change::Drop,
        _ => Change::Keep,
    })
}

fn trace_state(redactor: &Redactor, header: &[u8]) -> Change {
    let Ok(header) = str::from_utf8(header) else { return Change::Drop };
    change(redactor.trace_state(header))
}

fn change(redacted: Redacted) -> Change {
    match redacted {
        Redacted::Kept => Change::Keep,
        Redacted::Replaced(text) => Change::Replace(text.into_bytes()),
        Redacted::Dropped => Change::Drop,
    }
}

/// A name stays a name.
fn name(redactor: &Redactor, place: Place<'_>, name: &[u8]) -> Change {
    let Ok(name) = str::from_utf8(name) else { return Change::Drop };
    let redacted = redactor.text(place, name).or_placeholder();
    redacted.map_or(Change::Keep, |text| Change::Replace(text.into_bytes()))
}
