//! How are the keys of a file read one by one, so that none is overlooked?

use std::str::FromStr;
use std::sync::Arc;

use super::scalar::Scalar;
use super::yaml::Node;
use crate::setup::config::problems::Problems;
use crate::setup::config::source::{Given, Source};
use crate::setup::config::suggest::suggestion;

/// A mapping. Its known keys are taken out one by one; those that remain are unknown.
pub(super) struct Section {
    path: String,
    entries: Vec<(String, Node)>,
    known: Vec<&'static str>,
    /// It is not a mapping, which was reported: keys that are missing in it are not reported, too.
    broken: bool,
}

/// A value, and its path in the file.
pub(super) struct Entry {
    path: String,
    node: Node,
}

/// What all sections of a file share.
pub(super) struct SectionReader<'a> {
    pub(super) file: Arc<str>,
    pub(super) problems: &'a mut Problems,
}

impl Section {
    pub(super) fn root(node: Node, reader: &mut SectionReader<'_>) -> Section {
        Entry { path: String::new(), node }.section(reader)
    }

    /// The value of a key, if it has one.
    pub(super) fn take(&mut self, key: &'static str) -> Option<Entry> {
        self.known.push(key);
        let at = self.entries.iter().position(|(name, _)| name == key)?;
        let (_, node) = self.entries.swap_remove(at);
        (!node.is_null()).then(|| Entry { path: self.path_of(key), node })
    }

    /// The value of a key that has to be there.
    pub(super) fn require(
        &mut self,
        key: &'static str,
        remedy: &str,
        reader: &mut SectionReader<'_>,
    ) -> Option<Entry> {
        let entry = self.take(key);
        if entry.is_none() && !self.broken {
            reader.fault(&self.path_of(key), format!("this is missing: {remedy}"));
        }
        entry
    }

    /// Takes a key of the schema that is not supported here, and without which every trace is whole: a
    /// warning.
    pub(super) fn leave_out(
        &mut self,
        key: &'static str,
        remedy: &str,
        reader: &mut SectionReader<'_>,
    ) {
        if let Some(entry) = self.take(key) {
            entry.leave_out(remedy, reader);
        }
    }

    /// Takes a key that has nothing to do with traces, and says nothing.
    pub(super) fn ignore(&mut self, key: &'static str) {
        self.take(key);
    }

    /// Reports the keys that are left: they are unknown.
    pub(super) fn finish(self, reader: &mut SectionReader<'_>) {
        let (path, known) = (self.path, self.known);
        for (key, node) in self.entries {
            let path = path_of(&path, &key);
            if is_experimental(&key) {
                Entry { path, node }.leave_out("it may be part of a later version", reader);
            } else {
                let remedy = format!("there is no such key: {}", suggestion(&key, &known));
                reader.fault(&path, remedy);
            }
        }
    }

    /// Leaves out the keys that are left, with a warning each, since the section is an experimental one.
    pub(super) fn leave_out_rest(self, remedy: &str, reader: &mut SectionReader<'_>) {
        for (key, node) in self.entries {
            Entry { path: path_of(&self.path, &key), node }.leave_out(remedy, reader);
        }
    }

    pub(super) fn path_of(&self, key: &str) -> String {
        path_of(&self.path, key)
    }
}

fn path_of(parent: &str, key: &str) -> String {
    if parent.is_empty() { key.to_owned() } else { format!("{parent}.{key}") }
}

/// "Experimental properties are denoted by a suffix. Maintainers are not obligated to implement support."
fn is_experimental(key: &str) -> bool {
    let stage = key.rsplit_once('/').map(|(_, stage)| stage);
    matches!(stage, Some("development" | "alpha" | "beta"))
}

impl Entry {
    pub(super) fn path(&self) -> &str {
        &self.path
    }

    pub(super) fn section(self, reader: &mut SectionReader<'_>) -> Section {
        let mut section =
            Section { path: self.path, entries: Vec::new(), known: Vec::new(), broken: false };
        match self.node {
            Node::Map(entries) => section.entries = entries,
            node if node.is_null() => {}
            node => {
                reader.wrong(&section.path, &node, "write keys below it, indented");
                section.broken = true;
            }
        }
        section
    }

    /// A mapping; anything else is left out, with a warning, since it is below an experimental key.
    pub(super) fn mapping(self, remedy: &str, reader: &mut SectionReader<'_>) -> Option<Section> {
        if matches!(self.node, Node::Map(_)) {
            return Some(self.section(reader));
        }
        self.leave_out(remedy, reader);
        None
    }

    /// A list of strings, which may be empty.
    pub(super) fn texts(self) -> Option<Vec<String>> {
        let Node::List(nodes) = self.node else { return None };
        let text = |node| match node {
            Node::Scalar(scalar) if scalar.is_string() => Some(scalar.text),
            _ => None,
        };
        nodes.into_iter().map(text).collect()
    }

    pub(super) fn list(self, reader: &mut SectionReader<'_>) -> Vec<Entry> {
        let Node::List(nodes) = self.node else {
            reader.wrong(&self.path, &self.node, "write a list, each entry behind a dash");
            return Vec::new();
        };
        if nodes.is_empty() {
            let remedy = "this list is empty: write an entry, or leave it out".to_owned();
            reader.fault(&self.path, remedy);
        }
        let entry = |(index, node)| Entry { path: format!("{}[{index}]", self.path), node };
        nodes.into_iter().enumerate().map(entry).collect()
    }

    /// The only key of a mapping that is to have one key, such as the kind of a sampler, and its value.
    pub(super) fn choice(
        self,
        known: &[&'static str],
        reader: &mut SectionReader<'_>,
    ) -> Option<(&'static str, Entry)> {
        let (key, entry) = self.open_choice(known, reader)?;
        let Some(key) = known.iter().find(|known| **known == key) else {
            let remedy = format!("there is no such key: {}", suggestion(&key, known));
            reader.fault(&entry.path, remedy);
            return None;
        };
        Some((key, entry))
    }

    /// As `choice`, where other keys than the known ones may be valid, too.
    pub(super) fn open_choice(
        self,
        known: &[&'static str],
        reader: &mut SectionReader<'_>,
    ) -> Option<(String, Entry)> {
        let mut entries = match self.node {
            Node::Map(entries) if entries.len() == 1 => entries,
            node => {
                let remedy = format!("write one key below it: {}", suggestion("", known));
                reader.wrong(&self.path, &node, &remedy);
                return None;
            }
        };
        let (key, node) = entries.pop()?;
        let path = format!("{}.{key}", self.path);
        Some((key, Entry { path, node }))
    }

    /// Checks that the chosen key has no settings below it.
    pub(super) fn nothing(self, reader: &mut SectionReader<'_>) {
        self.section(reader).finish(reader);
    }

    /// A string. Something that YAML reads as another type, such as `1.0`, needs quotes.
    pub(super) fn text(self, reader: &mut SectionReader<'_>) -> Option<Given<String>> {
        match self.node {
            Node::Scalar(scalar) if scalar.is_string() => {
                Some(reader.given(self.path, scalar.text))
            }
            node => {
                reader.wrong(&self.path, &node, "write a string, in quotes");
                None
            }
        }
    }

    /// A string that may not be shown in a message.
    pub(super) fn secret(self, reader: &mut SectionReader<'_>) -> Option<Given<String>> {
        match self.node {
            Node::Scalar(scalar) if scalar.is_string() => {
                Some(reader.given(self.path, scalar.text))
            }
            _ => {
                self.hidden("write a string, in quotes", reader);
                None
            }
        }
    }

    /// A scalar as it is written, of whatever type it is in YAML.
    pub(super) fn verbatim(self, reader: &mut SectionReader<'_>) -> Option<Given<String>> {
        match self.node {
            Node::Scalar(scalar) => Some(reader.given(self.path, scalar.text)),
            node => {
                reader.wrong(&self.path, &node, "write a string");
                None
            }
        }
    }

    pub(super) fn boolean(self, reader: &mut SectionReader<'_>) -> Option<Given<bool>> {
        self.plain("write true or false, without quotes", Scalar::boolean, reader)
    }

    pub(super) fn whole<T: FromStr + TryFrom<u64>>(
        self,
        reader: &mut SectionReader<'_>,
    ) -> Option<Given<T>> {
        let read = |scalar: &Scalar| T::try_from(scalar.integer()?.try_into().ok()?).ok();
        self.plain("write a whole number that is not negative, without quotes", read, reader)
    }

    pub(super) fn integer(self, reader: &mut SectionReader<'_>) -> Option<Given<i64>> {
        let read = |scalar: &Scalar| scalar.integer()?.try_into().ok();
        self.plain("write a whole number, without quotes", read, reader)
    }

    pub(super) fn number(self, reader: &mut SectionReader<'_>) -> Option<Given<f64>> {
        self.plain("write a number, without quotes", Scalar::number, reader)
    }

    fn plain<T>(
        self,
        remedy: &str,
        read: impl FnOnce(&Scalar) -> Option<T>,
        reader: &mut SectionReader<'_>,
    ) -> Option<Given<T>> {
        let value = match &self.node {
            Node::Scalar(scalar) if scalar.plain => read(scalar),
            _ => None,
        };
        if value.is_none() {
            reader.wrong(&self.path, &self.node, remedy);
        }
        value.map(|value| reader.given(self.path, value))
    }

    /// A warning that this is not supported; none if the value is empty, and so asks for nothing.
    pub(super) fn leave_out(self, remedy: &str, reader: &mut SectionReader<'_>) {
        if !self.node.asks_for_nothing() {
            reader.left_out(&self.path, format!("this is not supported, and left out: {remedy}"));
        }
    }

    /// As `fault`, for a value that may not be shown.
    pub(super) fn hidden(self, remedy: &str, reader: &mut SectionReader<'_>) {
        let setting = reader.source(self.path);
        reader.problems.add(setting, None, remedy.to_owned());
    }
}

impl SectionReader<'_> {
    pub(super) fn given<T>(&self, path: String, value: T) -> Given<T> {
        Given { value, from: self.source(path) }
    }

    pub(super) fn source(&self, path: String) -> Source {
        Source::File { file: Arc::clone(&self.file), key: path }
    }

    pub(super) fn fault(&mut self, path: &str, remedy: String) {
        let setting = self.source(path.to_owned());
        self.problems.fault(setting, remedy);
    }

    pub(super) fn left_out(&mut self, path: &str, why: String) {
        let setting = self.source(path.to_owned());
        self.problems.left_out(setting, why);
    }

    /// Reports that the value has another type than it should have.
    fn wrong(&mut self, path: &str, node: &Node, remedy: &str) {
        let setting = self.source(path.to_owned());
        match node {
            Node::Scalar(scalar) => {
                self.problems.add(setting, Some(scalar.text.clone()), remedy.to_owned());
            }
            Node::List(_) => self.problems.fault(setting, format!("this is a list: {remedy}")),
            Node::Map(_) => self.problems.fault(setting, format!("this has keys: {remedy}")),
        }
    }
}
