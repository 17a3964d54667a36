//! What is in a file that a setting names?
//!
//! A file that was named by mistake must not hold up a program at its start: opening a pipe waits for
//! whoever writes into it, and `/dev/zero` has no end. So only regular files are read, and never more
//! than `most` bytes of them. Some files in `/proc` wait for an event; they look regular, but have a
//! size of zero, and so are not read either.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::Path;

/// Why a file is not read.
#[derive(Debug)]
pub(super) enum Unreadable {
    Failed(io::Error),
    Directory,
    /// A pipe, a socket or a device.
    Special,
    Empty,
    /// More than these bytes.
    TooLarge(u64),
}

/// The content of the file, to which symbolic links may lead.
pub(super) fn read(path: &Path, most: u64) -> Result<Vec<u8>, Unreadable> {
    check(path)?;
    let mut content = Vec::new();
    // The file may grow while it is read.
    File::open(path)?.take(most + 1).read_to_end(&mut content)?;
    if content.len() as u64 > most { Err(Unreadable::TooLarge(most)) } else { Ok(content) }
}

/// Whether there is a file with something in it.
pub(super) fn check(path: &Path) -> Result<(), Unreadable> {
    let metadata = fs::metadata(path)?;
    match metadata.len() {
        _ if metadata.is_dir() => Err(Unreadable::Directory),
        _ if !metadata.is_file() => Err(Unreadable::Special),
        0 => Err(Unreadable::Empty),
        _ => Ok(()),
    }
}

impl From<io::Error> for Unreadable {
    fn from(error: io::Error) -> Self {
        Unreadable::Failed(error)
    }
}

/// Written in brackets behind the advice what to write instead.
impl fmt::Display for Unreadable {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Unreadable::Failed(error) => error.fmt(f),
            Unreadable::Directory => f.write_str("this is a directory"),
            Unreadable::Special => f.write_str("this is a pipe, a socket or a device"),
            Unreadable::Empty => f.write_str("this is empty"),
            Unreadable::TooLarge(most) => write!(f, "this has more than {most} bytes"),
        }
    }
}
