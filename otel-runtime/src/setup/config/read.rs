//! What is in a file that a setting names?
//!
//! A program must not be held up at its start by what was named by mistake: opening a pipe waits for
//! whoever writes into it, and `/dev/zero` has no end. So only files with an end are read, and never
//! more than `most` bytes of them. Their size tells those of `/proc` apart, some of which wait for an
//! event, from those on a disk: it is zero.

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

/// What is in the file, through any symbolic links.
pub(super) fn read(path: &Path, most: u64) -> Result<Vec<u8>, Unreadable> {
    check(path)?;
    let mut content = Vec::new();
    // It may grow while it is read.
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

/// As it stands in brackets behind what to write instead.
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
