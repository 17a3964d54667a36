//! Which settings hold, and who set each?

mod lines;
mod origins;

use std::fmt;

use super::source::Source;
use crate::setup::error::{Problem, shortened};
use crate::span::registry::Skipped;

pub(super) use origins::Origins;

/// Every setting that holds, and who set it. `Display` writes it as a table.
///
/// With several exporters, each has a line `exporter`, and below it those of its own settings. What was
/// asked for and left out stands below the table, as a [`Warning`].
///
/// ```
/// let telemetry = otel_runtime::builder()
///     .service_name("shop")
///     .environment([("OTEL_TRACES_EXPORTER", "none"), ("OTEL_BSP_MAX_QUEUE_SIZE", "4096")])
///     .build()?;
///
/// let setting = telemetry.describe().get("max_queue_size").expect("it has a value");
/// assert_eq!(setting.value, "4096");
/// assert_eq!(setting.source.to_string(), "OTEL_BSP_MAX_QUEUE_SIZE");
/// println!("{}", telemetry.describe());
/// # Ok::<(), otel_runtime::InitError>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    settings: Vec<Setting>,
    warnings: Vec<Warning>,
    skipped: Vec<SkippedAttributes>,
}

/// A setting, as it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// The name of the [`Builder`](crate::Builder)'s method, if there is one. Attributes of the
    /// resource, and headers, have a line each, as in `resource_attribute team`.
    pub name: String,
    /// As it is used. A header's value is `(hidden)`, and so is the query of an endpoint; a secret in
    /// an attribute of the resource is the name of its class.
    pub value: String,
    /// Who set it.
    pub source: Source,
}

/// Something that was asked for and is left out, because it is not supported here and every trace is
/// whole without it: an unknown propagator or resource detector, or what the schema of configuration
/// files calls `/development`. `Display` says what, and what to do about it.
///
/// [`init`](crate::init) writes each to stderr, once, from [`LogLevel::Warn`](crate::LogLevel::Warn) on.
///
/// ```
/// let telemetry = otel_runtime::builder()
///     .no_exporter()
///     .environment([("OTEL_PROPAGATORS", "tracecontext,baggage,ottrace")])
///     .build()?;
///
/// let [warning] = telemetry.describe().warnings() else { panic!("one") };
/// assert_eq!(warning.setting(), "OTEL_PROPAGATORS");
/// assert!(warning.to_string().contains("ottrace is not supported"));
/// # Ok::<(), otel_runtime::InitError>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning(Problem);

impl Warning {
    /// The variable, or the key of a file after the file's name.
    #[must_use]
    pub fn setting(&self) -> &str {
        &self.0.setting
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl From<Problem> for Warning {
    fn from(problem: Problem) -> Self {
        Warning(problem)
    }
}

impl Description {
    /// All settings; those that belong together are next to each other.
    #[must_use]
    pub fn settings(&self) -> &[Setting] {
        &self.settings
    }

    /// The setting of this name; of several exporters, the first one's.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Setting> {
        self.settings.iter().find(|setting| setting.name == name)
    }
}

/// The attributes that `skip_pii` leaves out of the spans of one function.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct SkippedAttributes {
    /// The path of the function, as in `shop::Cart::load`.
    pub function: String,
    /// Where it is written: the source file, as the compiler names it, ...
    pub file: &'static str,
    /// ... and the line in it.
    pub line: u32,
    /// The keys of the attributes, in the order of the annotation.
    pub keys: Vec<&'static str>,
}

impl From<Skipped> for SkippedAttributes {
    fn from(Skipped { function, file, line, keys }: Skipped) -> Self {
        SkippedAttributes { function, file, line, keys }
    }
}

impl Description {
    /// What `skip_pii` leaves out, of every function that was called before
    /// [`describe`](crate::describe) was. [Personal data](crate::guide::personal_data) lists the names.
    #[must_use]
    pub fn skipped(&self) -> &[SkippedAttributes] {
        &self.skipped
    }

    pub(crate) fn with_skipped(self, skipped: Vec<SkippedAttributes>) -> Description {
        Description { skipped, ..self }
    }

    /// What was asked for and is left out.
    #[must_use]
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

/// A line for each setting: its name, its value, and who set it. Below them, a line for each warning,
/// and for each function some of whose attributes are left out. Line breaks are written as `\n`, and
/// very long values are cut.
impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let cells: Vec<[String; 3]> = self
            .settings
            .iter()
            .map(|Setting { name, value, source }| {
                [cell(name), cell(value), cell(&source.to_string())]
            })
            .collect();
        // One long value should not push the last column of all other lines out of sight.
        let width = |column: usize| {
            let all = cells.iter().map(|cells| cells[column].chars().count());
            all.filter(|width| *width <= 60).max().unwrap_or(0)
        };
        let (names, values) = (width(0), width(1));
        for (index, [name, value, source]) in cells.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{name:names$}  {value:values$}  {source}")?;
        }
        self.warnings.iter().try_for_each(|warning| write!(f, "\nwarning: {warning}"))?;
        self.skipped.iter().try_for_each(|SkippedAttributes { function, file, line, keys }| {
            let keys = cell(&keys.join(", "));
            write!(f, "\nskip_pii in {} ({file}:{line}): {keys}", cell(function))
        })
    }
}

/// `text` as a cell of the table: on one line, and short enough that the next column is found.
fn cell(text: &str) -> String {
    const MOST: usize = 200;
    let characters = text.chars().flat_map(|character| {
        let escaped = character.is_control().then(|| character.escape_default());
        let itself = escaped.is_none().then_some(character);
        escaped.into_iter().flatten().chain(itself)
    });
    shortened(characters.take(MOST + 1).collect(), MOST)
}
