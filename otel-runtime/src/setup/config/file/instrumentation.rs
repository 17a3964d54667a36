//! What does a file say of the instrumentation of libraries?
//!
//! The schema calls this section experimental, so whatever it holds beside known methods, in whatever form, is
//! left out with a warning.

use super::section::{Entry, Section, SectionReader};
use crate::setup::config::env;
use crate::setup::config::settings::HttpMethodSettings;
use crate::setup::config::source::Given;

const REMEDY: &str = "say it where the instrumentation is";

/// `instrumentation/development.general.http`: the methods that clients and servers know.
pub(super) fn http_methods(
    root: &mut Section,
    reader: &mut SectionReader<'_>,
) -> HttpMethodSettings {
    let mut methods = HttpMethodSettings::default();
    let Some(all) = root.take("instrumentation/development") else { return methods };
    let Some(general) = only("general", all, reader) else { return methods };
    let Some(http) = only("http", general, reader) else { return methods };
    let Some(mut http) = http.mapping(REMEDY, reader) else { return methods };
    methods.client = http.take("client").and_then(|client| known_methods(client, reader));
    methods.server = http.take("server").and_then(|server| known_methods(server, reader));
    http.leave_out_rest(REMEDY, reader);
    methods
}

/// The value of this key; the others are left out.
fn only(key: &'static str, entry: Entry, reader: &mut SectionReader<'_>) -> Option<Entry> {
    let mut section = entry.mapping(REMEDY, reader)?;
    let entry = section.take(key);
    section.leave_out_rest(REMEDY, reader);
    entry
}

/// "This is a full override of the default known methods."
fn known_methods(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<Vec<String>>> {
    let list = only("known_methods", entry, reader)?;
    let path = list.path().to_owned();
    let names = list.texts().and_then(|texts| texts.iter().map(|it| env::method(it)).collect());
    let Some(names) = names else {
        reader.left_out(
            &path,
            "this is left out: write a list of methods, such as [GET, POST]".to_owned(),
        );
        return None;
    };
    Some(reader.given(path, names))
}
