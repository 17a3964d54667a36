//! What can a test ask of all its spans?

use std::fmt;

use opentelemetry::trace::SpanContext;

use super::diff::{diff, outdented};
use super::drawing::{Told, drawing};
use super::ended::{Captured, Ended};
use super::partial::{fits, is_partial};
use super::span::Span;
use super::tree::{Node, arrange};

/// The spans of one capture, as trees.
///
/// A parent stands before its children, and siblings stand in the order in which they began; where
/// they run at once, that is another order every time: see [`by_name`](Spans::by_name).
///
/// `Display`, and `Debug` too, draw the trees, one line a span. It tells the name, the attributes
/// and the error: `✗` is before a span that failed, and `⊘` before one that was cancelled. There is
/// nothing in it that changes from run to run, such as times, ids, what
/// [`timings`](crate::traced) measures or where in the code a function is, so that it can be compared
/// with a text, or kept by a snapshot library. Without spans it is `(no spans)`, with the number of those
/// that [`with_other_traces`](Spans::with_other_traces) would add. Spans whose parent has not ended are
/// drawn last, below a line that says so.
///
/// To compare less than that, draw less, by [`only_names`](Spans::only_names) and
/// [`only_keys`](Spans::only_keys), or write `..` for spans that do not matter, in
/// [`assert_tree`](Spans::assert_tree).
#[derive(Clone)]
pub struct Spans {
    /// The parent of the topmost spans.
    origin: SpanContext,
    nodes: Vec<Node>,
    /// The spans of other traces, unless they are among the nodes.
    others: Vec<Ended>,
    /// How many spans ended meanwhile that belong to no capture.
    strays: usize,
    is_by_name: bool,
    told: Told,
}

impl Spans {
    pub(super) fn new(origin: SpanContext, captured: Captured) -> Spans {
        let Captured { own, others, strays } = captured;
        let spans =
            Spans { origin, nodes: Vec::new(), others, strays, is_by_name: false, told: Told::All };
        spans.arranged(own)
    }

    fn arranged(self, mut spans: Vec<Ended>) -> Spans {
        spans.sort_by_key(|span| span.beginning.number);
        if self.is_by_name {
            // The sort is stable: spans with one name stay in the order in which they began.
            spans.sort_by(|a, b| a.data.name.cmp(&b.data.name));
        }
        Spans { nodes: arrange(spans, &self.origin), ..self }
    }

    fn take_ended(&mut self) -> Vec<Ended> {
        let nodes = std::mem::take(&mut self.nodes).into_iter();
        nodes.map(|Node { data, beginning, .. }| Ended { data, beginning }).collect()
    }

    /// Whether spans of other traces were captured that are not among these.
    pub(super) fn has_others(&self) -> bool {
        !self.others.is_empty()
    }

    /// A line to show beside the drawing when a comparison fails, if there is something to say.
    fn note(&self) -> String {
        match (self.is_empty(), self.others.len(), self.strays) {
            (false, others @ 1.., _) => format!("\n({})", in_other_traces(others)),
            // They may be those of tests that run in parallel, so the drawing does not mention them.
            (true, 0, strays @ 1..) => format!(
                "\n(of no test, spans that ended meanwhile: {strays}; what runs in a thread or task of its \
                 own has to be given the context, by `carry` or `inject`)"
            ),
            _ => String::new(),
        }
    }

    /// Adds the spans of other traces: those that began while a span of this capture was current, or
    /// directly in the capture, and all spans below or inside those.
    ///
    /// Such spans are those of a `root`, or of a handler that continues the trace in a request's
    /// headers. They are drawn as roots, in the order in which they began. A server that runs in a task
    /// or thread of its own began outside of the capture: send it the capture's trace, by
    /// [`inject`](crate::context::inject).
    ///
    /// ```
    /// use std::collections::HashMap;
    ///
    /// use otel_runtime::testing::capture;
    /// use otel_runtime::traced;
    /// # #[traced]
    /// # fn load_cart() {}
    ///
    /// #[traced(kind = server, parent(extract = headers))]
    /// fn checkout(headers: &HashMap<String, String>) {
    ///     load_cart();
    /// }
    ///
    /// let traceparent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".to_owned();
    /// let headers = HashMap::from([("traceparent".to_owned(), traceparent)]);
    /// let ((), spans) = capture(|| checkout(&headers));
    ///
    /// assert!(spans.is_empty());
    /// spans.with_other_traces().assert_tree(
    ///     "
    ///     checkout
    ///       load_cart
    ///     ",
    /// );
    /// ```
    #[must_use]
    pub fn with_other_traces(mut self) -> Spans {
        let mut spans = self.take_ended();
        spans.append(&mut self.others);
        self.arranged(spans)
    }

    /// Draws, and so compares, only names: no attributes, no errors, no marks.
    ///
    /// ```
    /// # use otel_runtime::testing::capture;
    /// # use otel_runtime::traced;
    /// # #[traced(attrs(id))]
    /// # fn checkout(id: u64) { ship("two parcels") }
    /// # #[traced(attrs(what))]
    /// # fn ship(what: &str) {}
    /// # let (_, spans) = capture(|| checkout(7));
    /// spans.only_names().assert_tree(
    ///     "
    ///     checkout
    ///       ship
    ///     ",
    /// );
    /// ```
    #[must_use]
    pub fn only_names(self) -> Spans {
        Spans { told: Told::Nothing, ..self }
    }

    /// Draws, and so compares, only the attributes with these keys, beside names, errors and marks. An
    /// attribute of [`timings`](crate::traced) is drawn, too, if its key is listed.
    ///
    /// ```
    /// # use otel_runtime::testing::capture;
    /// # use otel_runtime::traced;
    /// # #[traced(attrs(id, at = 4))]
    /// # fn checkout(id: u64) { ship("two parcels") }
    /// # #[traced(attrs(what))]
    /// # fn ship(what: &str) {}
    /// # let (_, spans) = capture(|| checkout(7));
    /// spans.only_keys(["id"]).assert_tree(
    ///     "
    ///     checkout id=7
    ///       ship
    ///     ",
    /// );
    /// ```
    #[must_use]
    pub fn only_keys<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Spans {
        Spans { told: Told::Keys(keys.into_iter().map(Into::into).collect()), ..self }
    }

    /// Orders siblings by name, and those with one name by when they began: for work that runs in
    /// parallel.
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
    pub fn by_name(mut self) -> Spans {
        self.is_by_name = true;
        let spans = self.take_ended();
        self.arranged(spans)
    }

    /// All spans: each before its children.
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

    /// The spans that have no parent in this capture, or one that has not ended.
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
            (Some(_), more) => {
                panic!("{} spans are called `{name}`:\n{self}{}", more + 1, self.note())
            }
            (None, _) => panic!("no span is called `{name}`:\n{self}{}", self.note()),
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
    /// A line `..` stands for any number of spans at its place, or none, each with all that is below it. So a
    /// test names what it is about, and stays as it is when something is added beside that:
    ///
    /// ```
    /// # use otel_runtime::testing::capture;
    /// # use otel_runtime::traced;
    /// # #[traced]
    /// # fn checkout() { load_cart(); charge(); ship() }
    /// # #[traced]
    /// # fn load_cart() {}
    /// # #[traced]
    /// # fn charge() {}
    /// # #[traced]
    /// # fn ship() {}
    /// # let (_, spans) = capture(|| checkout());
    /// spans.assert_tree(
    ///     "
    ///     checkout
    ///       ..
    ///       ship
    ///     ",
    /// );
    /// ```
    ///
    /// # Panics
    ///
    /// If they differ. The message shows both, line by line.
    #[track_caller]
    pub fn assert_tree(&self, expected: &str) {
        let (expected, found) = (outdented(expected), self.to_string());
        let is_partial = is_partial(&expected);
        assert!(
            expected == found || is_partial && fits(&expected, &found),
            "the spans are not those expected (- expected, + found{}):\n{}{}",
            if is_partial { ", .. any spans" } else { "" },
            diff(&expected, &found),
            self.note(),
        );
    }
}

fn in_other_traces(count: usize) -> String {
    format!("{count} in other traces, which `with_other_traces()` adds")
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
        match (&self.nodes[..], self.others.len()) {
            ([], 0) => f.write_str("(no spans)"),
            ([], others) => write!(f, "(no spans; {})", in_other_traces(others)),
            (nodes, _) => f.write_str(&drawing(nodes, &self.told)),
        }
    }
}

impl fmt::Debug for Spans {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}
