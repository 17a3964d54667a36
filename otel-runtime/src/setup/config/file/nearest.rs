//! Which known key was meant?

/// `did you mean sampler? Known are limits, sampler`
pub(super) fn suggestion(key: &str, known: &[&str]) -> String {
    let mut listed = known.to_vec();
    listed.sort_unstable();
    let listed = listed.join(", ");
    let far = key.chars().count() / 3 + 1;
    let near = known.iter().map(|known| (distance(key, known), known));
    match near.filter(|(distance, _)| *distance <= far).min_by_key(|(distance, _)| *distance) {
        Some((_, nearest)) => format!("did you mean {nearest}? Known are {listed}"),
        None if known.is_empty() => "nothing can be set here".to_owned(),
        None => format!("known are {listed}"),
    }
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
    use super::suggestion;

    #[test]
    fn the_nearest_known_key_is_suggested() {
        let known = ["sampler", "limits"];
        assert_eq!(
            suggestion("sampelr", &known),
            "did you mean sampler? Known are limits, sampler"
        );
        assert_eq!(suggestion("colour", &known), "known are limits, sampler");
        assert_eq!(suggestion("colour", &[]), "nothing can be set here");
    }
}
