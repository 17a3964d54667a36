//! How is a condition of a trace put together of what the Collector knows?
//!
//! Its `and` takes conditions and their negations, and nothing that is put together itself. So a condition becomes
//! a list of alternatives, each of which is such an `and`: its disjunctive normal form.

use std::time::Duration;

use crate::sampling::tail::{SpanTest, TraceTest};

/// More are not written for one rule.
const MOST: usize = 64;

/// What the Collector can ask of a trace.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Test {
    /// Some span meets one of these.
    Spans(Vec<SpanTest>),
    Count {
        least: u32,
        most: Option<u32>,
    },
    /// It lasts longer than this.
    Extent(Duration),
}

/// A test, or that it is not so.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Literal {
    pub(super) is_so: bool,
    pub(super) test: Test,
}

/// All of these; none for every trace.
pub(super) type All = Vec<Literal>;

/// The alternatives; `None` if there are too many.
pub(super) fn alternatives(test: &TraceTest) -> Option<Vec<All>> {
    let alternatives = of(test, true)?;
    Some(simplified(alternatives.into_iter().map(merged).collect()))
}

fn of(test: &TraceTest, is_so: bool) -> Option<Vec<All>> {
    let one = |test| Some(vec![vec![Literal { is_so, test }]]);
    match test {
        TraceTest::Always if is_so => Some(vec![Vec::new()]),
        TraceTest::Always => Some(Vec::new()),
        TraceTest::SomeSpan(span) => one(Test::Spans(vec![span.clone()])),
        TraceTest::NoSpan(span) => {
            Some(vec![vec![Literal { is_so: !is_so, test: Test::Spans(vec![span.clone()]) }]])
        }
        TraceTest::Spans { least, most } => one(Test::Count { least: *least, most: *most }),
        TraceTest::Lasts { longer_than, at_most: None } => one(Test::Extent(*longer_than)),
        TraceTest::Lasts { longer_than, at_most: Some(at_most) } => {
            let longer = Literal { is_so, test: Test::Extent(*longer_than) };
            let not_too_long = Literal { is_so: !is_so, test: Test::Extent(*at_most) };
            Some(if is_so {
                vec![vec![longer, not_too_long]]
            } else {
                vec![vec![longer], vec![not_too_long]]
            })
        }
        TraceTest::Not(test) => of(test, !is_so),
        TraceTest::All(all) if is_so => every(all, is_so),
        TraceTest::Any(any) if !is_so => every(any, is_so),
        TraceTest::All(tests) | TraceTest::Any(tests) => {
            let mut alternatives = Vec::new();
            for test in tests {
                alternatives.extend(of(test, is_so)?);
            }
            bounded(alternatives)
        }
    }
}

/// All of these at once: each alternative of one with each of the others.
fn every(tests: &[TraceTest], is_so: bool) -> Option<Vec<All>> {
    let mut alternatives = vec![Vec::new()];
    for test in tests {
        let more = of(test, is_so)?;
        let product = alternatives.iter().flat_map(|one: &All| {
            more.iter().map(move |other| one.iter().chain(other).cloned().collect())
        });
        alternatives = bounded(product.take(MOST + 1).collect())?;
    }
    Some(alternatives)
}

fn bounded(alternatives: Vec<All>) -> Option<Vec<All>> {
    (alternatives.len() <= MOST).then_some(alternatives)
}

/// "No span is a, and no span is b" is "no span is a or b". What stands there twice is left out.
fn merged(all: All) -> All {
    let (mut merged, mut none): (All, Vec<SpanTest>) = (Vec::new(), Vec::new());
    for literal in all {
        match literal {
            Literal { is_so: false, test: Test::Spans(spans) } => none.extend(spans),
            literal if !merged.contains(&literal) => merged.push(literal),
            _ => {}
        }
    }
    if !none.is_empty() {
        merged.push(Literal { is_so: false, test: Test::Spans(none) });
    }
    merged
}

/// "Some span is a, or some span is b" is "some span is a or b".
fn simplified(alternatives: Vec<All>) -> Vec<All> {
    let (mut simplified, mut some): (Vec<All>, Vec<SpanTest>) = (Vec::new(), Vec::new());
    for all in alternatives {
        match all.as_slice() {
            [Literal { is_so: true, test: Test::Spans(spans) }] => {
                some.extend(spans.iter().cloned());
            }
            _ => simplified.push(all),
        }
    }
    if !some.is_empty() {
        simplified.insert(0, vec![Literal { is_so: true, test: Test::Spans(some) }]);
    }
    simplified
}
