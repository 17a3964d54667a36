//! Are the alternatives of a condition met by the same traces as the condition?

use std::time::Duration;

use super::super::alternatives::{Literal, Test, alternatives};
use crate::sampling::tail::{SpanTest, TraceTest};

/// What is so of a trace, by leaf: names, whether it has many spans, how long it lasts.
struct Trace {
    names: [bool; 3],
    spans: u32,
    lasts: Duration,
}

fn name(at: usize) -> SpanTest {
    SpanTest::Name(vec![at.to_string()])
}

impl Trace {
    fn has(&self, test: &SpanTest) -> bool {
        (0..3).any(|at| self.names[at] && *test == name(at))
    }

    fn meets(&self, test: &TraceTest) -> bool {
        match test {
            TraceTest::Always => true,
            TraceTest::SomeSpan(span) => self.has(span),
            TraceTest::NoSpan(span) => !self.has(span),
            TraceTest::Spans { least, most } => {
                self.spans >= *least && most.is_none_or(|most| self.spans <= most)
            }
            TraceTest::Lasts { longer_than, at_most } => {
                self.lasts > *longer_than && at_most.is_none_or(|most| self.lasts <= most)
            }
            TraceTest::All(all) => all.iter().all(|it| self.meets(it)),
            TraceTest::Any(any) => any.iter().any(|it| self.meets(it)),
            TraceTest::Not(test) => !self.meets(test),
        }
    }

    /// As the Collector decides.
    fn is_so(&self, Literal { is_so, test }: &Literal) -> bool {
        *is_so
            == match test {
                Test::Spans(spans) => spans.iter().any(|it| self.has(it)),
                Test::Count { least, most } => {
                    self.spans >= *least && most.is_none_or(|most| self.spans <= most)
                }
                Test::Extent(longer_than) => self.lasts > *longer_than,
            }
    }
}

fn random_test(random: &mut fastrand::Rng, depth: u32) -> TraceTest {
    let seconds = |number| Duration::from_secs(number);
    let several = |random: &mut fastrand::Rng| {
        (0..random.usize(1..4)).map(|_| random_test(random, depth + 1)).collect::<Vec<_>>()
    };
    match random.u32(..if depth < 3 { 9 } else { 6 }) {
        0 => TraceTest::Always,
        1 => TraceTest::SomeSpan(name(random.usize(..3))),
        2 => TraceTest::NoSpan(name(random.usize(..3))),
        3 => TraceTest::Spans { least: random.u32(1..4), most: random.bool().then_some(4) },
        4 => TraceTest::Lasts { longer_than: seconds(random.u64(..3)), at_most: None },
        5 => TraceTest::Lasts { longer_than: seconds(1), at_most: Some(seconds(2)) },
        6 => TraceTest::All(several(random)),
        7 => TraceTest::Any(several(random)),
        _ => TraceTest::Not(Box::new(random_test(random, depth + 1))),
    }
}

#[test]
fn a_condition_and_its_alternatives_are_met_by_the_same_traces() {
    let mut random = fastrand::Rng::with_seed(21);
    let mut written = 0;
    for _ in 0..2000 {
        let test = random_test(&mut random, 0);
        let Some(alternatives) = alternatives(&test) else { continue };
        written += 1;
        for _ in 0..20 {
            let names = [(); 3].map(|()| random.bool());
            let lasts = Duration::from_millis(random.u64(..3500));
            let trace = Trace { names, spans: random.u32(1..6), lasts };
            let is_met = alternatives.iter().any(|all| all.iter().all(|it| trace.is_so(it)));
            assert_eq!(is_met, trace.meets(&test), "{test:?}\n{alternatives:?}");
        }
    }
    assert!(written > 1500, "{written}");
}

#[test]
fn some_span_of_several_kinds_is_one_condition_and_so_is_none() {
    let some = |at| TraceTest::SomeSpan(name(at));
    let none = |at| TraceTest::NoSpan(name(at));
    let spans = |is_so, all: &[usize]| Literal {
        is_so,
        test: Test::Spans(all.iter().map(|at| name(*at)).collect()),
    };
    let any = alternatives(&TraceTest::Any(vec![some(0), some(1)]));
    assert_eq!(any, Some(vec![vec![spans(true, &[0, 1])]]));
    let all = alternatives(&TraceTest::All(vec![none(0), some(2), none(1)]));
    assert_eq!(all, Some(vec![vec![spans(true, &[2]), spans(false, &[0, 1])]]));
}
