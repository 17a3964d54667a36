//! Which files does each file need?

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use crate::modules::{Id, Modules, Target};
use crate::paths::{How, Named, named};
use crate::sources::Sources;

/// From a file to those that it needs, and where it says so first: `12: crate::record::Batch`.
///
/// `lib.rs` is neither: it declares what there is, and hands on what is public.
pub(crate) struct Arrows(pub(crate) BTreeMap<String, BTreeMap<String, String>>);

impl Arrows {
    pub(crate) fn of(sources: &Sources) -> Self {
        let modules = Modules::of(sources);
        let mut arrows = BTreeMap::new();
        for (id, module) in modules.0.iter().enumerate() {
            let needed: &mut BTreeMap<_, _> = arrows.entry(module.file.clone()).or_default();
            for named in named(&module.items) {
                for file in needs(&modules, id, &named) {
                    needed
                        .entry(file)
                        .or_insert_with(|| format!("{}: {}", named.line, named.path.join("::")));
                }
            }
        }
        arrows.remove("lib.rs");
        Self(arrows)
    }

    /// Files that need each other, however far around: each file that is in such a circle, with one of
    /// the shortest for every group of them.
    pub(crate) fn circles(&self) -> Vec<Circle> {
        let reached: BTreeMap<_, _> =
            self.0.keys().map(|file| (file.as_str(), self.reached_from(file))).collect();
        let mut circles: Vec<Circle> = Vec::new();
        for (&file, reaches) in &reached {
            let is_known = circles.iter().any(|circle| circle.files.contains(file));
            if is_known || !reaches.contains(file) {
                continue;
            }
            let files: BTreeSet<_> = reaches
                .iter()
                .filter(|other| reached[other.as_str()].contains(file))
                .cloned()
                .collect();
            let shortest = files.iter().map(|file| self.way_around(file, &files));
            let shortest = shortest.min_by_key(Vec::len).unwrap_or_default();
            circles.push(Circle { files, shortest });
        }
        circles
    }

    fn reached_from(&self, file: &str) -> BTreeSet<String> {
        let mut reached = BTreeSet::new();
        let mut open = vec![file.to_owned()];
        while let Some(file) = open.pop() {
            for next in self.0.get(&file).into_iter().flat_map(BTreeMap::keys) {
                if reached.insert(next.clone()) {
                    open.push(next.clone());
                }
            }
        }
        reached
    }

    /// The shortest way from a file back to itself, through `files` only.
    fn way_around(&self, start: &str, files: &BTreeSet<String>) -> Vec<String> {
        let mut ways = VecDeque::from([vec![start.to_owned()]]);
        let mut seen = BTreeSet::new();
        while let Some(way) = ways.pop_front() {
            let last = &way[way.len() - 1];
            for next in self.0[last].keys().filter(|next| files.contains(*next)) {
                if next == start {
                    return way;
                }
                if seen.insert(next.clone()) {
                    ways.push_back([&way[..], std::slice::from_ref(next)].concat());
                }
            }
        }
        unreachable!("a file that reaches itself has a way around")
    }

    /// Where a file says that it needs another.
    pub(crate) fn place(&self, from: &str, to: &str) -> String {
        format!("{from}:{}", self.0[from][to])
    }
}

pub(crate) struct Circle {
    pub(crate) files: BTreeSet<String>,
    pub(crate) shortest: Vec<String>,
}

/// The files in which what is named stands, but for that it is named in.
fn needs(modules: &Modules, module: Id, named: &Named) -> Vec<String> {
    let (path, is_glob) = match named.path.split_last() {
        Some((last, path)) if last == "*" => (path, true),
        _ => (&named.path[..], false),
    };
    if named.how == How::Reexport && modules.names_a_child(module, path) {
        return Vec::new();
    }
    let file = &modules.0[module].file;
    modules
        .resolve(module, path)
        .into_iter()
        .filter_map(|target| match target {
            Target::ItemOf(id) => Some(id),
            // To import a module is to need what is then named in it.
            Target::Module(id) => (is_glob || named.how == How::Reexport).then_some(id),
        })
        .map(|id| modules.0[id].file.clone())
        .filter(|needed| needed != file && needed != "lib.rs")
        .collect()
}
