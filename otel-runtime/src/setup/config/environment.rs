//! Which variables does a process have?

use std::collections::HashMap;
use std::ffi::{OsStr, OsString};

/// The variables of a process, or of a test. Not `Debug`: some are secrets.
#[derive(Default)]
pub(crate) struct Environment(HashMap<String, OsString>);

impl Environment {
    /// What this process was started with: all of it, because a file may name any variable.
    pub(crate) fn of_this_process() -> Self {
        std::env::vars_os()
            .filter_map(|(name, value)| Some((name.into_string().ok()?, value)))
            .collect()
    }

    pub(super) fn get(&self, name: &str) -> Option<&OsStr> {
        self.0.get(name).map(OsString::as_os_str)
    }
}

impl<V: Into<OsString>> FromIterator<(String, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (String, V)>>(variables: I) -> Self {
        Environment(variables.into_iter().map(|(name, value)| (name, value.into())).collect())
    }
}
