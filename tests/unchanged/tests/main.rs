//! Does a function do, print, warn and fail as without `#[traced]`?
//!
//! Each case is compiled and run three times: under an attribute that does nothing, under the real one
//! with nothing installed, and under the real one while its spans are recorded.

mod case;
mod compiled;
mod known;
mod outcome;
mod program;
mod random;
mod run;

use std::collections::BTreeMap;
use std::fs;

use case::Case;
use known::{KNOWN, KNOWN_WORDS, Of};
use outcome::{Findings, Outcomes};

/// Where `traced` is documented.
const DOCUMENTATION: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../otel-runtime/src/lib.rs");

#[test]
fn every_case_does_and_says_what_it_does_without_the_attribute() {
    let cases = Case::chosen();
    let outcomes = Outcomes::of("unchanged", &cases, None);
    // What is the same in each edition is told once.
    let mut complaints: BTreeMap<String, Vec<&str>> = BTreeMap::new();
    for (case, edition) in cases.iter().flat_map(Case::in_each_edition) {
        let mut complain = |what: &str| {
            complaints.entry(format!("{}: {what}", case.name)).or_default().push(edition);
        };
        let found = Findings::of(case, &outcomes, edition);
        if let Some(flaw) = found.flaw {
            complain(&flaw);
            continue;
        }
        let known: Vec<Of> =
            KNOWN.iter().filter(|known| known.case == case.name).map(|known| known.of).collect();
        for (of, told) in found.differences.iter().filter(|(of, _)| !known.contains(of)) {
            complain(&format!("other {of}\n{told}"));
        }
        for of in known.iter().filter(|of| found.differences.iter().all(|(found, _)| found != *of))
        {
            complain(&format!("no other {of} any more, so that it may leave `KNOWN`\n"));
        }
    }
    let complaints = complaints.iter().fold(String::new(), |told, (what, editions)| {
        format!("{told}[{}] {what}\n", editions.join(" "))
    });
    assert!(complaints.is_empty(), "\n{complaints}");
}

#[test]
fn every_known_difference_has_a_case_and_a_reason() {
    let cases = Case::all();
    for known in KNOWN {
        assert!(cases.iter().any(|case| case.name == known.case), "no case `{}`", known.case);
        assert!(!known.why.is_empty(), "no reason for `{}`", known.case);
    }
    for known in KNOWN_WORDS {
        assert!(!known.why.is_empty(), "no reason for `{}`", known.told);
    }
}

#[test]
fn what_is_different_is_documented_with_the_attribute() {
    let documentation = fs::read_to_string(DOCUMENTATION).expect("the documentation of `traced`");
    let lines = documentation.lines().filter_map(|line| line.strip_prefix("///"));
    let words = lines.flat_map(str::split_whitespace).collect::<Vec<_>>().join(" ");
    for known in KNOWN {
        assert!(words.contains(known.why), "{}: nothing says that {}", known.case, known.why);
    }
}
