//! How does a row read?

use opentelemetry::trace::SpanKind;

use super::bar::since;
use super::look::Style;
use super::pen::{GAP, Piece};
use super::rows::Row;
use super::services::Services;
use super::span::{ShownOutcome, ShownSpan, short};
use super::text::{cut, duration};
use super::tree::Place;

/// So much further to the right stands what is under something.
pub(super) const INDENT: usize = 2;

/// A name is not cut to less than this, if that can be helped.
const LEAST: usize = 6;

/// A row as text: its label, and the lines below it.
pub(super) struct Line {
    pub(super) label: Vec<Piece>,
    pub(super) below: Vec<Vec<Piece>>,
    /// Where the lines below begin.
    pub(super) indent: usize,
}

/// What is the same for all rows of a drawing.
pub(super) struct Page<'a> {
    pub(super) spans: &'a [ShownSpan],
    pub(super) services: &'a Services,
    /// The most columns that a label may have.
    pub(super) columns: usize,
    pub(super) is_open: bool,
    pub(super) all: bool,
}

impl Line {
    /// `over` is the service of the row above it in the tree.
    pub(super) fn new(row: &Row<'_>, over: Option<usize>, page: &Page<'_>) -> Self {
        let span = &page.spans[row.spans[0]];
        // A tree that goes on to the right for ever leaves no room for names.
        let deepest = page.columns / 6;
        let indent = INDENT * row.depth.min(deepest);
        let mut line = Line {
            label: name(span, row, indent, row.depth > deepest, page.columns),
            below: Vec::new(),
            indent: indent + INDENT,
        };
        for pieces in [many(row, page), service(span, over, page), relation(row, page)] {
            line.add(pieces.into_iter().collect(), page.columns);
        }
        line.add(outcome(span, row), page.columns);
        line.add_attributes(row, page);
        line.add_below(row, span);
        line
    }

    fn width(&self) -> usize {
        self.label.iter().map(|piece| piece.width() + GAP).sum::<usize>().saturating_sub(GAP)
    }

    /// Puts pieces that belong together onto the line, or below if there is no room.
    fn add(&mut self, pieces: Vec<Piece>, columns: usize) {
        if pieces.is_empty() {
            return;
        }
        let more: usize = pieces.iter().map(|piece| piece.width() + GAP).sum();
        if self.width() + more <= columns {
            self.label.extend(pieces);
        } else {
            self.below.push(pieces);
        }
    }

    /// As many attributes as there is room for, or all of them.
    fn add_attributes(&mut self, row: &Row<'_>, page: &Page<'_>) {
        let attributes = attributes(row, page.spans);
        let piece = |text: &str| Piece::new(Style::Dim, text);
        if page.all {
            if !attributes.is_empty() {
                self.below.push(attributes.into_iter().map(piece).collect());
            }
            return;
        }
        // Spans that share a row differ in more than there is to count.
        let is_one = row.spans.len() == 1;
        let mut left = attributes.len();
        for text in attributes {
            // Behind all but the last one there is to be room for the number of those left.
            let more = format!("+{}", left - 1);
            let reserve = if is_one && left > 1 { GAP + more.len() } else { 0 };
            let piece = piece(text);
            if self.width() + GAP + piece.width() + reserve > page.columns {
                if is_one {
                    self.add_if_room(format!("+{left}"), page.columns);
                }
                return;
            }
            self.label.push(piece);
            left -= 1;
        }
    }

    fn add_if_room(&mut self, text: String, columns: usize) {
        let piece = Piece::new(Style::Dim, text);
        if self.width() + GAP + piece.width() <= columns {
            self.label.push(piece);
        }
    }

    fn add_below(&mut self, row: &Row<'_>, span: &ShownSpan) {
        if let [_] = *row.spans {
            for event in &span.events {
                let after = format!("+{}", duration(since(event.at, span.start)));
                let text = Piece::new(Style::Plain, &*event.text);
                self.below.push(vec![Piece::new(Style::Dim, after), text]);
            }
            self.add_more(span.more_events, "event");
            let links = span.links.iter();
            let link = |text: &String| vec![Piece::new(Style::Dim, format!("linked to {text}"))];
            self.below.extend(links.map(link));
            self.add_more(span.more_links, "link");
        }
        if row.left_out > 0 {
            let (spans, longest) = (count(row.left_out, "more span"), row.left_out_longest);
            let text = format!("{spans}, none longer than {}", duration(longest));
            self.below.push(vec![Piece::new(Style::Dim, text)]);
        }
    }

    fn add_more(&mut self, more: usize, what: &str) {
        if more > 0 {
            let text = count(more, &format!("more {what}"));
            self.below.push(vec![Piece::new(Style::Dim, text)]);
        }
    }
}

/// `1 span`, `2 spans`
pub(super) fn count(count: usize, what: &str) -> String {
    if count == 1 { format!("1 {what}") } else { format!("{count} {what}s") }
}

/// Kind, name, and what came of it, in at most so many columns.
fn name(
    span: &ShownSpan,
    row: &Row<'_>,
    indent: usize,
    is_deep: bool,
    columns: usize,
) -> Vec<Piece> {
    let depth = if is_deep { format!("({}) ", row.depth) } else { String::new() };
    let mark = match span.outcome {
        ShownOutcome::Fine => "",
        ShownOutcome::Cancelled => "⊘ ",
        ShownOutcome::Failed { .. } => "✗ ",
    };
    let mut start = format!("{}{depth}{} {mark}", " ".repeat(indent), glyph(&span.kind));
    // A group tells no amount: each of its spans has another one.
    let amount = if row.spans.len() == 1 { span.amount.as_str() } else { "" };
    let results: Vec<&str> =
        [span.status.as_str(), amount].into_iter().filter(|text| !text.is_empty()).collect();
    let result = match results.join(", ") {
        none if none.is_empty() => none,
        some => format!(" → {some}"),
    };
    let mut room = columns.saturating_sub(width(&start) + width(&result));
    if room < LEAST {
        // What is told before all else is the beginning of the name, and whether it failed.
        mark.clone_into(&mut start);
        room = columns.saturating_sub(width(&start) + width(&result));
    }
    let text = match room {
        0..LEAST => cut(start + &span.name, columns),
        _ => start + &cut(span.name.clone(), room) + &result,
    };
    let style = match span.outcome {
        ShownOutcome::Failed { .. } => Style::Error,
        ShownOutcome::Cancelled => Style::Warning,
        ShownOutcome::Fine if row.is_slowest => Style::Slowest,
        ShownOutcome::Fine => Style::Plain,
    };
    vec![Piece::new(style, text)]
}

fn width(text: &str) -> usize {
    super::text::width(text)
}

/// Requests go in and out at the tips of filled triangles, messages at those of hollow ones.
fn glyph(kind: &SpanKind) -> &'static str {
    match kind {
        SpanKind::Internal => "·",
        SpanKind::Server => "◂",
        SpanKind::Client => "▸",
        SpanKind::Consumer => "◃",
        SpanKind::Producer => "▹",
    }
}

fn many(row: &Row<'_>, page: &Page<'_>) -> Option<Piece> {
    let many = row.many(page.spans)?;
    let (total, largest) = (duration(many.total), duration(many.largest));
    Some(Piece::new(Style::Title, format!("×{}  Σ {total}  max {largest}", many.count)))
}

/// The service, where it is another one than that of the row above.
fn service(span: &ShownSpan, over: Option<usize>, page: &Page<'_>) -> Option<Piece> {
    let name = page.services.name(span.service);
    (over != Some(span.service)).then(|| Piece::new(Style::Service(span.service), name))
}

/// How it is related to a span that is not in the drawing.
fn relation(row: &Row<'_>, page: &Page<'_>) -> Option<Piece> {
    match row.place {
        Place::Child | Place::Root => None,
        Place::Continues(parent) => {
            Some(Piece::new(Style::Dim, format!("continues {}", short(parent))))
        }
        Place::Late(parent) => Some(Piece::new(Style::Warning, format!("late, under {parent}"))),
        Place::Orphan if page.is_open => Some(Piece::new(Style::Warning, "its caller is open")),
        Place::Orphan => Some(Piece::new(Style::Warning, "its caller is open or lost")),
    }
}

fn outcome(span: &ShownSpan, row: &Row<'_>) -> Vec<Piece> {
    match &span.outcome {
        ShownOutcome::Fine => Vec::new(),
        ShownOutcome::Cancelled => vec![Piece::new(Style::Warning, "cancelled")],
        ShownOutcome::Failed { .. } if row.is_told_below => Vec::new(),
        ShownOutcome::Failed { error, location } => {
            // The label ends with the status, which is all that is known of many errors.
            let error = if *error == span.status { "" } else { error.as_str() };
            let mut pieces =
                vec![Piece::new(Style::Error, error), Piece::new(Style::Dim, location.as_str())];
            pieces.retain(|piece| !piece.text.is_empty());
            pieces
        }
    }
}

/// The attributes that all spans of a row have in common.
fn attributes<'a>(row: &Row<'_>, spans: &'a [ShownSpan]) -> Vec<&'a str> {
    let [first, others @ ..] = &*row.spans else { return Vec::new() };
    let is_common =
        |text: &&String| others.iter().all(|&span| spans[span].attributes.contains(*text));
    spans[*first].attributes.iter().filter(is_common).map(String::as_str).collect()
}
