//! Which files does a crate have, and what stands in them?

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

/// The text of each file, by its path from `src`.
pub(crate) struct Sources(pub(crate) BTreeMap<String, String>);

impl Sources {
    /// Those of a crate of this workspace.
    pub(crate) fn of(package: &str) -> Self {
        let src = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(package).join("src");
        let mut files = BTreeMap::new();
        read(&src, "", &mut files);
        Self(files)
    }

    /// Those of a crate that a test makes up.
    pub(crate) fn made_up(files: &[(&str, &str)]) -> Self {
        Self(files.iter().map(|&(path, text)| (path.to_owned(), text.to_owned())).collect())
    }

    /// The rooms: what stands beside `lib.rs`, a folder as well as a file.
    pub(crate) fn at_the_top(&self) -> Vec<&str> {
        let mut rooms: Vec<_> =
            self.0.keys().map(|file| room(file)).filter(|room| *room != "lib").collect();
        rooms.dedup();
        rooms
    }
}

/// The room that a file is in: `export` of `export/otlp/file.rs`.
pub(crate) fn room(file: &str) -> &str {
    file.split('/').next().and_then(|entry| entry.split('.').next()).unwrap_or(file)
}

fn read(folder: &Path, prefix: &str, files: &mut BTreeMap<String, String>) {
    let entries = fs::read_dir(folder).expect("the folder can be listed");
    for entry in entries {
        let entry = entry.expect("the folder can be listed");
        let name = entry.file_name().into_string().expect("names of files are UTF-8");
        let path = format!("{prefix}{name}");
        if entry.file_type().expect("the kind of a file is known").is_dir() {
            read(&entry.path(), &format!("{path}/"), files);
        } else if Path::new(&path).extension().is_some_and(|kind| kind == "rs") {
            files.insert(path, fs::read_to_string(entry.path()).expect("the file can be read"));
        }
    }
}
