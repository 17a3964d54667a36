//! Which known word did the user mean?

/// ` (did you mean `kind`?)` where one of `known` is near, and a list of all of them.
pub(crate) fn suggestion(word: &str, known: &[&str]) -> String {
    let list = known.iter().map(|known| format!("`{known}`")).collect::<Vec<_>>().join(", ");
    match nearest(word, known) {
        Some(nearest) => format!("did you mean `{nearest}`? Known are {list}"),
        None => format!("known are {list}"),
    }
}

fn nearest<'a>(word: &str, known: &[&'a str]) -> Option<&'a str> {
    let far = ((word.chars().count() + 1) / 3).max(1);
    known
        .iter()
        .map(|known| (distance(word, known), *known))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

/// How many letters to insert, delete or replace (Levenshtein).
fn distance(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, from) in a.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, to) in b.chars().enumerate() {
            let replaced = diagonal + usize::from(from != to);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.chars().count()]
}

#[cfg(test)]
mod tests {
    use super::{distance, suggestion};

    #[test]
    fn the_nearest_known_word_is_suggested() {
        assert_eq!(distance("kitten", "sitting"), 3);
        let known = ["kind", "name"];
        assert_eq!(suggestion("knd", &known), "did you mean `kind`? Known are `kind`, `name`");
        assert_eq!(suggestion("colour", &known), "known are `kind`, `name`");
    }
}
