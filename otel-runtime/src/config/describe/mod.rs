//! Which settings hold, and who set each?

mod lines;
mod origins;

use std::fmt;

use super::source::Source;

pub(super) use origins::Origins;

/// Every setting that holds, and who set it. `Display` writes it as a table.
///
/// With several exporters, each has a line `exporter`, and below it those of its own settings.
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
}

/// A setting, as it holds.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Setting {
    /// That of the [`Builder`](crate::Builder)'s method, where there is one. Attributes of the resource and headers
    /// have a line each, as in `resource_attribute team`.
    pub name: String,
    /// As it is used. A header's value is `(hidden)`, and so is the query of an endpoint.
    pub value: String,
    /// Who set it.
    pub source: Source,
}

impl Description {
    /// All settings that have to do with each other.
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

/// A line for each setting: its name, its value, and who set it.
impl fmt::Display for Description {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let width = |of: fn(&Setting) -> &str| {
            self.settings.iter().map(|setting| of(setting).chars().count()).max().unwrap_or(0)
        };
        let (names, values) = (width(|setting| &setting.name), width(|setting| &setting.value));
        for (index, Setting { name, value, source }) in self.settings.iter().enumerate() {
            let end = if index == 0 { "" } else { "\n" };
            write!(f, "{end}{name:names$}  {value:values$}  {source}")?;
        }
        Ok(())
    }
}
