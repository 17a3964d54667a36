//! Does the check see what it is there for? Crates of some lines, each with one fault or none.

use crate::arrows::Arrows;
use crate::rooms::{self, Room};
use crate::rules::{House, LONG, REASON};
use crate::sources::Sources;

const ROOMS: &[Room] = &[
    Room { name: "call", question: "what does a call do?", asks: &["process"] },
    Room { name: "process", question: "what is around us?", asks: &[] },
];

fn house(files: &[(&str, &str)]) -> House {
    House::new(Sources::made_up(files), ROOMS)
}

/// `a.rs → b.rs`, for each arrow in a crate.
#[track_caller]
fn assert_arrows(files: &[(&str, &str)], expected: &[&str]) {
    let arrows = Arrows::of(&Sources::made_up(files));
    let found = arrows
        .0
        .iter()
        .flat_map(|(from, needed)| needed.keys().map(move |to| format!("{from} → {to}")));
    assert_eq!(found.collect::<Vec<_>>(), expected);
}

/// Which files `a.rs` needs where it says so, beside a `b.rs` and a child of that.
#[track_caller]
fn assert_needed(says: &str, expected: &[&str]) {
    let arrows = Arrows::of(&Sources::made_up(&[
        ("lib.rs", "mod a; mod b;"),
        ("a.rs", says),
        ("b.rs", "pub mod child; pub use child::Handed; pub struct Thing; pub fn make() {}"),
        ("b/child.rs", "pub struct Handed; pub struct Deep;"),
    ]));
    assert_eq!(arrows.0["a.rs"].keys().collect::<Vec<_>>(), expected, "{says}");
}

#[test]
fn a_path_counts_wherever_it_stands() {
    for says in [
        "use crate::b::Thing;",
        "use super::b::Thing;",
        "use crate::b::Thing as Other;",
        "use crate::{b::{Thing, make}};",
        "use crate::b; fn f() { b::make() }",
        "use crate::b as c; type T = c::Thing;",
        "fn f() { use crate::b::make; make() }",
        "fn f() -> crate::b::Thing { loop {} }",
        "impl Into<crate::b::Thing> for () {}",
        "fn f<T: From<crate::b::Thing>>() {}",
        "fn f() { println!(\"{}\", crate::b::make()) }",
        "macro_rules! m { () => { $crate::b::make() } }",
        "macro_rules! m { () => { use $crate::{b::{Thing, make}}; } }",
        "#[derive(Debug)] #[serde(with = \"x\", default(crate::b::make))] struct S;",
        "mod inner { use super::super::b::Thing; }",
        "use crate::b::*;",
        "pub use crate::b::Thing;",
    ] {
        assert_needed(says, &["b.rs"]);
    }
}

#[test]
fn a_path_through_what_is_handed_on_leads_to_where_it_is_made() {
    assert_needed("use crate::b::Handed;", &["b/child.rs"]);
    assert_needed("use crate::b::child::Deep;", &["b/child.rs"]);
    assert_needed("use crate::b; fn f(_: b::Handed, _: b::Thing) {}", &["b.rs", "b/child.rs"]);
}

#[test]
fn what_is_not_seen_to_be_made_counts_for_the_module_named() {
    assert_needed("use crate::b::MadeByAMacro;", &["b.rs"]);
    assert_needed("fn f() { crate::b::child::made_by_a_macro() }", &["b/child.rs"]);
}

#[test]
fn tests_and_words_do_not_count() {
    for says in [
        "#[cfg(test)] mod tests { use crate::b::Thing; }",
        "#[cfg(all(test, unix))] use crate::b::Thing;",
        "#[cfg(doc)] use crate::b::Thing;",
        "struct S; impl S { #[cfg(test)] fn f() -> crate::b::Thing { loop {} } }",
        "/// Like [`crate::b::Thing`].\nstruct S;",
        "#![doc = \"crate::b::Thing\"]",
        "pub(in crate::a) struct S;",
        "macro_rules! m { () => { pub(in crate::b) struct S; } }",
        "fn f(x: S) { println!(\"{}\", x.b.make()) }",
        "use ::b::Thing; fn f() { ::b::make() }",
        "fn f(make: u8) { println!(\"{make}\"); g(make) }",
    ] {
        assert_needed(says, &[]);
    }
}

#[test]
fn the_files_of_tests_are_not_entered() {
    assert_arrows(
        &[
            ("lib.rs", "mod a;"),
            ("a.rs", "#[cfg(test)] mod tests;"),
            ("a/tests.rs", "use super::super::a::x;"),
        ],
        &[],
    );
}

#[test]
fn a_function_that_is_handed_on_under_the_name_of_a_module_is_not_what_a_path_goes_through() {
    assert_arrows(
        &[
            ("lib.rs", "mod a; mod b; mod record; pub use b::record;"),
            ("a.rs", "use crate::record::Batch;"),
            ("b.rs", "pub fn record() {}"),
            ("record.rs", "pub struct Batch;"),
        ],
        &["a.rs → record.rs"],
    );
}

#[test]
fn to_declare_a_child_or_to_hand_it_on_is_no_need() {
    let child = ("a/child.rs", "pub fn run() {}");
    for says in [
        "mod child;",
        "mod child; pub use child::run;",
        "mod child; pub(crate) use self::child::run;",
    ] {
        assert_arrows(&[("lib.rs", "mod a;"), ("a/mod.rs", says), child], &[]);
    }
    for says in [
        "mod child; use child::run;",
        "mod child; fn f() { child::run() }",
        "mod child; fn f() { self::child::run() }",
        "mod child; pub use child::run; fn f() { run() }",
        "mod child; fn f() { println!(\"{}\", child::run()) }",
    ] {
        assert_arrows(
            &[("lib.rs", "mod a;"), ("a/mod.rs", says), child],
            &["a/mod.rs → a/child.rs"],
        );
    }
}

#[test]
fn a_circle_is_told_with_every_step_of_it() {
    let house = house(&[
        ("lib.rs", "mod call; mod process;"),
        ("call.rs", "use crate::process::Lock;\npub struct Guard;"),
        ("process.rs", "pub struct Lock;\n\nfn f(_: crate::call::Guard) {}"),
    ]);
    let [circle] = &house.circles()[..] else { panic!("{:?}", house.circles()) };
    assert!(circle.contains("2 files need each other"), "{circle}");
    assert!(circle.contains("call.rs:1: crate::process::Lock needs process.rs"), "{circle}");
    assert!(circle.contains("process.rs:3: crate::call::Guard needs call.rs"), "{circle}");
    assert!(circle.contains("behind a trait"), "{circle}");
}

#[test]
fn a_parent_that_runs_a_child_which_needs_the_parent_is_a_circle() {
    let house = house(&[
        ("lib.rs", "mod call;"),
        ("call/mod.rs", "mod child; pub struct State; pub fn f() { child::run() }"),
        ("call/child.rs", "pub fn run() { let _: super::State; }"),
    ]);
    assert_eq!(house.circles().len(), 1, "{:?}", house.circles());
}

#[test]
fn a_way_back_through_several_files_is_a_circle() {
    let house = house(&[
        ("lib.rs", "mod a; mod b; mod c; mod d;"),
        ("a.rs", "use crate::b::B; pub struct A;"),
        ("b.rs", "use crate::c::C; pub struct B;"),
        ("c.rs", "use crate::a::A; pub struct C;"),
        ("d.rs", "use crate::a::A;"),
    ]);
    let [circle] = &house.circles()[..] else { panic!("{:?}", house.circles()) };
    assert!(circle.contains("3 files need each other"), "{circle}");
    assert!(!circle.contains("d.rs"), "{circle}");
}

#[test]
fn an_import_against_the_stream_is_told_with_what_is_allowed() {
    let house = house(&[
        ("lib.rs", "mod call; mod process;"),
        ("call.rs", "pub struct Guard;"),
        ("process/mod.rs", "mod fork;"),
        ("process/fork.rs", "use crate::call::Guard;"),
    ]);
    let [fault] = &house.against_the_stream()[..] else {
        panic!("{:?}", house.against_the_stream())
    };
    assert!(
        fault.contains("process/fork.rs:1: crate::call::Guard needs the room `call`"),
        "{fault}"
    );
    assert!(fault.contains("`process` may ask: no room"), "{fault}");
    assert!(house.figures().contains("arrows that run up: 1"), "{}", house.figures());
}

#[test]
fn an_import_along_the_stream_is_none() {
    let house = house(&[
        ("lib.rs", "mod call; mod process;"),
        ("call.rs", "use crate::process::Lock;"),
        ("process.rs", "pub struct Lock;"),
    ]);
    assert_eq!(house.against_the_stream(), [""; 0]);
}

#[test]
fn an_entry_that_is_not_in_the_table_is_told_with_the_rooms_there_are() {
    let house = house(&[
        ("lib.rs", "mod call; mod process; mod misc;"),
        ("call.rs", ""),
        ("process.rs", ""),
        ("misc.rs", ""),
    ]);
    let [fault] = &house.at_the_top()[..] else { panic!("{:?}", house.at_the_top()) };
    assert!(fault.contains("`misc` stands beside `lib.rs`"), "{fault}");
    assert!(fault.contains("call: what does a call do?"), "{fault}");
}

#[test]
fn a_room_that_is_gone_leaves_the_table() {
    let house = house(&[("lib.rs", "mod call;"), ("call.rs", "")]);
    let [fault] = &house.at_the_top()[..] else { panic!("{:?}", house.at_the_top()) };
    assert!(fault.contains("`process` is in the table"), "{fault}");
}

#[test]
fn a_long_file_is_told_until_it_says_why() {
    let long = "fn f() {}\n".repeat(LONG);
    let told = |first: &str| {
        let text = format!("{first}{long}");
        house(&[("lib.rs", "mod call;"), ("call.rs", &text)]).long_files()
    };
    assert_eq!(told(""), [""; 0]);
    let faults = told("//! What does a call do?\n");
    assert!(faults[0].contains("call.rs has 351 lines, more than 350"), "{faults:?}");
    assert_eq!(told(&format!("//! What?\n//!\n//! {REASON}it is a table.\n")), [""; 0]);
    assert_eq!(told(&format!("//! What?\n\n// {REASON}it is a table.\n")).len(), 1);
}

#[test]
fn the_rooms_of_the_runtime_are_no_circle_themselves() {
    for (at, room) in rooms::RUNTIME.iter().enumerate() {
        for asked in room.asks {
            let below = rooms::RUNTIME[at..].iter().any(|room| room.name == *asked);
            assert!(
                below && *asked != room.name,
                "{} may ask {asked}, which is above it",
                room.name
            );
        }
    }
}
