//! Is drawn what was asked for, and nothing else?

use super::*;
/// The traces that are drawn of three: a fine one of 2 ms, a slow one, and one that failed.
fn drawn(shown: Shown) -> Vec<&'static str> {
    let mut console = Console::showing(shown, Look::plain(100));
    let traces = [
        ("fine", of_trace(1, span(1, NO_PARENT, "GET /fine", 0, 2_000))),
        ("slow", of_trace(2, span(1, NO_PARENT, "GET /slow", 0, 100_000))),
        ("failed", of_trace(3, failed(span(1, NO_PARENT, "GET /failed", 0, 2_000), "E", ""))),
    ];
    let mut names = Vec::new();
    for (name, span) in traces {
        match console.ended([span]).concat() {
            none if none.is_empty() => {}
            text => {
                assert!(text.contains(name), "{text}");
                names.push(name);
            }
        }
    }
    names
}

#[test]
fn errors_only() {
    let shown = Shown { errors: true, ..Shown::default() };
    assert_eq!(drawn(shown), ["failed"]);
}

#[test]
fn slower_than() {
    let slower = |micros| Shown { slower: Some(Duration::from_micros(micros)), ..Shown::default() };

    assert_eq!(drawn(slower(100_000)), ["slow"], "as long is enough");
    assert!(drawn(slower(100_001)).is_empty());
    assert_eq!(drawn(slower(0)), ["fine", "slow", "failed"]);
}

#[test]
fn by_name() {
    let name = |name: &str| Shown { name: Some(name.to_owned()), ..Shown::default() };

    assert_eq!(drawn(name("/fi")), ["fine"]);
    assert_eq!(drawn(name("GET")), ["fine", "slow", "failed"]);
    assert!(drawn(name("get")).is_empty(), "case counts");
}

#[test]
fn all_that_is_asked_for_has_to_hold() {
    let shown = Shown { errors: true, name: Some("/slow".to_owned()), slower: None };
    assert!(drawn(shown).is_empty());
}

#[test]
fn a_part_that_comes_late_is_looked_at_by_itself_and_knows_what_was_left_out() {
    let shown = Shown { errors: true, ..Shown::default() };
    let mut console = Console::showing(shown, Look::plain(100));
    assert!(console.ended([span(1, NO_PARENT, "GET /fine", 0, 2_000)]).is_empty());

    let late = console.ended([failed(span(2, 1, "mail", 3_000, 4_000), "E", "")]).concat();

    assert!(late.contains("late, under GET /fine"), "{late}");
}
