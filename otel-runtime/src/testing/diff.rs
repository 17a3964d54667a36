//! In which lines do two texts differ?

/// `text` without empty lines before and behind it, and without what all its lines are indented by.
pub(super) fn outdented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let indent = lines.iter().filter(|line| !line.is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<&str> =
        lines.iter().map(|line| line.get(indent..).unwrap_or_default()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// All lines of both, those that only one has with its sign: `-` for `expected`, `+` for `found`.
pub(super) fn diff(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let common = common(&expected, &found);
    let (mut e, mut f) = (0, 0);
    let mut lines = Vec::new();
    while e < expected.len() || f < found.len() {
        if e < expected.len() && f < found.len() && expected[e] == found[f] {
            lines.push(format!("  {}", found[f]));
            (e, f) = (e + 1, f + 1);
        } else if f == found.len() || e < expected.len() && common[e + 1][f] >= common[e][f + 1] {
            lines.push(format!("- {}", expected[e]));
            e += 1;
        } else {
            lines.push(format!("+ {}", found[f]));
            f += 1;
        }
    }
    lines.join("\n")
}

/// How many lines, at most, two texts have in common in the same order, from each line of one and of
/// the other on.
fn common(expected: &[&str], found: &[&str]) -> Vec<Vec<usize>> {
    let mut common = vec![vec![0; found.len() + 1]; expected.len() + 1];
    for e in (0..expected.len()).rev() {
        for f in (0..found.len()).rev() {
            common[e][f] = if expected[e] == found[f] {
                common[e + 1][f + 1] + 1
            } else {
                common[e + 1][f].max(common[e][f + 1])
            };
        }
    }
    common
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_may_be_indented_as_the_code_around_it() {
        let table = [
            ("", ""),
            ("a", "a"),
            ("\n    a\n      b\n\n    ", "a\n  b"),
            ("  a  \n\n  b", "a\n\nb"),
            ("a\n  b", "a\n  b"),
        ];
        for (text, expected) in table {
            assert_eq!(outdented(text), expected, "{text:?}");
        }
    }

    #[test]
    fn lines_that_only_one_has_are_told_apart() {
        let table = [
            ("a\nb", "a\nb", "  a\n  b"),
            ("a\nb\nc", "a\nx\nc", "  a\n- b\n+ x\n  c"),
            ("a", "a\nb", "  a\n+ b"),
            ("a\nb", "b", "- a\n  b"),
            ("", "a", "+ a"),
            ("a\nb\nc\nd", "b\na\nc", "- a\n  b\n+ a\n  c\n- d"),
        ];
        for (expected, found, told) in table {
            assert_eq!(diff(expected, found), told, "{expected:?} {found:?}");
        }
    }
}
