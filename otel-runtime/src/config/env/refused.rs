//! Which variables ask for something that is not done?
//!
//! They are refused rather than passed over: whoever sets a limit and gets none should hear of it at
//! the start.

use super::Reader;

/// A variable, and how to have what it asks for.
type Refused = (&'static str, &'static str);

/// Whatever they say.
const ALWAYS: [Refused; 1] =
    [("OTEL_CONFIG_FILE", "files are not supported: unset it, and use the other OTEL_ variables")];

pub(super) fn check(reader: &mut Reader<'_>) {
    for (name, remedy) in ALWAYS {
        if let Some(given) = reader.text(name) {
            reader.problems.add(name, Some(given.value), remedy);
        }
    }
}
