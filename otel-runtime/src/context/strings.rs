//! How do maps and lists of strings carry context?
//!
//! The names of fields are those of headers, which are compared without case: a gateway written in Go
//! sends `Traceparent`.

use std::collections::{BTreeMap, HashMap};
use std::hash::BuildHasher;
use std::marker::PhantomData;

use opentelemetry::propagation::{Extractor, Injector};

use super::carrier::{ExtractCarrier, InjectCarrier};

/// Names and values, in the order in which values of one name are joined.
struct Fields<'a, I> {
    all: I,
    /// Whether the fields come in no order, as in a `HashMap`. Then, of names that differ only in case,
    /// those in lower case come first, so that the order is always the same.
    is_mixed: bool,
    of: PhantomData<&'a str>,
}

impl<'a, I: Iterator<Item = (&'a String, &'a String)> + Clone> Fields<'a, I> {
    fn values(&self, name: &str) -> Option<Vec<&'a str>> {
        let mut found = self.all.clone().filter(|field| field.0.eq_ignore_ascii_case(name));
        let first = found.next()?;
        let mut all = vec![first];
        all.extend(found);
        if self.is_mixed {
            all.sort_unstable_by(|a, b| b.cmp(a));
        }
        Some(all.into_iter().map(|(_, value)| value.as_str()).collect())
    }
}

impl<'a, I: Iterator<Item = (&'a String, &'a String)> + Clone> Extractor for Fields<'a, I> {
    fn get(&self, key: &str) -> Option<&str> {
        self.values(key)?.first().copied()
    }

    fn keys(&self) -> Vec<&str> {
        self.all.clone().map(|(name, _)| name.as_str()).collect()
    }

    fn get_all(&self, key: &str) -> Option<Vec<&str>> {
        self.values(key)
    }
}

/// Replaces all fields with a name by the one that it is given.
struct Setter<'a, C>(&'a mut C);

/// What a [`Setter`] needs of a collection.
trait Collection {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool);
    fn add(&mut self, name: String, value: String);
}

impl<C: Collection> Injector for Setter<'_, C> {
    fn set(&mut self, key: &str, value: String) {
        remove(self.0, key);
        self.0.add(key.to_ascii_lowercase(), value);
    }
}

fn remove(fields: &mut impl Collection, name: &str) {
    fields.retain_fields(|field| !field.eq_ignore_ascii_case(name));
}

impl<S: BuildHasher> Collection for HashMap<String, String, S> {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool) {
        self.retain(|name, _| keep(name));
    }

    fn add(&mut self, name: String, value: String) {
        self.insert(name, value);
    }
}

impl Collection for BTreeMap<String, String> {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool) {
        self.retain(|name, _| keep(name));
    }

    fn add(&mut self, name: String, value: String) {
        self.insert(name, value);
    }
}

impl Collection for Vec<(String, String)> {
    fn retain_fields(&mut self, keep: impl Fn(&str) -> bool) {
        self.retain(|(name, _)| keep(name));
    }

    fn add(&mut self, name: String, value: String) {
        self.push((name, value));
    }
}

impl<S: BuildHasher> ExtractCarrier for HashMap<String, String, S> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        read(&Fields { all: self.iter(), is_mixed: true, of: PhantomData })
    }
}

impl<S: BuildHasher> InjectCarrier for HashMap<String, String, S> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Setter(self))
    }

    fn remove(&mut self, field: &str) {
        remove(self, field);
    }
}

impl ExtractCarrier for BTreeMap<String, String> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        read(&Fields { all: self.iter(), is_mixed: true, of: PhantomData })
    }
}

impl InjectCarrier for BTreeMap<String, String> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Setter(self))
    }

    fn remove(&mut self, field: &str) {
        remove(self, field);
    }
}

/// Values of one name are joined in the order of the list.
impl ExtractCarrier for [(String, String)] {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        let all = self.iter().map(|(name, value)| (name, value));
        read(&Fields { all, is_mixed: false, of: PhantomData })
    }
}

/// Values of one name are joined in the order of the list.
impl ExtractCarrier for Vec<(String, String)> {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        self.as_slice().with_extractor(read)
    }
}

impl InjectCarrier for Vec<(String, String)> {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Setter(self))
    }

    fn remove(&mut self, field: &str) {
        remove(self, field);
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::Context;
    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::{SpanContext, TraceContextExt};

    use super::*;
    use crate::context::TraceContextPropagator;

    const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    fn list(fields: &[(&str, &str)]) -> Vec<(String, String)> {
        fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
    }

    fn extract(carrier: &impl ExtractCarrier) -> SpanContext {
        carrier.with_extractor(|extractor| {
            let context =
                TraceContextPropagator::default().extract_with_context(&Context::new(), extractor);
            context.span().span_context().clone()
        })
    }

    /// The span that is extracted from these fields, from each type of collection.
    fn extract_from_each(fields: &[(&str, &str)]) -> SpanContext {
        let fields = list(fields);
        let of_list = extract(&fields);
        let map: HashMap<String, String> = fields.iter().cloned().collect();
        let tree: BTreeMap<String, String> = fields.iter().cloned().collect();
        assert_eq!(extract(&map), of_list);
        assert_eq!(extract(&tree), of_list);
        of_list
    }

    #[test]
    fn the_case_of_a_name_does_not_count() {
        for name in ["traceparent", "Traceparent", "TRACEPARENT", "TraceParent"] {
            let span = extract_from_each(&[(name, TRACEPARENT), ("TraceState", "foo=1")]);
            assert_eq!(span.span_id().to_string(), "b7ad6b7169203331", "{name}");
            assert_eq!(span.trace_state().header(), "foo=1", "{name}");
        }
        assert!(!extract_from_each(&[("trace-parent", TRACEPARENT)]).is_valid());
    }

    #[test]
    fn names_that_differ_in_case_only_are_one_field_with_two_values() {
        let two = [("traceparent", TRACEPARENT), ("Traceparent", TRACEPARENT)];
        assert!(!extract_from_each(&two).is_valid());

        let state =
            [("traceparent", TRACEPARENT), ("tracestate", "foo=1"), ("Tracestate", "bar=2")];
        assert_eq!(extract_from_each(&state).trace_state().header(), "foo=1,bar=2");
    }

    #[test]
    fn a_list_keeps_the_order_of_its_fields() {
        let state =
            list(&[("Tracestate", "foo=1"), ("traceparent", TRACEPARENT), ("tracestate", "bar=2")]);
        assert_eq!(extract(&state).trace_state().header(), "foo=1,bar=2");
    }

    #[test]
    fn what_is_written_replaces_what_is_there_whatever_its_case() {
        fn overwrite<C: InjectCarrier>(mut carrier: C) -> C {
            carrier.remove("baggage");
            carrier.with_injector(|injector| injector.set("TraceParent", TRACEPARENT.to_owned()));
            carrier
        }
        let there = list(&[
            ("Traceparent", "old"),
            ("host", "a"),
            ("TRACEPARENT", "older"),
            ("Baggage", "a=1"),
        ]);
        let expected = list(&[("host", "a"), ("traceparent", TRACEPARENT)]);

        let map: HashMap<String, String> = there.iter().cloned().collect();
        let tree: BTreeMap<String, String> = there.iter().cloned().collect();
        assert_eq!(overwrite(there), expected);
        assert_eq!(overwrite(map), expected.iter().cloned().collect());
        assert_eq!(overwrite(tree), expected.iter().cloned().collect());
    }
}
