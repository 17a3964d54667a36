//! How is a header read that must not stand twice?

use opentelemetry::propagation::Extractor;

use crate::process::inbound::{self, Inbound};

/// The values that a carrier has under one name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Header<'a> {
    None,
    /// Without the white space around it.
    One(&'a str),
    /// Nobody knows which of them is right. So many bytes together.
    Several(usize),
}

#[inline]
pub(super) fn header<'a>(extractor: &'a dyn Extractor, name: &str) -> Header<'a> {
    match extractor.get_all(name).as_deref() {
        None | Some([]) => Header::None,
        // White space around a value is not part of it. HTTP strips it, other carriers may not.
        Some([header]) => Header::One(header.trim_matches([' ', '\t'])),
        Some(headers) => Header::Several(inbound::length(headers)),
    }
}

impl<'a> Header<'a> {
    pub(super) fn is_there(self) -> bool {
        self != Header::None
    }

    /// What `read` makes of the header, unless it is missing or there twice.
    #[inline]
    pub(super) fn read<T>(self, read: impl FnOnce(&'a str) -> Option<T>) -> Option<T> {
        match self {
            Header::One(header) => read(header),
            Header::None | Header::Several(_) => None,
        }
    }

    fn length(self) -> usize {
        match self {
            Header::None => 0,
            Header::One(header) => header.len(),
            Header::Several(bytes) => bytes,
        }
    }
}

/// Counts a caller that was named in these headers and could not be read.
#[cold]
pub(super) fn refuse(headers: &[Header<'_>]) {
    inbound::refuse(Inbound::Parent, headers.iter().map(|header| header.length()).sum());
}
