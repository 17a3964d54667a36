//! How much of what is in texts do the detectors find, and how much of what they find is there?

use std::collections::BTreeMap;

use otel_runtime::privacy::{Coverage, Finding, Scanner};
use otel_tests::labelled::{Case, KINDS, cases};

/// Values and near misses of each kind.
const EACH: usize = 500;

/// Detectors by the kind of the labelled set that they are measured on.
fn kind(detector: &str) -> &str {
    match detector {
        "aws" | "azure" | "gcp" | "github" | "gitlab" | "npm" | "openai" | "pypi" | "slack"
        | "stripe" | "vendor" => "cloud",
        "basic" => "bearer",
        detector => detector,
    }
}

/// Of one kind.
#[derive(Default)]
struct Count {
    values: usize,
    /// Those of them that are covered from the first byte to the last.
    covered: usize,
    right: usize,
    wrong: usize,
}

impl Count {
    #[expect(clippy::cast_precision_loss, reason = "they are some thousand")]
    fn recall(&self) -> f64 {
        self.covered as f64 / self.values as f64
    }

    #[expect(clippy::cast_precision_loss, reason = "they are some thousand")]
    fn precision(&self) -> f64 {
        self.right as f64 / (self.right + self.wrong) as f64
    }
}

fn found(scanner: &Scanner, text: &str) -> Vec<Finding> {
    let mut found = Vec::new();
    assert_eq!(scanner.scan(None, text, &mut found), text.len());
    found
}

fn measured(cases: &[Case]) -> BTreeMap<&str, Count> {
    let scanner = Scanner::new(Coverage::Personal);
    let mut counts: BTreeMap<&str, Count> = BTreeMap::new();
    let tell = std::env::var("TELL").ok();
    for case in cases {
        let found = found(&scanner, &case.text);
        if let Some(value) = &case.value {
            let count = counts.entry(case.kind).or_default();
            count.values += 1;
            let is_covered = found
                .iter()
                .any(|one| one.range.start <= value.start && value.end <= one.range.end);
            count.covered += usize::from(is_covered);
            if !is_covered && tell.as_deref() == Some(case.kind) {
                println!("missed {:?} in {:?}: {found:?}", &case.text[value.clone()], case.text);
            }
        }
        for one in &found {
            let kind = kind(one.detector);
            let count = counts.entry(kind).or_default();
            let is_right = case
                .value
                .as_ref()
                .is_some_and(|value| one.range.start < value.end && value.start < one.range.end);
            *if is_right { &mut count.right } else { &mut count.wrong } += 1;
            if !is_right && tell.as_deref() == Some(kind) {
                println!("wrong {one:?} in {:?} ({})", case.text, case.kind);
            }
        }
    }
    counts
}

#[test]
fn most_of_what_is_there_is_found_and_little_else() {
    let cases = cases(1, EACH);
    assert!(cases.len() >= 10_000);
    let counts = measured(&cases);
    let mut short = Vec::new();
    for kind in KINDS {
        let count = &counts[kind];
        let (recall, precision) = (count.recall(), count.precision());
        println!("{kind:10} recall {recall:.4} precision {precision:.4}");
        let (least_recall, least_precision) =
            if *kind == "phone" { (0.95, 0.90) } else { (0.99, 0.98) };
        if recall < least_recall || precision < least_precision {
            short.push(*kind);
        }
    }
    assert!(short.is_empty(), "too little is found, or too much: {short:?}");
}

#[test]
fn secrets_and_cards_are_found_without_the_rest_of_personal_data() {
    let scanner = Scanner::new(Coverage::Secrets);
    for case in cases(2, EACH) {
        let found = found(&scanner, &case.text);
        if let Some(value) = &case.value
            && matches!(case.kind, "jwt" | "pem" | "cloud")
        {
            assert!(
                found
                    .iter()
                    .any(|one| one.range.start <= value.start && value.end <= one.range.end),
                "{:?}",
                case.text
            );
        }
        let personal = ["email", "ssn", "iban", "ip", "phone", "home"];
        assert!(
            found.iter().all(|one| !personal.contains(&one.detector)),
            "{found:?} in {:?}",
            case.text
        );
    }
}

/// What the gate lets go by would have been found if the gate were open, which `%` behind a text makes it.
#[test]
fn the_gate_lets_nothing_by_that_a_detector_finds() {
    for coverage in [Coverage::Secrets, Coverage::Personal] {
        let scanner = Scanner::new(coverage);
        let (mut all, mut passed) = (0_u32, 0_u32);
        for case in cases(3, EACH) {
            let opened = found(&scanner, &format!("{} %", case.text));
            all += u32::from(!opened.is_empty());
            passed += u32::from(!opened.is_empty() && scanner.suspects(&case.text));
        }
        let recall = f64::from(passed) / f64::from(all);
        println!("{coverage:?}: the gate's recall is {recall:.5} of {all}");
        assert!(all > 2_000 && recall >= 0.999, "{coverage:?}: {passed} of {all}");
    }
}
