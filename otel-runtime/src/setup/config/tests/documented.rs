//! Does `docs/configuration.md` have every variable and every key, and a test for each?

use std::collections::BTreeSet;

use super::ALL;
use super::file::{EXPERIMENTAL, PARENTS, refused};

const DOCUMENT: &str = include_str!(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/configuration.md"));

/// The calls that ask the environment for a variable.
const READERS: [&str; 6] = [
    include_str!("../env/console.rs"),
    include_str!("../env/mod.rs"),
    include_str!("../env/otlp.rs"),
    include_str!("../env/values.rs"),
    include_str!("../file/resource.rs"),
    include_str!("../builder.rs"),
];

const TESTS: [&str; 16] = [
    include_str!("mod.rs"),
    include_str!("code.rs"),
    include_str!("console.rs"),
    include_str!("left_out.rs"),
    include_str!("metrics.rs"),
    include_str!("otlp.rs"),
    include_str!("privacy.rs"),
    include_str!("propagators.rs"),
    include_str!("tail.rs"),
    include_str!("tls.rs"),
    include_str!("traces.rs"),
    include_str!("file/left_out.rs"),
    include_str!("file/metrics.rs"),
    include_str!("file/meaning.rs"),
    include_str!("file/refused.rs"),
    include_str!("file/samplers.rs"),
];

/// The names in a section's table, each with its test.
fn table(heading: &str) -> Vec<(&'static str, &'static str)> {
    let (_, section) = DOCUMENT.split_once(&format!("## {heading}\n")).expect("a section");
    let section = section.split("\n## ").next().unwrap_or_default();
    let rows = section.lines().filter(|line| line.starts_with("| `"));
    rows.flat_map(|row| {
        let cells: Vec<&str> = row.trim_matches('|').split('|').collect();
        assert_eq!(cells.len(), 5, "{row}");
        let test = cells[4].trim().trim_matches('`');
        cells[0].split('`').skip(1).step_by(2).map(move |name| (name, test))
    })
    .collect()
}

fn names(heading: &str) -> BTreeSet<&'static str> {
    let table = table(heading);
    let names: BTreeSet<&str> = table.iter().map(|(name, _)| *name).collect();
    assert_eq!(names.len(), table.len(), "none is there twice");
    names
}

/// Conventions of terminals, which others made.
const OF_TERMINALS: [&str; 6] =
    ["CLICOLOR", "CLICOLOR_FORCE", "COLORFGBG", "FORCE_HYPERLINK", "NO_COLOR", "TERM"];

/// Names in quotes, as in `"OTEL_SERVICE_NAME"`.
fn quoted(source: &'static str) -> impl Iterator<Item = &'static str> {
    source.split('"').filter(|text| {
        let is_name = |c: char| c.is_ascii_uppercase() || c == '_';
        OF_TERMINALS.contains(text) || (text.starts_with("OTEL_") && text.chars().all(is_name))
    })
}

#[test]
fn every_variable_that_is_read_is_documented() {
    let read: BTreeSet<&str> = READERS.into_iter().flat_map(quoted).collect();

    assert_eq!(names("Variables"), read);
    for name in read.iter().filter(|name| !OF_TERMINALS.contains(name)) {
        assert!(ALL.contains(name), "{name} is not among those that are tried empty");
    }
}

#[test]
fn every_key_that_is_read_is_documented() {
    let mut read: BTreeSet<_> = EXPERIMENTAL.iter().map(|key| (*key).to_owned()).collect();
    for parent in PARENTS {
        let at =
            |key: &str| if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") };
        let message = refused(&at("zzz"), "1");
        let (_, known) = message.split_once("nown are ").expect("a list");
        read.extend(known.split(", ").map(at));
    }
    let documented = names("Keys of a file");
    // A mapping needs no line of its own if its keys are documented.
    let is_mapping = |key: &String| {
        let mut below = PARENTS.iter().filter_map(|parent| parent.strip_prefix(key.as_str()));
        below.any(|rest| rest.is_empty() || rest.starts_with('.'))
    };
    read.retain(|key| documented.contains(key.as_str()) || !is_mapping(key));

    let documented = documented.into_iter().map(str::to_owned).collect();
    let missing: Vec<_> = read.difference(&documented).collect();
    let unread: Vec<_> = documented.difference(&read).collect();
    assert_eq!((missing, unread), (Vec::new(), Vec::new()));
}

#[test]
fn every_test_that_is_named_is_there() {
    for (name, test) in table("Variables").into_iter().chain(table("Keys of a file")) {
        let is_there = TESTS.iter().any(|source| source.contains(&format!("\nfn {test}()")));
        assert!(is_there, "{name} names {test}");
    }
}
