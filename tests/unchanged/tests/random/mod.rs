//! Do random functions do, print and warn as without `#[traced]`?
//!
//! `SEED=4815 FUNCTIONS=1 cargo test -p otel-tests-unchanged random` tries the one function of that seed.
//! Our own choices rather than `proptest`: that would compile anew for each function that it tries to make
//! smaller, and here hundreds are compiled at once.

mod body;
mod choices;
mod expressions;
mod function;
mod parameter;
mod variables;

use std::env;
use std::fmt::Write;
use std::fs;
use std::path::{Path, PathBuf};

use crate::case::{Case, EDITIONS};
use crate::known::{KNOWN_WORDS, Of};
use crate::outcome::{Findings, Outcomes};
use choices::Choices;

/// How many functions there are, unless `FUNCTIONS` says.
const FUNCTIONS: u64 = 1000;

/// The seed of the first, unless `SEED` says; each later one has the next.
const SEED: u64 = 0;

/// Of how many that differ the seeds are told.
const TOLD: usize = 30;

/// How often a function that differs is made smaller. Each time all are compiled that it may become.
const ROUNDS: usize = 8;

/// How many are tried at once, to make a function smaller.
const TRIES: usize = 60;

#[derive(Clone)]
struct Function {
    seed: u64,
    edition: &'static str,
    choices: Vec<u32>,
    source: String,
}

impl Function {
    fn random(seed: u64) -> Function {
        let edition = EDITIONS[usize::try_from(seed % 3).expect("below 3")];
        Function::made(seed, edition, Choices::random(seed))
    }

    /// What the function becomes with other choices.
    fn with(&self, choices: Vec<u32>) -> Function {
        Function::made(self.seed, self.edition, Choices::given(choices))
    }

    fn made(seed: u64, edition: &'static str, mut choices: Choices) -> Function {
        let source = function::module(&mut choices);
        Function { seed, edition, choices: choices.made(), source }
    }
}

/// A function that is another with the attribute.
struct Different {
    function: Function,
    of: Of,
    told: String,
}

impl Different {
    fn is_known(&self) -> bool {
        self.told.lines().all(|line| KNOWN_WORDS.iter().any(|known| line.contains(known.told)))
    }

    fn is_like(&self, other: &Different) -> bool {
        self.of == other.of && !self.is_known()
    }
}

#[test]
fn random_functions_do_and_say_what_they_do_without_the_attribute() {
    let first = number_of("SEED").unwrap_or(SEED);
    let count = number_of("FUNCTIONS").unwrap_or(FUNCTIONS);
    let functions: Vec<_> = (first..first + count).map(Function::random).collect();
    let different: Vec<_> =
        compare(&functions).into_iter().filter(|different| !different.is_known()).collect();
    let all =
        different.iter().take(TOLD).fold(String::new(), |all, Different { function, of, told }| {
            let first = told.lines().next().unwrap_or_default();
            format!(
                "{all}SEED={} (edition {}): other {of}:{first}\n",
                function.seed, function.edition
            )
        });
    let total = different.len();
    if let Some(smallest) = different.into_iter().min_by_key(|of| of.function.source.len()) {
        let Different { function, of, told } = smallest_of_all(smallest);
        panic!(
            "{total} of {count} functions differ, such as\n{all}\n\
             SEED={}, made as small as it still differs, has other {of}:\n\n{}\n{told}",
            function.seed, function.source
        );
    }
}

fn number_of(variable: &str) -> Option<u64> {
    env::var(variable).ok().map(|value| value.parse().expect("a number"))
}

/// Takes choices away as long as what remains differs in the same.
fn smallest_of_all(mut different: Different) -> Different {
    for _ in 0..ROUNDS {
        let function = &different.function;
        let smaller =
            choices::smaller(&function.choices).into_iter().map(|choices| function.with(choices));
        let mut smaller: Vec<_> =
            smaller.filter(|smaller| smaller.source.len() < function.source.len()).collect();
        smaller.sort_by_key(|function| function.source.len());
        smaller.dedup_by(|one, other| one.source == other.source);
        smaller.truncate(TRIES);
        let found = compare(&smaller).into_iter().filter(|found| found.is_like(&different));
        match found.min_by_key(|smaller| smaller.function.source.len()) {
            Some(smaller) => different = smaller,
            None => break,
        }
    }
    different
}

/// Those that differ. All are valid without the attribute, or the grammar is to be mended.
fn compare(functions: &[Function]) -> Vec<Different> {
    if functions.is_empty() {
        return Vec::new();
    }
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("random-functions");
    fs::create_dir_all(&folder).expect("a temporary folder");
    let file = |index: usize| -> PathBuf { folder.join(format!("f{index}.rs")) };
    let cases: Vec<_> = functions
        .iter()
        .enumerate()
        .map(|(index, function)| {
            fs::write(file(index), &function.source).expect("a temporary file");
            Case::generated(format!("random/f{index}"), file(index), function.edition)
        })
        .collect();
    let prelude = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/random/prelude.rs");
    let outcomes = Outcomes::of("random", &cases, Some(&prelude));
    let (mut different, mut flaws) = (Vec::new(), String::new());
    for (case, function) in cases.iter().zip(functions) {
        let found = Findings::of(case, &outcomes, function.edition);
        if let Some(flaw) = found.flaw {
            let _ = writeln!(flaws, "SEED={}: {flaw}\n{}", function.seed, function.source);
        }
        if let Some((of, told)) = found.differences.into_iter().next() {
            different.push(Different { function: function.clone(), of, told });
        }
    }
    assert!(flaws.is_empty(), "the grammar is wrong:\n{flaws}");
    different
}
