//! Does the code stand in rooms that data goes through in one direction?
//!
//! Read from the code of both crates. `cargo test -p otel-tests --test house -- --nocapture` prints the figures.

mod arrows;
mod made_up;
mod modules;
mod owed;
mod paths;
mod rooms;
mod rules;
mod sources;

use std::sync::LazyLock;

use rules::House;
use sources::Sources;

static RUNTIME: LazyLock<House> =
    LazyLock::new(|| House::new(Sources::of("otel-runtime"), rooms::RUNTIME));
static MACROS: LazyLock<House> = LazyLock::new(|| House::new(Sources::of("otel-macros"), &[]));

/// Told are the faults that do not begin with one of `owed`.
#[track_caller]
fn none_but(owed: &[&str], faults: Vec<String>) {
    let faults: Vec<_> = faults
        .into_iter()
        .filter(|fault| !owed.iter().any(|owed| fault.starts_with(owed)))
        .collect();
    assert!(faults.is_empty(), "\n\n{}\n", faults.join("\n\n"));
}

#[test]
fn no_files_need_each_other() {
    let owed = MACROS.files_in_circles() + RUNTIME.files_in_circles();
    if owed > owed::FILES_IN_CIRCLES {
        none_but(&[], [MACROS.circles(), RUNTIME.circles()].concat());
    }
}

#[test]
fn no_import_runs_against_the_stream() {
    none_but(&[], RUNTIME.against_the_stream());
}

#[test]
fn every_room_has_its_question() {
    none_but(&[], RUNTIME.at_the_top());
}

#[test]
fn a_long_file_says_why() {
    none_but(&[], MACROS.long_files());
    none_but(owed::REASONS, RUNTIME.long_files());
}

#[test]
fn the_figures_are_told() {
    println!("otel-macros\n{}\n\notel-runtime\n{}", MACROS.figures(), RUNTIME.figures());
}
