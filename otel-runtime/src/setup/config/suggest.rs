//! Which known word was meant?

use strsim::osa_distance;

/// `did you mean sampler? Known are limits, sampler`
pub(in crate::setup::config) fn suggestion(key: &str, known: &[&str]) -> String {
    let mut listed = known.to_vec();
    listed.sort_unstable();
    let listed = listed.join(", ");
    let far = key.chars().count() / 3 + 1;
    let near = known.iter().map(|known| (osa_distance(key, known), known));
    match near.filter(|(distance, _)| *distance <= far).min_by_key(|(distance, _)| *distance) {
        Some((_, nearest)) => format!("did you mean {nearest}? Known are {listed}"),
        None if known.is_empty() => "nothing can be set here".to_owned(),
        None => format!("known are {listed}"),
    }
}

#[cfg(test)]
mod tests {
    use super::suggestion;

    #[test]
    fn the_nearest_known_key_is_suggested() {
        let known = ["sampler", "limits"];
        for misspelt in ["sampelr", "samplr", "smapelr"] {
            let told = suggestion(misspelt, &known);
            assert_eq!(told, "did you mean sampler? Known are limits, sampler", "{misspelt}");
        }
        assert_eq!(suggestion("colour", &known), "known are limits, sampler");
        assert_eq!(suggestion("colour", &[]), "nothing can be set here");
    }
}
