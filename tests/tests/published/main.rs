//! Do the pages that a reader sees first, and CI, have every feature?

use std::collections::BTreeSet;

const MANIFEST: &str = include_str!("../../../otel-runtime/Cargo.toml");
const README: &str = include_str!("../../../README.md");
const FRONT_PAGE: &str = include_str!("../../../otel-runtime/src/lib.rs");
const CI: &str = include_str!("../../../.ci/run");

/// The section `[features]`: what stands before ` =` at the beginning of a line.
fn features() -> BTreeSet<&'static str> {
    let (_, features) = MANIFEST.split_once("[features]\n").expect("a section");
    let (features, _) = features.split_once("\n[").expect("another section behind it");
    let names = features.lines().filter(|line| line.starts_with(|c: char| c.is_ascii_lowercase()));
    names
        .filter_map(|line| Some(line.split_once(" =")?.0))
        .filter(|name| *name != "default")
        .collect()
}

/// The names in the first cells of the table below `| feature |`, each line of which begins with `prefix`.
fn table(page: &'static str, prefix: &str) -> BTreeSet<&'static str> {
    let lines = page.lines().map(|line| line.strip_prefix(prefix).unwrap_or_default());
    let table = lines.skip_while(|line| !line.starts_with("| feature |")).skip(2);
    let rows = table.take_while(|line| line.starts_with('|'));
    let cells = rows.filter_map(|row| row.split('|').nth(1));
    cells.flat_map(|cell| cell.split('`').skip(1).step_by(2)).collect()
}

#[test]
fn the_readme_describes_every_feature() {
    assert_eq!(table(README, ""), features());
}

#[test]
fn the_front_page_of_docs_rs_describes_every_feature() {
    assert_eq!(table(FRONT_PAGE, "//! "), features());
}

#[test]
fn ci_builds_every_feature_alone() {
    let (_, features_in_ci) = CI.split_once("\nfor feature in ").expect("a loop");
    let (features_in_ci, _) = features_in_ci.split_once("; do").expect("its end");
    assert_eq!(features_in_ci.split_whitespace().collect::<BTreeSet<_>>(), features());
}
