//! How is text from outside made safe and aligned on a terminal?

use std::time::Duration;

use unicode_width::UnicodeWidthStr;

/// The columns that `text` takes on a terminal.
pub(super) fn width(text: &str) -> usize {
    text.width()
}

/// Makes `text` one line, of at most `columns` columns, that cannot control the terminal.
pub(super) fn clean(text: &str, columns: usize) -> String {
    // Some characters take no column at all, so their number is limited too.
    let limit = 4 * columns;
    let mut clean = escape(text, limit);
    if text.chars().nth(limit).is_some() {
        clean.push('…');
    }
    cut(clean, columns)
}

/// The first `characters` of `text`. Characters that could move the cursor, change colours or the
/// direction of writing, or that are invisible, are written as escapes.
fn escape(text: &str, characters: usize) -> String {
    let mut escaped = String::with_capacity(text.len().min(characters));
    for character in text.chars().take(characters) {
        if is_hazard(character) {
            escaped.extend(character.escape_default());
        } else {
            escaped.push(character);
        }
    }
    escaped
}

fn is_hazard(character: char) -> bool {
    character.is_control()
        || matches!(
            character,
            '\u{ad}' // soft hyphen
            | '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' // direction
            | '\u{200b}' | '\u{2060}'..='\u{206f}' | '\u{feff}' // invisible, direction
            | '\u{2028}' | '\u{2029}' // line and paragraph
            | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}' // annotations, tags
        )
}

/// Cuts `text` to at most `columns` columns, the last one an ellipsis.
pub(super) fn cut(mut text: String, columns: usize) -> String {
    if width(&text) <= columns {
        return text;
    }
    let fits =
        |&(at, character): &(usize, char)| width(&text[..at + character.len_utf8()]) < columns;
    let end = text
        .char_indices()
        .take_while(fits)
        .last()
        .map_or(0, |(at, character)| at + character.len_utf8());
    text.truncate(end);
    text.push('…');
    text
}

/// Makes a path safe, and cuts it at its beginning if it is too long.
pub(super) fn cut_left(path: &str, columns: usize) -> String {
    let from_end = path.chars().rev().nth(4 * columns).is_some();
    let skipped = if from_end { path.chars().count() - 4 * columns } else { 0 };
    let tail: String = path.chars().skip(skipped).collect();
    let clean = escape(&tail, usize::MAX);
    if width(&clean) <= columns {
        return clean;
    }
    let fits = |at: &usize| width(&clean[*at..]) < columns;
    let start = clean.char_indices().map(|(at, _)| at).find(fits).unwrap_or(clean.len());
    format!("…{}", &clean[start..])
}

/// A duration in at most seven columns, with the unit that makes it readable.
pub(super) fn duration(duration: Duration) -> String {
    const US: u128 = 1_000;
    const MS: u128 = 1_000 * US;
    const S: u128 = 1_000 * MS;

    let nanos = duration.as_nanos();
    let rounded = |unit: u128| (nanos + unit / 2) / unit;
    let tenths = |unit| {
        let tenths = rounded(unit / 10);
        format!("{}.{}", tenths / 10, tenths % 10)
    };
    if nanos < US {
        format!("{nanos}ns")
    } else if rounded(US / 10) < 10_000 {
        format!("{}µs", tenths(US))
    } else if rounded(MS / 10) < 10_000 {
        format!("{}ms", tenths(MS))
    } else if rounded(S / 100) < 6_000 {
        let hundredths = rounded(S / 100);
        format!("{}.{:02}s", hundredths / 100, hundredths % 100)
    } else if rounded(S) < 6_000 {
        format!("{}m{:02}s", rounded(S) / 60, rounded(S) % 60)
    } else {
        format!("{}h{:02}m", rounded(60 * S) / 60, rounded(60 * S) % 60)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_have_a_sensible_unit() {
        let table = [
            (0, "0ns"),
            (999, "999ns"),
            (1_000, "1.0µs"),
            (999_949, "999.9µs"),
            (999_950, "1.0ms"),
            (63_249_000, "63.2ms"),
            (999_949_999, "999.9ms"),
            (999_950_000, "1.00s"),
            (59_994_999_999, "59.99s"),
            (59_995_000_000, "1m00s"),
            (123_000_000_000, "2m03s"),
            (5_999_499_999_999, "99m59s"),
            (6_000_000_000_000, "1h40m"),
        ];
        for (nanos, expected) in table {
            assert_eq!(duration(Duration::from_nanos(nanos)), expected);
        }
    }

    #[test]
    fn text_has_no_power_over_the_terminal() {
        let table = [
            ("plain", "plain"),
            ("a\nb\r\tc", "a\\nb\\r\\tc"),
            ("\u{1b}[31mred", "\\u{1b}[31mred"),
            ("\u{9b}31m", "\\u{9b}31m"),
            ("\u{202e}gnp.exe", "\\u{202e}gnp.exe"),
            ("zero\u{200b}width\u{feff}", "zero\\u{200b}width\\u{feff}"),
            ("é ü 日本 👩\u{200d}🚀", "é ü 日本 👩\u{200d}🚀"),
        ];
        for (raw, expected) in table {
            assert_eq!(clean(raw, 60), expected);
        }
    }

    #[test]
    fn long_text_is_cut_by_columns() {
        assert_eq!(clean("12345", 5), "12345");
        assert_eq!(clean("123456", 5), "1234…");
        assert_eq!(clean("日本語日本語", 6), "日本…");
        assert_eq!(clean("e\u{301}e\u{301}e\u{301}", 2), "e\u{301}…");
        assert_eq!(clean(&"\u{301}".repeat(1000), 2), "\u{301}".repeat(8) + "…");
        assert_eq!(cut_left("/very/long/src/ship.rs:41", 14), "…rc/ship.rs:41");
        assert_eq!(cut_left("src/ship.rs:41", 14), "src/ship.rs:41");
        assert_eq!(width(&cut_left(&"日本/".repeat(500), 14)), 14);
    }
}
