//! Does the code stand in rooms that data goes through in one direction?
//!
//! Read from the code of both crates. `cargo test -p otel-tests --test house -- --nocapture` prints the figures.

mod arrows;
mod made_up;
mod modules;
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

#[track_caller]
fn none(faults: &[String]) {
    assert!(faults.is_empty(), "\n\n{}\n", faults.join("\n\n"));
}

#[test]
fn no_files_need_each_other() {
    none(&MACROS.circles());
    none(&RUNTIME.circles());
}

#[test]
fn no_import_runs_against_the_stream() {
    none(&RUNTIME.against_the_stream());
}

#[test]
fn every_room_has_its_question() {
    none(&RUNTIME.at_the_top());
}

#[test]
fn the_map_tells_every_room() {
    let map = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../ARCHITECTURE.md");
    let map = std::fs::read_to_string(map).expect("the map can be read");
    let is_told = |room: &&rooms::Room| {
        let mut rows = map.lines().filter(|row| row.contains(room.question));
        rows.any(|row| room.asks.iter().all(|asked| row.contains(asked)) || row.contains("all but"))
    };
    let untold: Vec<_> = rooms::RUNTIME.iter().filter(|room| !is_told(room)).collect();
    let untold: Vec<_> = untold.iter().map(|room| room.name).collect();
    assert!(
        untold.is_empty(),
        "not in ARCHITECTURE.md, with question and what they may ask: {untold:?}"
    );
}

#[test]
fn a_long_file_says_why() {
    none(&MACROS.long_files());
    none(&RUNTIME.long_files());
}

#[test]
fn the_figures_are_told() {
    println!("otel-macros\n{}\n\notel-runtime\n{}", MACROS.figures(), RUNTIME.figures());
}
