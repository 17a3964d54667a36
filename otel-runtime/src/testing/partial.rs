//! Does a drawing fit a text that leaves spans out?

/// The line that stands for any number of spans beside each other, with all that is below them.
const ANY: &str = "..";

struct Tree<'a> {
    line: &'a str,
    below: Vec<Tree<'a>>,
}

/// Whether `found` is what `expected` says, where a line `..` in that stands for any spans, or none.
pub(super) fn fits(expected: &str, found: &str) -> bool {
    all_of(&trees(expected), &trees(found))
}

/// Whether a text has a line `..`.
pub(super) fn is_partial(expected: &str) -> bool {
    expected.lines().any(|line| line.trim() == ANY)
}

fn trees(text: &str) -> Vec<Tree<'_>> {
    let mut roots = Vec::new();
    // Those that the next line may be below, with how far each is indented; the last is the innermost.
    let mut open: Vec<(usize, Tree<'_>)> = Vec::new();
    for line in text.lines().filter(|line| !line.trim().is_empty()) {
        let name = line.trim();
        let indent = line.len() - line.trim_start().len();
        close(&mut open, &mut roots, indent);
        open.push((indent, Tree { line: name, below: Vec::new() }));
    }
    close(&mut open, &mut roots, 0);
    roots
}

/// Puts the open trees that are indented as far as `indent`, or further, below those they belong to.
fn close<'a>(open: &mut Vec<(usize, Tree<'a>)>, roots: &mut Vec<Tree<'a>>, indent: usize) {
    while let Some((_, tree)) = open.pop_if(|(own, _)| *own >= indent) {
        match open.last_mut() {
            Some((_, parent)) => parent.below.push(tree),
            None => roots.push(tree),
        }
    }
}

/// Between two `..` stand spans that follow each other: the first place where they fit will do.
fn all_of(expected: &[Tree<'_>], found: &[Tree<'_>]) -> bool {
    let mut parts = expected.split(|tree| tree.line == ANY);
    let first = parts.next().unwrap_or_default();
    let Some((head, mut rest)) = found.split_at_checked(first.len()) else { return false };
    if !each(first, head) {
        return false;
    }
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts.filter(|part| !part.is_empty()) {
        let Some(at) = rest.windows(part.len()).position(|found| each(part, found)) else {
            return false;
        };
        rest = &rest[at + part.len()..];
    }
    let tail = rest.len().checked_sub(last.len()).map(|at| &rest[at..]);
    tail.is_some_and(|tail| each(last, tail))
}

fn each(expected: &[Tree<'_>], found: &[Tree<'_>]) -> bool {
    expected.iter().zip(found).all(|(expected, found)| {
        expected.line == found.line && all_of(&expected.below, &found.below)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const FOUND: &str = "\
checkout id=7
  load_cart
    query
    query
  charge
  ship
audit";

    #[test]
    fn two_points_stand_for_any_spans_beside_each_other_with_all_below_them() {
        for expected in [
            "..",
            "checkout id=7\n  ..\naudit",
            "checkout id=7\n  ..\n..",
            "checkout id=7\n  load_cart\n    ..\n  ..\n  ship\n..",
            "checkout id=7\n  ..\n  charge\n  ..\n..",
            "..\ncheckout id=7\n  load_cart\n    query\n    ..\n    query\n  charge\n  ship\n..\naudit\n..",
            "checkout id=7\n    ..\n    ship\naudit",
            FOUND,
        ] {
            assert!(fits(expected, FOUND), "{expected}");
        }
    }

    #[test]
    fn what_is_written_has_to_be_there_in_its_order_and_place() {
        for expected in [
            "",
            "checkout id=7\n..",
            "checkout id=7\n  ..",
            "checkout\n  ..\naudit",
            "checkout id=7\n  ..\n  ship\n  charge\n  ..\naudit",
            "checkout id=7\n  ..\n  query\n  ..\naudit",
            "checkout id=7\n  load_cart\n    query\n  ..\naudit",
            "checkout id=7\n  load_cart\n    ..\n    query\n    query\n    query\n  ..\naudit",
            "..\naudit\n..\naudit",
            "..\nrefund\n..",
        ] {
            assert!(!fits(expected, FOUND), "{expected}");
        }
    }
}
