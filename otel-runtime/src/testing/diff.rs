//! In which lines do two texts differ?

use similar::{Algorithm, TextDiff};

/// `text` without empty lines at its start and end, and without the indentation that all lines share.
pub(super) fn outdented(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    let indent = |line: &&str| line.len() - line.trim_start_matches(' ').len();
    let indent = lines.iter().filter(|line| !line.is_empty()).map(indent).min().unwrap_or(0);
    let lines: Vec<&str> =
        lines.iter().map(|line| line.get(indent..).unwrap_or_default()).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

/// All lines of both; a line that only one has is marked, with `-` for `expected`, with `+` for
/// `found`.
pub(super) fn diff(expected: &str, found: &str) -> String {
    let (expected, found): (Vec<_>, Vec<_>) = (expected.lines().collect(), found.lines().collect());
    let diff = TextDiff::configure().algorithm(Algorithm::Lcs).diff_slices(&expected, &found);
    let lines: Vec<String> =
        diff.iter_all_changes().map(|line| format!("{} {}", line.tag(), line.value())).collect();
    lines.join("\n")
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
