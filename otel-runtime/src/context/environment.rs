//! How do environment variables carry context?

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fmt;

use opentelemetry::propagation::{Extractor, Injector};

use super::carrier::{ExtractCarrier, InjectCarrier, UNREADABLE};

/// Environment variables that carry context: `TRACEPARENT`, `TRACESTATE`, `BAGGAGE`, or whatever the
/// propagator's fields are called as variables.
///
/// A process that was started by a traced one continues its trace by
/// [`Environment::of_process`]; the one that starts it writes the variables by
/// [`CommandExt`](super::CommandExt). A value of this type is a copy: the environment of the process is never
/// changed.
///
/// The name of a field becomes that of a variable in upper case, with `_` for every character other than a
/// letter, a digit or `_`, and with `_` in front of a first digit: `x-b3-traceid` is `X_B3_TRACEID`. Only
/// variables whose names have that form are looked at (on Windows, in whatever case). A value that is not
/// UTF-8 is ignored, and counted by `Stats::refused` if context was to be read from it.
///
/// A variable is visible to all that the process starts, and often to other users of the machine: put no
/// secret into baggage that goes this way.
///
/// Specification:
/// [Environment Variables as Context Propagation Carriers](https://opentelemetry.io/docs/specs/otel/context/env-carriers/)
/// (release candidate).
///
/// # Examples
///
/// ```
/// use otel_runtime::context::Environment;
/// use otel_runtime::traced;
///
/// #[traced(parent(extract = environment))] // under the span of the process that started this one
/// fn import(environment: &Environment) {}
///
/// import(&Environment::of_process());
/// ```
///
/// Where a process is started by other means than a `Command`, as by an orchestrator, [`inject`](super::inject)
/// writes the variables, and [`iter`](Environment::iter) gives them:
///
/// ```
/// use otel_runtime::context::{Environment, inject};
///
/// let mut environment = Environment::default();
/// inject(&mut environment);
/// let container: Vec<String> =
///     environment.iter().map(|(name, value)| format!("{name}={value}")).collect();
/// # assert!(container.is_empty(), "nothing is installed");
/// ```
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Environment {
    /// `None` stands for a value that is not UTF-8.
    variables: BTreeMap<String, Option<String>>,
}

impl Environment {
    /// The variables of this process, as they are now.
    ///
    /// Call it when the program begins: what the variables said then is what the process was started with.
    #[must_use]
    pub fn of_process() -> Environment {
        std::env::vars_os().collect()
    }

    /// How many variables cannot be read because their values are not UTF-8.
    #[must_use]
    pub fn not_utf8(&self) -> usize {
        self.variables.values().filter(|value| value.is_none()).count()
    }

    /// Names and values, in the order of the names, without the values that are not UTF-8.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_deref()?)))
    }
}

/// From names and values, such as those of `std::env::vars_os`.
impl<N: Into<OsString>, V: Into<OsString>> FromIterator<(N, V)> for Environment {
    fn from_iter<I: IntoIterator<Item = (N, V)>>(variables: I) -> Environment {
        let mut environment = Environment::default();
        for (name, value) in variables {
            let Ok(mut name) = name.into().into_string() else { continue };
            if cfg!(windows) {
                name.make_ascii_uppercase();
            }
            if is_normalized(&name) {
                environment.variables.insert(name, value.into().into_string().ok());
            }
        }
        environment
    }
}

/// Only the names: variables hold secrets.
impl fmt::Debug for Environment {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.variables.keys()).finish()
    }
}

impl Extractor for Environment {
    fn get(&self, key: &str) -> Option<&str> {
        let value = self.variables.get(&*normalized(key))?;
        Some(value.as_deref().unwrap_or(UNREADABLE))
    }

    fn keys(&self) -> Vec<&str> {
        self.variables.keys().map(String::as_str).collect()
    }
}

impl Injector for Environment {
    fn set(&mut self, key: &str, value: String) {
        self.variables.insert(normalized(key).into_owned(), Some(value));
    }
}

impl ExtractCarrier for Environment {
    fn with_extractor<R>(&self, read: impl FnOnce(&dyn Extractor) -> R) -> R {
        read(self)
    }
}

impl InjectCarrier for Environment {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(self)
    }

    fn remove(&mut self, field: &str) {
        self.variables.remove(&*normalized(field));
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        let prefix = normalized(prefix);
        self.variables.retain(|name, _| !name.starts_with(&*prefix));
    }
}

/// The name of the variable that holds a field.
pub(super) fn normalized(field: &str) -> Cow<'_, str> {
    if is_normalized(field) {
        return Cow::Borrowed(field);
    }
    let is_digit_first = field.starts_with(|first: char| first.is_ascii_digit());
    let first = (field.is_empty() || is_digit_first).then_some('_');
    let rest = field.chars().map(|it| if it.is_ascii_alphanumeric() { it } else { '_' });
    Cow::Owned(first.into_iter().chain(rest).map(|it| it.to_ascii_uppercase()).collect())
}

fn is_normalized(name: &str) -> bool {
    let is_allowed = |it: &u8| it.is_ascii_uppercase() || it.is_ascii_digit() || *it == b'_';
    !name.is_empty()
        && !name.as_bytes()[0].is_ascii_digit()
        && name.as_bytes().iter().all(is_allowed)
}

#[cfg(test)]
mod tests {
    use opentelemetry::Context;
    use opentelemetry::propagation::TextMapPropagator;
    use opentelemetry::trace::TraceContextExt;

    use super::*;
    use crate::context::TraceContextPropagator;

    const TRACEPARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn the_name_of_a_field_becomes_that_of_a_variable() {
        for (field, variable) in [
            ("traceparent", "TRACEPARENT"),
            ("TRACEPARENT", "TRACEPARENT"),
            ("X-B3-TraceId", "X_B3_TRACEID"),
            ("uberctx-größe", "UBERCTX_GR__E"),
            ("_private", "_PRIVATE"),
            ("3scale", "_3SCALE"),
            ("", "_"),
        ] {
            assert_eq!(normalized(field), variable, "{field}");
            assert_eq!(normalized(&normalized(field)), variable, "{field}, twice");
        }
    }

    #[test]
    fn a_process_continues_the_trace_in_its_variables() {
        let environment: Environment =
            [("TRACEPARENT", TRACEPARENT), ("TRACESTATE", "foo=1"), ("PATH", "/bin")]
                .into_iter()
                .collect();

        let context = environment.with_extractor(|extractor| {
            TraceContextPropagator::default().extract_with_context(&Context::new(), extractor)
        });

        let span = context.span();
        assert_eq!(span.span_context().span_id().to_string(), "b7ad6b7169203331");
        assert_eq!(span.span_context().trace_state().header(), "foo=1");
    }

    #[cfg(not(windows))]
    #[test]
    fn a_variable_whose_name_has_another_form_is_another_variable() {
        let environment: Environment =
            [("traceparent", TRACEPARENT), ("X-B3-TRACEID", "1"), ("", "2")].into_iter().collect();

        assert!(environment.keys().is_empty());
        assert_eq!(environment.get("traceparent"), None);
        assert_eq!(environment.get("x-b3-traceid"), None);
    }

    #[cfg(unix)]
    #[test]
    fn values_that_are_not_utf8_are_ignored_and_counted() {
        use std::os::unix::ffi::OsStringExt;

        let odd = |text: &[u8]| OsString::from_vec(text.to_vec());
        let environment: Environment = [
            (odd(b"TRACEPARENT"), odd(b"00-\xff")),
            (odd(b"BAGGAGE"), odd(b"tenant=7")),
            (odd(b"NAME\xff"), odd(b"value")),
        ]
        .into_iter()
        .collect();

        assert_eq!(environment.iter().collect::<Vec<_>>(), [("BAGGAGE", "tenant=7")]);
        assert_eq!(environment.not_utf8(), 1);
        assert_eq!(environment.get("traceparent"), Some(UNREADABLE), "no valid parent");
    }

    #[test]
    fn no_value_is_shown() {
        let environment: Environment = [("PASSWORD", "opaque")].into_iter().collect();

        let shown = format!("{environment:?}");

        assert!(shown.contains("PASSWORD") && !shown.contains("opaque"), "{shown}");
    }
}
