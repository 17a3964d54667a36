//! What does a case say of itself?

use std::fs;
use std::path::{Path, PathBuf};

use crate::known::{KNOWN, Of};

/// The editions of which cases are.
pub(crate) const EDITIONS: [&str; 3] = ["2018", "2021", "2024"];

/// A program of a few lines, in a file of its own.
///
/// Its first line is a sentence that is true with and without the attribute. Lines below it, if any:
///
/// - `//! editions: 2021 2024`: those in which it is compiled, where it is not all three
/// - `//! no spans`: that it makes none, where that is what it shows
#[derive(Debug)]
pub(crate) struct Case {
    /// `kind/what-it-shows`, as its path in `cases`.
    pub(crate) name: String,
    pub(crate) path: PathBuf,
    editions: Vec<&'static str>,
    pub(crate) has_spans: bool,
}

impl Case {
    /// Those that `CASE` names a part of; all, if it is not set.
    pub(crate) fn chosen() -> Vec<Case> {
        let wanted = std::env::var("CASE").unwrap_or_default();
        Case::all().into_iter().filter(|case| case.name.contains(&wanted)).collect()
    }

    pub(crate) fn all() -> Vec<Case> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("cases");
        let mut cases: Vec<Case> = entries(&root)
            .iter()
            .flat_map(|kind| entries(kind))
            .map(|path| Case::read(&root, path))
            .collect();
        cases.sort_by(|one, other| one.name.cmp(&other.name));
        cases
    }

    /// One that is not in `cases`.
    pub(crate) fn generated(name: String, path: PathBuf, edition: &'static str) -> Case {
        Case { name, path, editions: vec![edition], has_spans: true }
    }

    fn read(root: &Path, path: PathBuf) -> Case {
        let text = fs::read_to_string(&path).expect("a case is text");
        let name = path.strip_prefix(root).expect("a path in `cases`").with_extension("");
        let name = name.to_str().expect("a name in ASCII").replace('\\', "/");
        let head = || text.lines().map_while(|line| line.strip_prefix("//! "));
        let first = head().next();
        assert!(first.is_some(), "{name}: the first line is `//! ` and a sentence");
        let editions = head().find_map(|line| line.strip_prefix("editions: "));
        let editions = EDITIONS
            .into_iter()
            .filter(|edition| editions.is_none_or(|listed| listed.contains(edition)))
            .collect();
        let has_spans = head().all(|line| line != "no spans");
        Case { name, path, editions, has_spans }
    }

    /// What it is compiled in. Each compilation that fails is one of its own, so one that does stands for
    /// all.
    pub(crate) fn editions(&self) -> Vec<&'static str> {
        if self.is_alone() {
            self.editions.last().copied().into_iter().collect()
        } else {
            self.editions.clone()
        }
    }

    pub(crate) fn in_each_edition(&self) -> impl Iterator<Item = (&Case, &'static str)> {
        self.editions().into_iter().map(move |edition| (self, edition))
    }

    /// Whether it does not compile, which is what it shows.
    pub(crate) fn fails(&self) -> bool {
        self.name.starts_with("errors/")
    }

    /// Whether it does not compile, with the attribute at least, and would keep others from it.
    pub(crate) fn is_alone(&self) -> bool {
        self.fails() || KNOWN.iter().any(|known| known.of == Of::Errors && known.case == self.name)
    }

    /// Its name as a module.
    pub(crate) fn module(&self) -> String {
        self.name.replace(['/', '-'], "_")
    }
}

fn entries(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("a folder of cases");
    entries.map(|entry| entry.expect("an entry").path()).collect()
}
