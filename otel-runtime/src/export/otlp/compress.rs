//! How is a body compressed?

use std::io::{self, Write};

use bytes::Bytes;
use flate2::write::GzEncoder;

use crate::export::settings::Compression;

/// The value of `content-encoding` for it.
pub(super) fn content_encoding(compression: Compression) -> Option<&'static str> {
    match compression {
        Compression::None => None,
        Compression::Gzip => Some("gzip"),
        Compression::Zstd => Some("zstd"),
    }
}

pub(super) fn compress(body: Bytes, compression: Compression) -> io::Result<Bytes> {
    match compression {
        Compression::None => Ok(body),
        Compression::Gzip => {
            let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::default());
            encoder.write_all(&body)?;
            Ok(encoder.finish()?.into())
        }
        #[cfg(feature = "zstd")]
        Compression::Zstd => Ok(zstd::encode_all(body.as_ref(), 0)?.into()),
        #[cfg(not(feature = "zstd"))]
        Compression::Zstd => Err(io::Error::other("zstd is not built in")),
    }
}
