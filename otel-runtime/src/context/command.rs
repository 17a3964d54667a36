//! How does a child process get context?

use std::ffi::OsString;
use std::process::Command;

use opentelemetry::propagation::Injector;

use super::carrier::{InjectCarrier, inject};
use super::environment::normalized;

/// Puts a child process into the trace that starts it.
///
/// It is there for `std::process::Command`, and with the feature `tokio-process` for
/// `tokio::process::Command`. Without the feature, `as_std_mut()` of tokio's gives the former.
///
/// # Examples
///
/// ```no_run
/// use std::process::Command;
///
/// use otel_runtime::context::CommandExt;
/// use otel_runtime::traced;
///
/// #[traced(attrs(file))]
/// fn import(file: &str) -> std::io::Result<()> {
///     Command::new("importer").arg(file).propagate_context().status()?;
///     Ok(())
/// }
/// ```
///
/// There, `#[traced(parent(extract = Environment::of_process()))]` continues the trace: see
/// [`Environment`](super::Environment).
pub trait CommandExt {
    /// Sets the environment variables that carry the current context, and removes those for which it has
    /// no value.
    ///
    /// It is to be called where the child's parent is the current span, and after `env_clear`, which would
    /// take away what was set. Like [`inject`], it writes what the global propagator writes: by default
    /// `TRACEPARENT`, `TRACESTATE` and `BAGGAGE`. What this process has been started with, or what was set on
    /// the command before, does not reach the child in these variables: without a span here, the child begins
    /// a trace of its own. A variable that is set on the command later wins. Before `init`, and with the
    /// propagator `none`, nothing is touched.
    ///
    /// A value that no variable can have, as it holds a NUL, is left out.
    fn propagate_context(&mut self) -> &mut Self;
}

impl CommandExt for Command {
    fn propagate_context(&mut self) -> &mut Self {
        inject(self);
        self
    }
}

#[cfg(feature = "tokio-process")]
impl CommandExt for tokio::process::Command {
    fn propagate_context(&mut self) -> &mut Self {
        inject(self);
        self
    }
}

struct Variables<'a>(&'a mut Command);

impl Injector for Variables<'_> {
    fn set(&mut self, key: &str, value: String) {
        // With a NUL in it, the child would not be started.
        if !value.contains('\0') {
            self.0.env(&*normalized(key), value);
        }
    }
}

/// The variables that the child gets beside, or instead of, those of this process.
impl InjectCarrier for Command {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        write(&mut Variables(self))
    }

    fn remove(&mut self, field: &str) {
        self.env_remove(&*normalized(field));
    }

    /// Those that were set on the command, and those of this process.
    fn remove_prefixed(&mut self, prefix: &str) {
        let prefix = normalized(prefix);
        let of_process = std::env::vars_os().map(|(name, _)| name);
        let of_command = self.get_envs().map(|(name, _)| name.to_owned());
        let is_one = |name: &OsString| name.to_str().is_some_and(|it| it.starts_with(&*prefix));
        let names: Vec<_> = of_process.chain(of_command).filter(is_one).collect();
        for name in names {
            self.env_remove(name);
        }
    }
}

/// The variables that the child gets beside, or instead of, those of this process.
#[cfg(feature = "tokio-process")]
impl InjectCarrier for tokio::process::Command {
    fn with_injector<R>(&mut self, write: impl FnOnce(&mut dyn Injector) -> R) -> R {
        self.as_std_mut().with_injector(write)
    }

    fn remove(&mut self, field: &str) {
        InjectCarrier::remove(self.as_std_mut(), field);
    }

    fn remove_prefixed(&mut self, prefix: &str) {
        self.as_std_mut().remove_prefixed(prefix);
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::OsStr;

    use super::*;

    fn set(command: &Command) -> Vec<(String, Option<String>)> {
        let text = |it: &OsStr| it.to_str().expect("UTF-8").to_owned();
        command.get_envs().map(|(name, value)| (text(name), value.map(text))).collect()
    }

    fn variable(name: &str, value: Option<&str>) -> (String, Option<String>) {
        (name.to_owned(), value.map(str::to_owned))
    }

    #[test]
    fn a_child_gets_a_variable_for_each_field_or_none() {
        let mut command = Command::new("true");
        command.env("TRACESTATE", "stale").env("LANG", "C");

        for field in ["traceparent", "tracestate", "x-b3-traceid"] {
            InjectCarrier::remove(&mut command, field);
        }
        command.with_injector(|injector| injector.set("traceparent", "00-1".to_owned()));

        let expected = [
            variable("LANG", Some("C")),
            variable("TRACEPARENT", Some("00-1")),
            variable("TRACESTATE", None),
            variable("X_B3_TRACEID", None),
        ];
        assert_eq!(set(&command), expected);
    }

    #[test]
    fn a_value_that_no_variable_can_have_does_not_keep_the_child_from_starting() {
        let mut command = Command::new("true");

        command.with_injector(|injector| injector.set("baggage", "a=\0".to_owned()));

        assert!(set(&command).is_empty());
    }

    #[cfg(feature = "tokio-process")]
    #[test]
    fn a_command_of_tokio_gets_the_same_variables() {
        let mut command = tokio::process::Command::new("true");

        InjectCarrier::remove(&mut command, "tracestate");
        command.with_injector(|injector| injector.set("traceparent", "00-1".to_owned()));

        let expected = [variable("TRACEPARENT", Some("00-1")), variable("TRACESTATE", None)];
        assert_eq!(set(command.as_std()), expected);
    }
}
