//! What did the peer of a connection say first?
//!
//! Its first bytes tell which protocol it speaks. If that is not ours, the parser of our protocol could
//! only say that the bytes are invalid.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll, ready};

use hyper::rt::{Read, ReadBuf, ReadBufCursor, Write};
use hyper_util::client::legacy::connect::{Connected, Connection};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;

/// How many bytes are enough to tell.
const BEGINNING: usize = 5;

/// What a peer speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Speech {
    /// It has not said anything.
    Nothing,
    Http1,
    Http2,
    Tls,
    Other,
}

impl Speech {
    fn of(beginning: &[u8]) -> Speech {
        match beginning {
            [] => Speech::Nothing,
            [b'H', b'T', b'T', b'P', b'/'] => Speech::Http1,
            // A TLS record: an alert or a handshake, of any version since SSL 3.
            [0x15 | 0x16, 3, ..] => Speech::Tls,
            // An HTTP/2 frame: a short SETTINGS, or a GOAWAY.
            [0, _, _, 4 | 7, _] => Speech::Http2,
            _ => Speech::Other,
        }
    }
}

/// What the peer of the newest connection spoke, if there was a connection.
#[derive(Clone, Default)]
pub(super) struct Heard(Arc<Mutex<Option<Speech>>>);

impl Heard {
    pub(super) fn get(&self) -> Option<Speech> {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn set(&self, speech: Option<Speech>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = speech;
    }
}

/// A connection that notes its peer's first bytes.
pub(super) struct Stream {
    tcp: TokioIo<TcpStream>,
    heard: Heard,
    begun: bool,
    /// Whether requests go to a forwarding proxy, which needs the whole URL in each.
    is_proxied: bool,
}

impl Stream {
    pub(super) fn new(tcp: TokioIo<TcpStream>, heard: Heard, is_proxied: bool) -> Self {
        heard.set(Some(Speech::Nothing));
        Stream { tcp, heard, begun: false, is_proxied }
    }
}

impl Read for Stream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        mut buffer: ReadBufCursor<'_>,
    ) -> Poll<io::Result<()>> {
        if self.begun || buffer.remaining() < BEGINNING {
            return Pin::new(&mut self.tcp).poll_read(cx, buffer);
        }
        let mut bytes = [0; BEGINNING];
        let mut beginning = ReadBuf::new(&mut bytes);
        ready!(Pin::new(&mut self.tcp).poll_read(cx, beginning.unfilled()))?;
        self.begun = true;
        self.heard.set(Some(Speech::of(beginning.filled())));
        buffer.put_slice(beginning.filled());
        Poll::Ready(Ok(()))
    }
}

impl Write for Stream {
    fn poll_write(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write(cx, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.tcp).poll_write_vectored(cx, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.tcp.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.tcp).poll_shutdown(cx)
    }
}

impl Connection for Stream {
    fn connected(&self) -> Connected {
        self.tcp.connected().proxy(self.is_proxied)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_peer_is_known_by_its_first_bytes() {
        for (beginning, speech) in [
            (&b"HTTP/"[..], Speech::Http1),
            (b"\x15\x03\x01\x00\x02", Speech::Tls),
            (b"\x15\x03\x03\x00\x02", Speech::Tls),
            (b"\x00\x00\x06\x04\x00", Speech::Http2),
            (b"\x00\x00\x00\x04\x00", Speech::Http2),
            (b"SSH-2", Speech::Other),
            (b"HTTP", Speech::Other),
            (b"", Speech::Nothing),
        ] {
            assert_eq!(Speech::of(beginning), speech, "{beginning:?}");
        }
    }
}
