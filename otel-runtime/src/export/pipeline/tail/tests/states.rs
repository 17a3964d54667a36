//! For how many traces does one that is kept stand?

use super::*;
use crate::sampling::tail::RateLimit;

/// The trace states of a trace with one span that has this one, where the policy is this.
fn kept(policy: TailPolicy, implied: Option<crate::sampling::Threshold>, is: Shape) -> Vec<String> {
    let mut world = World::new(Settings { implied, ..settings(policy) });
    // Its random bits are all ones, so that every share takes it.
    world.span(u128::MAX, 1, Shape { is_root: true, ..is });
    world.pass(2 * GRACE);
    world.states
}

fn ratio() -> TailPolicy {
    TailPolicy::builder().keep(TailRule::rest().ratio(0.25)).build().expect("valid")
}

fn rate() -> TailPolicy {
    let rate = RateLimit::per_second(100.0);
    TailPolicy::builder().keep(TailRule::rest().spans_per_second(rate)).build().expect("valid")
}

#[test]
fn a_share_makes_the_threshold_stricter_a_rate_removes_it_and_an_error_leaves_it() {
    let with = |state| Shape { state, ..CHILD };
    assert_eq!(kept(ratio(), None, with("ot=th:8,a=b")), ["ot=th:c,a=b"]);
    assert_eq!(kept(ratio(), None, with("ot=th:e")), ["ot=th:e"]);
    assert_eq!(kept(rate(), None, with("ot=th:8,a=b")), ["a=b"]);
    let fails = Shape { state: "ot=th:8", ..FAILS };
    assert_eq!(kept(errors(), None, fails), ["ot=th:8"]);
}

#[test]
fn where_the_head_says_nothing_the_threshold_is_that_of_the_share_only_if_the_head_keeps_all() {
    let all = Some(crate::sampling::Threshold::from_probability(1.0).expect("valid"));
    assert_eq!(kept(ratio(), None, CHILD), [""]);
    assert_eq!(kept(ratio(), all, CHILD), ["ot=th:c"]);
}

#[test]
fn nobody_knows_for_how_many_a_trace_stands_that_the_head_did_not_sample() {
    let all = Some(crate::sampling::Threshold::from_probability(1.0).expect("valid"));
    let unsampled = Shape { is_unsampled: true, state: "ot=th:8,a=b", ..CHILD };
    assert_eq!(kept(ratio(), all, unsampled), ["a=b"]);
}
