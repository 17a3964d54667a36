//! How is a message copied with other fields in it, if any has changed?

use crate::record::wire::{Field, Message, Reader};

/// What becomes of a field.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Change {
    Keep,
    Drop,
    /// Bytes, a string or a message with this content, in its place.
    Replace(Vec<u8>),
}

/// Reads the fields of `message`, and asks for each what becomes of it. If any changes, appends all that is left to
/// `out`, and returns true. What is in `out` from `start` on belongs to the message, too.
///
/// What cannot be read does not leave.
pub(super) fn edit(
    message: &[u8],
    start: usize,
    out: &mut Vec<u8>,
    mut change: impl FnMut(u32, Field<'_>) -> Change,
) -> bool {
    // Up to here, the message is copied.
    let mut copied = 0;
    let mut is_changed = out.len() > start;
    let mut reader = Reader::new(message);
    let mut begin = 0;
    while let Some((number, field)) = reader.next() {
        let end = message.len() - reader.rest().len();
        let new = match change(number, field) {
            Change::Keep => {
                begin = end;
                continue;
            }
            Change::Drop => None,
            Change::Replace(new) => Some(new),
        };
        out.extend_from_slice(message.get(copied..begin).unwrap_or_default());
        if let Some(new) = new {
            out.bytes(number, &new);
        }
        (begin, copied, is_changed) = (end, end, true);
    }
    is_changed |= begin < message.len();
    if is_changed {
        out.extend_from_slice(message.get(copied..begin).unwrap_or_default());
    }
    is_changed
}

/// The message in a field, if any field in it changes.
pub(super) fn nested(message: &[u8], change: impl FnMut(u32, Field<'_>) -> Change) -> Change {
    let mut out = Vec::new();
    if edit(message, 0, &mut out, change) { Change::Replace(out) } else { Change::Keep }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_kept_dropped_and_replaced_and_the_rest_is_copied() {
        let mut message = Vec::new();
        for number in 1..=4 {
            message.bytes(number, &[b'0'; 3]);
        }
        message.fixed_64(5, 7);
        let all: Vec<u32> = (1..=5).collect();
        for dropped in 0..=6 {
            for replaced in 0..=6 {
                let mut out = b"before".to_vec();
                let is_changed = edit(&message, 6, &mut out, |number, _| match number {
                    _ if number == dropped => Change::Drop,
                    _ if number == replaced => Change::Replace(b"new".to_vec()),
                    _ => Change::Keep,
                });
                let left = out.strip_prefix(b"before").expect("it is not touched");
                let changes = [dropped, replaced].iter().any(|it| all.contains(it));
                assert_eq!((is_changed, left.is_empty()), (changes, !changes));
                if !changes {
                    continue;
                }
                let numbers: Vec<u32> = Reader::new(left).map(|(number, _)| number).collect();
                assert_eq!(
                    numbers,
                    all.iter().copied().filter(|it| *it != dropped).collect::<Vec<_>>()
                );
                let news = Reader::new(left).filter(|(_, it)| *it == Field::Bytes(b"new")).count();
                assert_eq!(news > 0, replaced != dropped && all.contains(&replaced));
            }
        }
    }

    #[test]
    fn what_cannot_be_read_does_not_leave() {
        let mut message = Vec::new();
        message.bytes(1, b"whole");
        let whole = message.len();
        message.bytes(2, b"a secret");
        message.truncate(message.len() - 1);

        let mut out = Vec::new();
        assert!(edit(&message, 0, &mut out, |_, _| Change::Keep));
        assert_eq!(out, message[..whole]);
    }
}
