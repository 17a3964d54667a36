//! How do maps and lists of fields carry context?
//!
//! The names of fields are those of headers, which are compared without case: a gateway written in Go
//! sends `Traceparent`. Values are strings or bytes.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::marker::PhantomData;

use opentelemetry::propagation::{Extractor, Injector};

use super::carrier::{ExtractCarrier, InjectCarrier, UNREADABLE};
use super::fields::begins_with;

/// Names and values, in the order in which values of one name are joined.
struct Fields<'a, I> {
    all: I,
    /// Whether the fields come in no order, as in a `HashMap`. Then, of names that differ only in case,
    /// those in lower case come first, so that the order is always the same.
    is_mixed: bool,
    of: PhantomData<&'a str>,
}

impl<'a, I: Iterator<Item = (&'a str, &'a [u8])> + Clone> Fields<'a, I> {
    fn named(&self, name: &str) -> impl Iterator<Item = (&'a str, &'a [u8])> {
        self.all.clone().filter(move |field| field.0.eq_ignore_ascii_case(name))
    }
}

impl<'a, I: Iterator<Item = (&'a str, &'a [u8])> + Clone> Extractor for Fields<'a, I> {
    fn get(&self, key: &str) -> Option<&str> {
        let mut found = self.named(key);
        let (_, value) = if self.is_mixed { found.max() } else { found.next() }?;
        std::str::from_utf8(value).ok()
    }

    fn keys(&self) -> Vec<&str> {
        self.all.clone().map(|(name, _)| name).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        let mut found = self.named(key);
        // `vec![found.next()?]` would allocate before it looks.
        let first = found.next()?;
        let mut all = vec![first];
        all.extend(found);
        if self.is_mixed {
            all.sort_unstable_by(|a, b| b.cmp(a));
        }
        Some(all.into_iter().map(|(_, it)| std::str::from_utf8(it).unwrap_or(UNREADABLE)).collect())
    }
}

/// A name and a value of a collection, as they are compared and read.
fn field<'a, N: AsRef<str>, V: AsRef<[u8]>>((name, value): (&'a N, &'a V)) -> (&'a str, &'a [u8]) {
    (name.as_ref(), value.as_ref())
}

/// Replaces all fields with a name by the one that it is given.
struct Setter<'a, C>(&'a mut C);

/// What a [`Setter`] needs of a collection.
trait Collection {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool);
    fn add(&mut self, name: String, value: String);

    fn remove_fields(&mut self, names: &[&str]) {
        self.retain_fields(|field| !names.iter().any(|name| name.eq_ignore_ascii_case(field)));
    }

    fn remove_prefixed_fields(&mut self, prefix: &str) {
        self.retain_fields(|field| !begins_with(field, prefix));
    }
}

impl<C: Collection> Injector for Setter<'_, C> {
    fn set(&mut self, key: &str, value: String) {
        self.0.remove_fields(&[key]);
        self.0.add(key.to_ascii_lowercase(), value);
    }
}

// Names are `String`s, and nothing else: so a new map that context is injected into needs no annotation.
impl<V: From<String>, S: BuildHasher> Collection for HashMap<String, V, S> {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool) {
        self.retain(|name, _| keep(name));
    }

    fn add(&mut self, name: String, value: String) {
        self.insert(name, value.into());
    }
}

impl<V: From<String>> Collection for BTreeMap<String, V> {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool) {
        self.retain(|name, _| keep(name));
    }

    fn add(&mut self, name: String, value: String) {
        self.insert(name, value.into());
    }
}

impl<V: From<String>> Collection for Vec<(String, V)> {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool) {
        self.retain(|(name, _)| keep(name));
    }

    fn add(&mut self, name: String, value: String) {
        self.push((name, value.into()));
    }
}

/// Names are strings. Values are strings or bytes, of which those that are UTF-8 can be read.
#[diagnostic::do_not_recommend]
impl<N: AsRef<str>, V: AsRef<[u8]>, S> ExtractCarrier for HashMap<N, V, S> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        read(&Fields { all: self.iter().map(field), is_mixed: true, of: PhantomData })
    }
}

/// One value a name: what is written replaces the fields whose names differ from it only in case.
#[diagnostic::do_not_recommend]
impl<V: From<String>, S: BuildHasher> InjectCarrier for HashMap<String, V, S> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Setter(self))
    }

    fn remove(&mut self, field: &str) {
        self.remove_fields(&[field]);
    }

    fn remove_all(&mut self, fields: &[&str]) {
        self.remove_fields(fields);
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        self.remove_prefixed_fields(prefix);
    }
}

/// Names are strings. Values are strings or bytes, of which those that are UTF-8 can be read.
#[diagnostic::do_not_recommend]
impl<N: AsRef<str>, V: AsRef<[u8]>> ExtractCarrier for BTreeMap<N, V> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        read(&Fields { all: self.iter().map(field), is_mixed: true, of: PhantomData })
    }
}

/// One value a name: what is written replaces the fields whose names differ from it only in case.
#[diagnostic::do_not_recommend]
impl<V: From<String>> InjectCarrier for BTreeMap<String, V> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Setter(self))
    }

    fn remove(&mut self, field: &str) {
        self.remove_fields(&[field]);
    }

    fn remove_all(&mut self, fields: &[&str]) {
        self.remove_fields(fields);
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        self.remove_prefixed_fields(prefix);
    }
}

/// Values of one name are joined in the order of the list.
#[diagnostic::do_not_recommend]
impl<N: AsRef<str>, V: AsRef<[u8]>> ExtractCarrier for [(N, V)] {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        let all = self.iter().map(|(name, value)| field((name, value)));
        read(&Fields { all, is_mixed: false, of: PhantomData })
    }
}

/// Values of one name are joined in the order of the list.
#[diagnostic::do_not_recommend]
impl<N: AsRef<str>, V: AsRef<[u8]>> ExtractCarrier for Vec<(N, V)> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        self.as_slice().with_extractor(read)
    }
}

/// What is written replaces the fields of that name, and stands at the end of the list.
#[diagnostic::do_not_recommend]
impl<V: From<String>> InjectCarrier for Vec<(String, V)> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Setter(self))
    }

    fn remove(&mut self, field: &str) {
        self.remove_fields(&[field]);
    }

    fn remove_all(&mut self, fields: &[&str]) {
        self.remove_fields(fields);
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        self.remove_prefixed_fields(prefix);
    }
}

#[cfg(test)]
mod tests;
