//! Which known word did the user mean?

use strsim::osa_distance;

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
        .map(|known| (osa_distance(word, known), *known))
        .filter(|(distance, _)| *distance <= far)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn the_nearest_known_word_is_suggested() {
        let known = ["kind", "name"];
        for misspelt in ["knd", "kindd", "kimd", "kidn"] {
            let told = suggestion(misspelt, &known);
            assert_eq!(told, "did you mean `kind`? Known are `kind`, `name`", "{misspelt}");
        }
        assert_eq!(suggestion("colour", &known), "known are `kind`, `name`");
    }
}
