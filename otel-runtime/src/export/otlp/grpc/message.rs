//! How is a message framed?
//!
//! One byte says whether it is compressed, four bytes say its length, then comes the message.

use std::io;

use bytes::{BufMut, Bytes, BytesMut};

use crate::export::otlp::compress;
use crate::export::otlp::connection::MAX_REPLY;
use crate::export::settings::Compression;

const HEAD: usize = 5;

/// The body of a request.
pub(super) fn outgoing(message: Bytes, compression: Compression) -> io::Result<Bytes> {
    let message = compress::compress(message, compression)?;
    let len = u32::try_from(message.len()).map_err(|_| io::ErrorKind::FileTooLarge)?;
    let mut body = BytesMut::with_capacity(HEAD + message.len());
    body.put_u8(u8::from(compression != Compression::None));
    body.put_u32(len);
    body.put(message);
    Ok(body.freeze())
}

/// A message of the reply, whose body comes in pieces.
#[derive(Default)]
pub(super) struct Incoming(BytesMut);

impl Incoming {
    pub(super) fn extend(&mut self, piece: &[u8]) {
        self.0.extend_from_slice(piece);
    }

    /// Whether any of it has come.
    pub(super) fn has_begun(&self) -> bool {
        self.0.len() >= HEAD
    }

    /// Whether it is longer than we read.
    pub(super) fn is_too_long(&self) -> bool {
        self.0.len() > HEAD + MAX_REPLY
            || matches!(self.head(), Some((_, len)) if len as usize > MAX_REPLY)
    }

    /// The message; `None` if it is compressed, which we did not ask for, or ends too soon.
    pub(super) fn whole(&self) -> Option<&[u8]> {
        let (0, len) = self.head()? else { return None };
        self.0.get(HEAD..HEAD + len as usize)
    }

    fn head(&self) -> Option<(u8, u32)> {
        let (&[flags, a, b, c, d], _) = self.0.split_first_chunk::<HEAD>()?;
        Some((flags, u32::from_be_bytes([a, b, c, d])))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn incoming(bytes: &[u8]) -> Incoming {
        let mut message = Incoming::default();
        message.extend(bytes);
        message
    }

    #[test]
    fn what_goes_out_comes_in() {
        let message = Bytes::from_static(b"message");
        let body = outgoing(message.clone(), Compression::None).expect("short");
        assert_eq!(*body, *b"\0\0\0\0\x07message");
        assert_eq!(incoming(&body).whole(), Some(message.as_ref()));

        let body = outgoing(message, Compression::Gzip).expect("short");
        assert_eq!(body[0], 1, "it says that it is compressed");
        assert_eq!(incoming(&body).whole(), None);
    }

    #[test]
    fn anything_may_come() {
        for bytes in
            [&b""[..], b"\0", b"\0\0\0\0\x07messag", b"\x02\0\0\0\0", b"\xff\xff\xff\xff\xff"]
        {
            assert_eq!(incoming(bytes).whole(), None, "{bytes:?}");
        }
        assert_eq!(incoming(b"\0\0\0\0\0").whole(), Some(&[][..]));
        assert!(incoming(b"\0\xff\xff\xff\xff").is_too_long());
        assert!(!incoming(b"\0\0\0").is_too_long());
    }
}
