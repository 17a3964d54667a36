//! What if several detectors find the same?

use crate::privacy::class::Class;
use crate::privacy::detect::Finding;

/// Puts findings in the order of the text, and those that overlap into one. Of their classes that one holds which
/// is treated more strictly.
pub(super) fn merge(found: &mut Vec<Finding>, stricter: impl Fn(Class, Class) -> Class) {
    found.retain(|it| it.range.start < it.range.end);
    found.sort_by_key(|it| (it.range.start, it.range.end));
    found.dedup_by(|next, before| {
        let overlaps = next.range.start < before.range.end;
        if overlaps {
            before.range.end = before.range.end.max(next.range.end);
            before.class = stricter(before.class, next.class);
        }
        overlaps
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_overlaps_becomes_one_and_is_treated_as_its_strictest_part() {
        let finding = |range, class| Finding { range, class, detector: "test" };
        let (a, b) = (Class::Contact, Class::Credential);
        let stricter = |x: Class, y: Class| x.max(y);
        for (found, expected) in [
            (vec![(4..6, a), (0..2, b)], vec![(0..2, b), (4..6, a)]),
            (vec![(0..4, a), (2..6, b)], vec![(0..6, b)]),
            (vec![(0..9, b), (2..3, a), (5..6, a)], vec![(0..9, b)]),
            (vec![(0..2, a), (2..4, b)], vec![(0..2, a), (2..4, b)]),
            (vec![(3..3, a), (0..1, a)], vec![(0..1, a)]),
        ] {
            let all = |of: Vec<_>| of.into_iter().map(|(range, class)| finding(range, class));
            let mut merged: Vec<_> = all(found).collect();
            merge(&mut merged, stricter);
            assert_eq!(merged, all(expected).collect::<Vec<_>>());
        }
    }
}
