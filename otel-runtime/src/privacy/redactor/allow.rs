//! Which keys are listed, where only listed ones pass?

use std::collections::HashSet;

/// Those that are listed without being asked for.
const ALWAYS: &[&str] = &["error.type", "exception.type", "code.*", "otel.*"];

/// Keys, and beginnings of keys, written as in `http.*`.
#[derive(Clone, Debug)]
pub(super) struct AllowList {
    keys: HashSet<String>,
    /// With the dot at their end.
    beginnings: Vec<String>,
}

impl AllowList {
    pub(super) fn add(&mut self, listed: &str) {
        match listed.strip_suffix(".*") {
            Some(beginning) => self.beginnings.push(format!("{beginning}.")),
            None => drop(self.keys.insert(listed.to_owned())),
        }
    }

    /// How many were added to those that are always there.
    pub(super) fn added(&self) -> usize {
        self.keys.len() + self.beginnings.len() - ALWAYS.len()
    }

    pub(super) fn has(&self, key: &str) -> bool {
        self.keys.contains(key) || self.beginnings.iter().any(|it| key.starts_with(it.as_str()))
    }
}

impl Default for AllowList {
    fn default() -> Self {
        let mut list = AllowList { keys: HashSet::new(), beginnings: Vec::new() };
        for listed in ALWAYS {
            list.add(listed);
        }
        list
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_listed_as_a_whole_or_by_a_beginning_that_ends_at_a_dot() {
        let mut list = AllowList::default();
        for listed in ["order.id", "shop.*"] {
            list.add(listed);
        }
        for key in ["order.id", "shop.cart.items", "shop.id", "code.function.name", "error.type"] {
            assert!(list.has(key), "{key}");
        }
        for key in ["order.id.raw", "order", "shop", "shopper.id", "shop_id", "error.type.raw", ""]
        {
            assert!(!list.has(key), "{key}");
        }
    }
}
