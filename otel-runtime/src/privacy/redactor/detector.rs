//! How does a program look for what only it knows?

use crate::privacy::detect::Finding;

/// Looks for what only this program or its organisation knows, beside what is looked for anyway.
///
/// It is asked for every text that is about to leave, on the export thread: of names, values, errors. A call that
/// panics costs the text, which is dropped, and nothing else. What a pattern can say fits better into
/// [`Rules`](super::super::Rules).
///
/// ```
/// use otel_runtime::privacy::{Class, Detector, Finding, Mode, Redacted, Redactor};
///
/// struct Staff;
///
/// impl Detector for Staff {
///     fn detect(&self, _key: Option<&str>, text: &str, found: &mut Vec<Finding>) {
///         let numbers = text.match_indices("staff-").map(|(start, _)| start..text.len());
///         found.extend(numbers.map(|range| Finding::new(range, Class::Own("acme:staff"), "staff")));
///     }
/// }
///
/// let redactor = Redactor::new(Mode::Secrets).detector(Staff);
/// assert!(matches!(redactor.redact("approved.by", "staff-4711"), Redacted::Replaced(_)));
/// ```
pub trait Detector: Send + Sync {
    /// Adds what it finds in `text`, the value of the attribute `key` if there is one. A range that does not lie
    /// between two characters of the text costs the whole text.
    fn detect(&self, key: Option<&str>, text: &str, found: &mut Vec<Finding>);
}
