//! What can a test ask of a span?

use std::fmt;
use std::time::Duration;

use opentelemetry::Value;
use opentelemetry::trace::{Event, Link, SpanKind, Status};
use opentelemetry_sdk::trace::SpanData;

use super::drawing::{Told, line};
use super::tree::{Node, Place};
use crate::record::summary;

/// A span of a capture, and its place among the others.
///
/// `Display`, and `Debug` too, is its line in the drawing of [`Spans`](super::Spans).
#[derive(Clone, Copy)]
pub struct Span<'a> {
    all: &'a [Node],
    index: usize,
}

impl<'a> Span<'a> {
    pub(super) fn new(all: &'a [Node], index: usize) -> Self {
        Span { all, index }
    }

    /// Its name.
    #[must_use]
    pub fn name(&self) -> &'a str {
        &self.data().name
    }

    /// Its kind.
    #[must_use]
    pub fn kind(&self) -> &'a SpanKind {
        &self.data().span_kind
    }

    /// The span that it hangs under; `None` if that has not ended, or is not in this process.
    #[must_use]
    pub fn parent(&self) -> Option<Span<'a>> {
        match self.all[self.index].place {
            Place::Child(parent) => Some(Span { index: parent, ..*self }),
            Place::Root | Place::Orphan => None,
        }
    }

    /// The spans that hang under it, in the order that [`Spans`](super::Spans) tells.
    pub fn children(&self) -> impl Iterator<Item = Span<'a>> + use<'a> {
        let Span { all, index } = *self;
        let behind = index + 1..all.len();
        behind
            .take_while(move |&other| all[other].depth > all[index].depth)
            .filter(move |&child| all[child].place == Place::Child(index))
            .map(move |child| Span { all, index: child })
    }

    /// The value of an attribute.
    ///
    /// ```
    /// # use otel_runtime::testing::capture;
    /// # use otel_runtime::traced;
    /// # #[traced(attrs(user_id))]
    /// # fn checkout(user_id: u64) {}
    /// # let (_, spans) = capture(|| checkout(7));
    /// assert_eq!(spans.one("checkout").attribute("user_id"), Some(&7.into()));
    /// ```
    #[must_use]
    pub fn attribute(&self, key: &str) -> Option<&'a Value> {
        summary::attribute(self.data(), key)
    }

    /// Its status.
    #[must_use]
    pub fn status(&self) -> &'a Status {
        &self.data().status
    }

    /// Whether its status is an error.
    #[must_use]
    pub fn is_error(&self) -> bool {
        matches!(self.status(), Status::Error { .. })
    }

    /// The text of the error, empty where only its type is known; `None` without an error. The type
    /// is in the attribute `error.type`.
    #[must_use]
    pub fn error(&self) -> Option<&'a str> {
        match self.status() {
            Status::Error { description } => Some(description),
            Status::Unset | Status::Ok => None,
        }
    }

    /// Whether it is the span of a future that was dropped before it was done.
    #[must_use]
    pub fn was_cancelled(&self) -> bool {
        summary::is_cancelled(self.data())
    }

    /// Its events, an `exception` among them where an error said something.
    #[must_use]
    pub fn events(&self) -> &'a [Event] {
        &self.data().events.events
    }

    /// Its links.
    #[must_use]
    pub fn links(&self) -> &'a [Link] {
        &self.data().links.links
    }

    /// How long it took; zero if the clock was set back meanwhile.
    #[must_use]
    pub fn duration(&self) -> Duration {
        let SpanData { start_time, end_time, .. } = self.data();
        end_time.duration_since(*start_time).unwrap_or_default()
    }

    /// All its data, as exporters get it.
    #[must_use]
    pub fn data(&self) -> &'a SpanData {
        &self.all[self.index].data
    }
}

impl fmt::Display for Span<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&line(self.data(), &Told::All))
    }
}

impl fmt::Debug for Span<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
