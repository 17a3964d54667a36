//! Which entries of baggage become attributes of spans?

use std::fmt;

use opentelemetry::baggage::Baggage;
use opentelemetry::{Key, StringValue};

/// A list of names, of which some end with `.*`. Not empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct BaggageKeys {
    names: Vec<String>,
}

impl BaggageKeys {
    /// Each is the name of an entry, or the beginning of names with `.*` behind it. The error says what is
    /// wrong with the first that is neither; `Ok(None)` if there are none.
    pub(crate) fn new<S: Into<String>>(
        names: impl IntoIterator<Item = S>,
    ) -> Result<Option<BaggageKeys>, String> {
        let mut keys = BaggageKeys { names: Vec::new() };
        for name in names {
            let name = name.into();
            let prefix = name.strip_suffix(".*").unwrap_or(&name);
            if prefix.is_empty()
                || prefix.contains(['*', ','])
                || prefix.contains(char::is_whitespace)
            {
                return Err(name);
            }
            if !keys.names.contains(&name) {
                keys.names.push(name);
            }
        }
        Ok((!keys.names.is_empty()).then_some(keys))
    }

    /// What to write instead of `name`.
    pub(crate) fn remedy(name: &str) -> String {
        let what = "write names of baggage entries, or how several begin, such as tenant.id,shop.*";
        if name == "*" {
            format!("{what}; a caller chooses what else is in it")
        } else {
            what.to_owned()
        }
    }

    fn has(&self, key: &str) -> bool {
        self.names.iter().any(|name| match name.strip_suffix('*') {
            Some(prefix) => key.len() > prefix.len() && key.starts_with(prefix),
            None => key == name,
        })
    }

    /// The chosen entries, in the order of their keys.
    pub(crate) fn chosen<'a>(&self, baggage: &'a Baggage) -> Vec<(&'a Key, &'a StringValue)> {
        let entries = baggage.iter().map(|(key, (value, _))| (key, value));
        let mut chosen: Vec<_> = entries.filter(|(key, _)| self.has(key.as_str())).collect();
        chosen.sort_unstable_by_key(|(key, _)| *key);
        chosen
    }
}

/// As it is written in a variable.
impl fmt::Display for BaggageKeys {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.names.join(","))
    }
}

#[cfg(test)]
mod tests {
    use opentelemetry::baggage::KeyValueMetadata;

    use super::*;

    fn chosen(names: &[&str], entries: &[&str]) -> Vec<String> {
        let keys = BaggageKeys::new(names.iter().copied()).expect("names").expect("some");
        let baggage: Baggage =
            entries.iter().map(|key| KeyValueMetadata::new((*key).to_owned(), "x", "")).collect();
        keys.chosen(&baggage).into_iter().map(|(key, _)| key.to_string()).collect()
    }

    #[test]
    fn an_entry_is_chosen_by_its_name_or_by_how_that_begins() {
        let entries =
            ["tenant.id", "tenant", "tenant.", "tenantry.id", "Tenant.id", "user", "a.b.c"];

        assert_eq!(chosen(&["tenant.*"], &entries), ["tenant.id"]);
        assert_eq!(chosen(&["tenant", "user", "nobody"], &entries), ["tenant", "user"]);
        assert_eq!(chosen(&["a.b.*", "a.*", "a.b.c"], &entries), ["a.b.c"]);
    }

    #[test]
    fn what_would_take_everything_is_no_name() {
        for name in ["", "*", ".*", "ten*", "*.id", "a.*.b", "a b", "a,b", "a.**"] {
            assert_eq!(BaggageKeys::new([name]), Err(name.to_owned()), "{name:?}");
        }
        assert_eq!(BaggageKeys::new::<String>([]), Ok(None));
    }
}
