//! Which part of a text may be shown?

const STARS: &str = "****";

/// Four asterisks, and so many of the last characters, but never more than half of them.
pub(crate) fn mask_all_but_last(shown: usize, text: &str) -> String {
    let shown = shown.min(text.chars().count() / 2);
    let from = if shown == 0 {
        text.len()
    } else {
        text.char_indices().nth_back(shown - 1).map_or(text.len(), |(at, _)| at)
    };
    format!("{STARS}{}", &text[from..])
}

/// The first `chars` characters.
pub(crate) fn truncate(chars: usize, text: &str) -> &str {
    text.char_indices().nth(chars).map_or(text, |(end, _)| &text[..end])
}
