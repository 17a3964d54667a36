//! How much is kept of a text that somebody else wrote, and that may be of any length?

/// The beginning of `text`, at most this many bytes, cut between two characters.
pub(crate) fn beginning(text: &str, bytes: usize) -> &str {
    let end = bytes.min(text.len());
    // A character has at most four bytes, and a text begins at a character.
    let end = (0..=end).rev().find(|&end| text.is_char_boundary(end)).unwrap_or(0);
    &text[..end]
}

/// How many bytes of an error's text are kept.
#[cfg(feature = "sdk")]
const MAX_ERROR: usize = 4096;

/// The part of an error's text that is kept: an exporter may have put into it whatever a server sent.
#[cfg(feature = "sdk")]
pub(crate) fn error(text: String) -> String {
    if text.len() <= MAX_ERROR { text } else { format!("{}…", beginning(&text, MAX_ERROR)) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_cut_between_two_characters_and_never_longer_than_it_may_be() {
        let text = "aä€𝄞";
        let cuts: Vec<&str> = (0..12).map(|bytes| beginning(text, bytes)).collect();
        let expected = ["", "a", "a", "aä", "aä", "aä", "aä€", "aä€", "aä€", "aä€", text, text];
        assert_eq!(cuts, expected);
    }
}
