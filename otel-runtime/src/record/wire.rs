//! How are protobuf messages written and read?
//!
//! The [wire format](https://protobuf.dev/programming-guides/encoding/), of which OTLP needs only a part.
//! A library would want the messages as structures first, and building those costs more than all the rest
//! of a span.

pub(super) const VARINT: u32 = 0;
pub(super) const FIXED_64: u32 = 1;
pub(super) const BYTES: u32 = 2;
const FIXED_32: u32 = 5;

/// Where a message is written to.
pub(crate) trait Message {
    fn put(&mut self, bytes: &[u8]);

    /// Writes a few bytes.
    #[inline]
    fn short(&mut self, short: Short) {
        self.put(&short.bytes.to_le_bytes()[..short.len]);
    }

    #[inline]
    fn varint(&mut self, value: u64) {
        self.short(Short::varint(value));
    }

    #[inline]
    fn tag(&mut self, field: u32, wire_type: u32) {
        self.varint(u64::from(field << 3 | wire_type));
    }

    /// A number that is left out if it is zero.
    fn number(&mut self, field: u32, value: u64) {
        if value != 0 {
            self.tag(field, VARINT);
            self.varint(value);
        }
    }

    /// The tag and the length of bytes, a string or a message; so many bytes follow.
    #[inline]
    fn begin(&mut self, field: u32, len: usize) {
        self.tag(field, BYTES);
        self.varint(len as u64);
    }

    /// Bytes, a string or a message that is there even if it is empty.
    #[inline]
    fn bytes(&mut self, field: u32, bytes: &[u8]) {
        self.begin(field, bytes.len());
        self.put(bytes);
    }

    /// A string that is left out if it is empty.
    fn text(&mut self, field: u32, text: &str) {
        if !text.is_empty() {
            self.bytes(field, text.as_bytes());
        }
    }

    #[inline]
    fn fixed_64(&mut self, field: u32, value: u64) {
        self.tag(field, FIXED_64);
        self.put(&value.to_le_bytes());
    }

    #[inline]
    fn fixed_32(&mut self, field: u32, value: u32) {
        self.tag(field, FIXED_32);
        self.put(&value.to_le_bytes());
    }
}

impl Message for Vec<u8> {
    #[inline]
    fn put(&mut self, bytes: &[u8]) {
        self.extend_from_slice(bytes);
    }

    #[inline]
    fn short(&mut self, short: Short) {
        // A copy of a fixed length needs no call of `memcpy`, and cutting off the rest costs nothing.
        let end = self.len() + short.len;
        self.extend_from_slice(&short.bytes.to_le_bytes());
        self.truncate(end);
    }
}

/// At most sixteen bytes; those after `len` are zero.
#[derive(Clone, Copy)]
pub(crate) struct Short {
    bytes: u128,
    len: usize,
}

impl Short {
    #[inline]
    pub(crate) fn byte(byte: u8) -> Short {
        Short { bytes: byte.into(), len: 1 }
    }

    #[inline]
    pub(crate) fn fixed_64(value: u64) -> Short {
        Short { bytes: value.into(), len: 8 }
    }

    /// A number as a varint.
    #[inline]
    pub(crate) fn varint(value: u64) -> Short {
        if value < 0x80 { Short { bytes: value.into(), len: 1 } } else { Short::long_varint(value) }
    }

    fn long_varint(mut value: u64) -> Short {
        let (mut bytes, mut len) = (0, 0);
        loop {
            let more = value >= 0x80;
            bytes |= u128::from(value & 0x7f | u64::from(more) << 7) << (8 * len);
            len += 1;
            value >>= 7;
            if !more {
                return Short { bytes, len };
            }
        }
    }

    /// These bytes followed by those; sixteen at most.
    #[inline]
    pub(crate) fn then(self, next: Short) -> Short {
        Short { bytes: self.bytes | next.bytes << (8 * self.len), len: self.len + next.len }
    }

    #[inline]
    pub(crate) fn len(self) -> usize {
        self.len
    }
}

/// How many bytes a number takes as a varint.
#[inline]
pub(crate) fn varint_len(value: u64) -> usize {
    ((70 - (value | 1).leading_zeros()) / 7) as usize
}

/// How many bytes a field takes whose content takes so many bytes.
#[inline]
pub(crate) fn field_len(field: u32, len: usize) -> usize {
    varint_len(u64::from(field << 3 | BYTES)) + varint_len(len as u64) + len
}

/// A field of a message.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Field<'a> {
    Number(u64),
    Fixed64(u64),
    Bytes(&'a [u8]),
    Fixed32(u32),
}

/// The fields of a message, with their numbers, until its end or the first field that cannot be read.
#[derive(Clone, Debug)]
pub(crate) struct Reader<'a> {
    rest: &'a [u8],
}

impl<'a> Reader<'a> {
    pub(crate) fn new(message: &'a [u8]) -> Self {
        Reader { rest: message }
    }

    /// What has not been read.
    pub(crate) fn rest(&self) -> &'a [u8] {
        self.rest
    }

    #[inline]
    fn field(&mut self) -> Option<(u32, Field<'a>)> {
        let key = u32::try_from(self.varint()?).ok()?;
        let field = match key & 7 {
            VARINT => Field::Number(self.varint()?),
            FIXED_64 => Field::Fixed64(u64::from_le_bytes(self.array()?)),
            BYTES => {
                let len = usize::try_from(self.varint()?).ok()?;
                Field::Bytes(self.take(len)?)
            }
            FIXED_32 => Field::Fixed32(u32::from_le_bytes(self.array()?)),
            _ => return None,
        };
        Some((key >> 3, field))
    }

    #[inline]
    fn varint(&mut self) -> Option<u64> {
        // The case of tags and most lengths: one byte.
        if let [byte @ ..0x80, rest @ ..] = self.rest {
            self.rest = rest;
            return Some(u64::from(*byte));
        }
        self.long_varint()
    }

    fn long_varint(&mut self) -> Option<u64> {
        let mut value = 0;
        for (at, byte) in self.rest.iter().enumerate().take(10) {
            value |= u64::from(byte & 0x7f) << (7 * at);
            if byte & 0x80 == 0 {
                self.rest = &self.rest[at + 1..];
                return Some(value);
            }
        }
        None
    }

    #[inline]
    fn take(&mut self, len: usize) -> Option<&'a [u8]> {
        let (taken, rest) = self.rest.split_at_checked(len)?;
        self.rest = rest;
        Some(taken)
    }

    fn array<const N: usize>(&mut self) -> Option<[u8; N]> {
        self.take(N)?.try_into().ok()
    }
}

impl<'a> Iterator for Reader<'a> {
    type Item = (u32, Field<'a>);

    #[inline]
    fn next(&mut self) -> Option<Self::Item> {
        let field = self.field();
        if field.is_none() {
            self.rest = &[];
        }
        field
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_is_read_as_it_was_written() {
        for shift in 0..64 {
            for value in [1 << shift, (1 << shift) - 1, u64::MAX >> shift] {
                let mut written = Vec::new();
                written.varint(value);

                assert_eq!(written.len(), varint_len(value), "{value}");
                assert_eq!(Reader::new(&written).varint(), Some(value));
            }
        }
    }

    #[test]
    fn a_message_is_read_as_it_was_written() {
        let mut message = Vec::new();
        message.number(1, 300);
        message.number(2, 0);
        message.text(3, "");
        message.text(4, "text");
        message.bytes(5, b"");
        message.fixed_32(600, 7);
        message.fixed_64(16, u64::MAX);

        let fields: Vec<_> = Reader::new(&message).collect();

        let expected = [
            (1, Field::Number(300)),
            (4, Field::Bytes(b"text")),
            (5, Field::Bytes(b"")),
            (600, Field::Fixed32(7)),
            (16, Field::Fixed64(u64::MAX)),
        ];
        assert_eq!(fields, expected);
    }

    #[test]
    fn what_cannot_be_read_ends_a_message() {
        let mut message = Vec::new();
        message.text(1, "text");
        for len in 1..message.len() {
            assert_eq!(Reader::new(&message[..len]).next(), None, "{len} bytes");
        }
        assert_eq!(Reader::new(&[0xff; 11]).next(), None);
        assert_eq!(Reader::new(&[0x0b]).next(), None);
    }
}
