//! What is wrong with a house, and what is to be done about it?

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use crate::arrows::Arrows;
use crate::rooms::Room;
use crate::sources::{Sources, room};

/// A file of more lines answers a second question, or says in its first lines why it does not.
pub(crate) const LONG: usize = 350;
/// How such a reason begins, behind `//! `.
pub(crate) const REASON: &str = "Long because ";

pub(crate) struct House {
    sources: Sources,
    arrows: Arrows,
    rooms: &'static [Room],
}

impl House {
    pub(crate) fn new(sources: Sources, rooms: &'static [Room]) -> Self {
        let arrows = Arrows::of(&sources);
        Self { sources, arrows, rooms }
    }

    pub(crate) fn circles(&self) -> Vec<String> {
        let circles = self.arrows.circles().into_iter().map(|circle| {
            let mut told = format!("{} files need each other:\n", circle.files.len());
            for (at, file) in circle.shortest.iter().enumerate() {
                let next = &circle.shortest[(at + 1) % circle.shortest.len()];
                let _ = writeln!(told, "    {} needs {next}", self.arrows.place(file, next));
            }
            told.push_str(
                "  Move what both need into a file below them, or hand it in: as a value, or behind a trait.",
            );
            told
        });
        circles.collect()
    }

    /// The imports that the table of rooms does not allow.
    pub(crate) fn against_the_stream(&self) -> Vec<String> {
        let mut faults = Vec::new();
        for (from, to, place) in self.between_rooms() {
            let may_ask = self.rooms.iter().find(|room| room.name == from);
            if let Some(may_ask) = may_ask
                && !may_ask.asks.contains(&to)
            {
                faults.push(format!(
                    "{place} needs the room `{to}`, which `{from}` may not ask.\n  \
                     `{from}` may ask: {}. Move what is needed to where both may look, or let who calls \
                     `{from}` hand it in.",
                    listed(may_ask.asks)
                ));
            }
        }
        faults
    }

    /// Entries beside `lib.rs` that the table does not know, and rooms of the table that are not there.
    pub(crate) fn at_the_top(&self) -> Vec<String> {
        let there: BTreeSet<_> = self.sources.at_the_top().into_iter().collect();
        let known: BTreeSet<_> = self.rooms.iter().map(|room| room.name).collect();
        let new = there.difference(&known).map(|name| {
            let rooms = self.rooms.iter().map(|room| format!("\n    {}: {}", room.name, room.question));
            format!(
                "`{name}` stands beside `lib.rs`, and is not in the table of rooms.\n  Put it into the room \
                 whose question it answers:{}",
                rooms.collect::<String>()
            )
        });
        let gone = known
            .difference(&there)
            .map(|name| format!("`{name}` is in the table of rooms, and nowhere beside `lib.rs`."));
        new.chain(gone).collect()
    }

    /// Files of the product that are long, and do not say why.
    pub(crate) fn long_files(&self) -> Vec<String> {
        let long = self.product().filter(|(file, lines)| {
            let is_said = self.sources.0[*file]
                .lines()
                .map_while(|line| line.strip_prefix("//!"))
                .any(|line| line.trim_start().starts_with(REASON));
            *lines > LONG && !is_said
        });
        let told = long.map(|(file, lines)| {
            format!(
                "{file} has {lines} lines, more than {LONG}.\n  Give its second question a file of its own, \
                 or say in its first lines why it has one question only: `//! {REASON}..`"
            )
        });
        told.collect()
    }

    /// What the house is like, in some lines.
    pub(crate) fn figures(&self) -> String {
        let between: BTreeSet<_> =
            self.between_rooms().into_iter().map(|(from, to, _)| (from, to)).collect();
        let up = between.iter().filter(|(from, to)| {
            self.rooms.iter().any(|room| room.name == *from && !room.asks.contains(to))
        });
        let circles: Vec<_> =
            self.arrows.circles().iter().map(|circle| circle.files.len().to_string()).collect();
        let mut longest: Vec<_> = self.product().collect();
        longest.sort_by_key(|(_, lines)| std::cmp::Reverse(*lines));
        let longest = longest.iter().take(5).map(|(file, lines)| format!("{file} {lines}"));
        format!(
            "entries at the top: {}\nfiles of the product: {}\narrows between rooms: {}\narrows that run \
             up: {}\ncircles of files: {} (of {} files)\nlongest files: {}",
            self.sources.at_the_top().len() + 1,
            self.product().count(),
            between.len(),
            up.count(),
            circles.len(),
            if circles.is_empty() { "no".to_owned() } else { circles.join(", ") },
            longest.collect::<Vec<_>>().join(", "),
        )
    }

    fn product(&self) -> impl Iterator<Item = (&str, usize)> {
        let files = self.arrows.0.keys();
        files.map(|file| (file.as_str(), self.sources.0[file].lines().count()))
    }

    /// Each file that needs another room: from, to, and where it says so.
    fn between_rooms(&self) -> Vec<(&str, &str, String)> {
        let mut between = Vec::new();
        for (file, needed) in &self.arrows.0 {
            let mut rooms: BTreeMap<&str, &str> = BTreeMap::new();
            for other in needed.keys().filter(|other| room(other) != room(file)) {
                rooms.entry(room(other)).or_insert(other);
            }
            between.extend(
                rooms
                    .into_iter()
                    .map(|(to, other)| (room(file), to, self.arrows.place(file, other))),
            );
        }
        between
    }
}

fn listed(names: &[&str]) -> String {
    if names.is_empty() { "no room".to_owned() } else { names.join(", ") }
}
