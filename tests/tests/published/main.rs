//! Do the pages that a reader sees first, and CI, have every feature? Can every page be found, and is its code compiled?

use std::collections::BTreeSet;

const MANIFEST: &str = include_str!("../../../otel-runtime/Cargo.toml");
const README: &str = include_str!("../../../README.md");
const FRONT_PAGE: &str = include_str!("../../../otel-runtime/src/lib.rs");
const CI: &str = include_str!("../../../.ci/run");
const GUIDE: &str = include_str!("../../../docs/README.md");
const COMPILED: &str = include_str!("../../guide/src/lib.rs");

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
fn the_readme_is_read_in_a_few_minutes() {
    assert!(README.lines().count() <= 200, "move what is too much to a page of `docs/`");
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

/// Every file in `docs/` but the list of them, with what it says.
fn pages() -> impl Iterator<Item = (String, String)> {
    let docs = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs");
    let files = std::fs::read_dir(docs).expect("the pages can be listed");
    files.filter_map(|file| {
        let path = file.expect("it can be listed").path();
        let name = path.file_name()?.to_str()?.to_owned();
        let is_page = path.extension()? == "md" && name != "README.md";
        is_page.then(|| (name, std::fs::read_to_string(&path).expect("it can be read")))
    })
}

#[test]
fn every_page_is_in_the_list_and_on_docs_rs_and_its_code_is_compiled() {
    for (name, _) in pages() {
        let module = name.trim_end_matches(".md").replace('-', "_");
        assert!(GUIDE.contains(&format!("]: {name}")), "`docs/README.md` does not list {name}");
        assert!(
            FRONT_PAGE.contains(&format!("include_str!(\"../docs/{name}\")")),
            "`guide` in `lib.rs` does not show {name}"
        );
        assert!(
            COMPILED.contains(&format!("{module}: \"{name}\"")),
            "`tests/guide` does not compile {name}"
        );
    }
}

#[test]
fn no_code_of_a_page_goes_without_being_compiled() {
    for (name, page) in pages() {
        assert!(!page.contains("```rust,ignore"), "{name} has code that nobody compiles");
    }
}
