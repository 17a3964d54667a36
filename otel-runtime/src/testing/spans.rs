//! What can a test ask of all its spans?

use std::fmt;

use opentelemetry::trace::SpanContext;
use opentelemetry_sdk::trace::SpanData;

use super::Span;
use super::arranged::{Node, arrange};
use super::diff::{diff, outdented};
use super::drawing::drawing;
use super::store::Ended;

/// The spans of one capture, as trees.
///
/// A parent stands before its children, and siblings stand in the order in which they began; where
/// they run at once, that is another order every time: see [`by_name`](Spans::by_name).
///
/// `Display`, and `Debug` too, draw the trees, one line a span. It tells the name, the attributes
/// and the error: `✗` is before a span that failed, and `⊘` before one that was cancelled. There is
/// nothing in it that changes from run to run, such as times, ids, what
/// [`timings`](crate::traced) measures or where in the code a function is, so that it can be compared
/// with a text, or kept by a snapshot library. Without spans it is `(no spans)`. Spans whose parent has
/// not ended are drawn last, below a line that says so.
#[derive(Clone)]
pub struct Spans {
    /// What the topmost spans hang under.
    origin: SpanContext,
    nodes: Vec<Node>,
}

impl Spans {
    pub(super) fn new(origin: SpanContext, mut spans: Vec<Ended>) -> Spans {
        spans.sort_by_key(|span| span.number);
        let nodes = arrange(spans.into_iter().map(|span| span.data).collect(), &origin);
        Spans { origin, nodes }
    }

    /// Orders siblings by name, and those of one name by their beginning: for what runs in parallel.
    ///
    /// ```
    /// # use otel_runtime::testing::capture;
    /// # use otel_runtime::traced;
    /// # #[traced]
    /// # fn ship() {}
    /// # #[traced]
    /// # fn charge() {}
    /// let (_, spans) = capture(|| {
    ///     ship();
    ///     charge();
    /// });
    ///
    /// assert_eq!(spans.to_string(), "ship\ncharge");
    /// assert_eq!(spans.by_name().to_string(), "charge\nship");
    /// ```
    #[must_use]
    pub fn by_name(self) -> Spans {
        let mut spans: Vec<SpanData> = self.nodes.into_iter().map(|node| node.data).collect();
        // Stable: siblings are in the order in which they began.
        spans.sort_by(|a, b| a.name.cmp(&b.name));
        Spans { nodes: arrange(spans, &self.origin), origin: self.origin }
    }

    /// All of them, depth first.
    pub fn iter(&self) -> impl Iterator<Item = Span<'_>> {
        (0..self.nodes.len()).map(|index| Span::new(&self.nodes, index))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.nodes.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.nodes.is_empty()
    }

    /// Those with nothing above them in this capture, or only a span that has not ended.
    pub fn roots(&self) -> impl Iterator<Item = Span<'_>> {
        self.iter().filter(|span| span.parent().is_none())
    }

    /// Those with this name.
    pub fn named(&self, name: &str) -> impl Iterator<Item = Span<'_>> {
        self.iter().filter(move |span| span.name() == name)
    }

    /// The only one with this name.
    ///
    /// # Panics
    ///
    /// If there is none, or more than one. The message shows them all.
    #[must_use]
    #[track_caller]
    pub fn one(&self, name: &str) -> Span<'_> {
        let mut found = self.named(name);
        match (found.next(), found.count()) {
            (Some(span), 0) => span,
            (Some(_), more) => panic!("{} spans are called `{name}`:\n{self}", more + 1),
            (None, _) => panic!("no span is called `{name}`:\n{self}"),
        }
    }

    /// Compares the drawing with `expected`, whose lines may be indented all alike, with empty
    /// lines before and after them.
    ///
    /// ```
    /// # use otel_runtime::testing::capture;
    /// # use otel_runtime::traced;
    /// # #[traced(attrs(id))]
    /// # fn checkout(id: u64) { ship("two parcels") }
    /// # #[traced(attrs(what))]
    /// # fn ship(what: &str) {}
    /// # let (_, spans) = capture(|| checkout(7));
    /// spans.assert_tree(
    ///     r#"
    ///     checkout id=7
    ///       ship what="two parcels"
    ///     "#,
    /// );
    /// ```
    ///
    /// # Panics
    ///
    /// If they differ. The message shows both, line by line.
    #[track_caller]
    pub fn assert_tree(&self, expected: &str) {
        let (expected, found) = (outdented(expected), self.to_string());
        assert!(
            expected == found,
            "the spans are not those expected (- expected, + found):\n{}",
            diff(&expected, &found)
        );
    }
}

impl<'a> IntoIterator for &'a Spans {
    type Item = Span<'a>;
    type IntoIter = std::vec::IntoIter<Span<'a>>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter().collect::<Vec<_>>().into_iter()
    }
}

impl fmt::Display for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&drawing(&self.nodes))
    }
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
