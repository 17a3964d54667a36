//! How much of what a backend says is repeated in a message?

/// How much of a backend's text is repeated.
const MAX_TEXT: usize = 200;

/// `what`, and the beginning of the text that the backend sent with it, in one line.
pub(super) fn with_text(what: &str, text: &str) -> String {
    let text: String =
        text.chars().map(|char| if char.is_control() { ' ' } else { char }).collect();
    let text = text.trim();
    if text.is_empty() {
        return what.to_owned();
    }
    let mut excerpt: String = text.chars().take(MAX_TEXT).collect();
    if excerpt.len() < text.len() {
        excerpt.push('…');
    }
    format!("{what}: {excerpt}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_short_and_one_line() {
        assert_eq!(with_text("500", ""), "500");
        assert_eq!(with_text("500", " \n"), "500");
        assert_eq!(with_text("500", "a\r\nb\u{1b}[1m\n"), "500: a  b [1m");
        let long = with_text("500", &"é".repeat(1000));
        assert_eq!(long.chars().count(), "500: ".len() + MAX_TEXT + 1);
    }
}
