//! Which settings hold, and who set each?

use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;

use super::otlp::Otlp;
use super::settings::{
    BatchSettings, Exporter, LimitSettings, OtlpSettings, Settings, TlsSettings,
};
use super::source::{Given, Source};
use super::{Batch, Config, Destination, Limits, Tracing};
use crate::filter;
use crate::sampling::Head;

/// Every setting that holds, and who set it. `Display` writes it as a table.
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

    /// The setting of this name.
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

/// Who set what, of settings that are about to be resolved.
pub(super) struct Origins {
    by_name: HashMap<&'static str, Source>,
    /// With values that are not changed any more.
    attributes: Vec<Setting>,
    files: Vec<Setting>,
    headers: Vec<Setting>,
}

impl Origins {
    pub(super) fn of(settings: &Settings) -> Origins {
        let Settings {
            disabled,
            no_color: _,
            log_level,
            service_name,
            resource,
            schema_url,
            propagators,
            sampler,
            filter,
            exporter,
            otlp,
            batch,
            limits,
        } = settings;
        let OtlpSettings { endpoint, protocol, timeout, headers, compression, tls, insecure: _ } =
            otlp;
        let BatchSettings {
            max_queue_size,
            max_queue_bytes,
            max_export_batch_size,
            schedule_delay,
            export_timeout,
        } = batch;
        let LimitSettings {
            value_length,
            attributes_per_span,
            events_per_span,
            links_per_span,
            attributes_per_event,
            attributes_per_link,
        } = limits;
        let endpoint = from(endpoint.traces.as_ref()).or(from(endpoint.base.as_ref()));
        let without_provider = || {
            let off = |given: &&Given<Exporter>| matches!(given.value, Exporter::Off);
            from(exporter.as_ref().filter(off))
        };
        let by_name = [
            (
                "disabled",
                from(disabled.as_ref().filter(|given| given.value)).or_else(without_provider),
            ),
            ("log_level", from(log_level.as_ref())),
            ("service_name", from(service_name.as_ref())),
            ("schema_url", from(schema_url.as_ref())),
            ("propagators", from(propagators.as_ref())),
            ("sampler", from(sampler.as_ref())),
            ("filter", from(filter.as_ref())),
            // An endpoint is a choice, too.
            ("exporter", from(exporter.as_ref()).or_else(|| endpoint.clone())),
            ("endpoint", endpoint),
            ("protocol", from(protocol.as_ref())),
            ("timeout", from(timeout.as_ref())),
            ("compression", from(compression.as_ref())),
            ("max_queue_size", from(max_queue_size.as_ref())),
            ("max_queue_bytes", from(max_queue_bytes.as_ref())),
            ("max_export_batch_size", from(max_export_batch_size.as_ref())),
            ("schedule_delay", from(schedule_delay.as_ref())),
            ("export_timeout", from(export_timeout.as_ref())),
            ("attribute_value_length_limit", from(value_length.as_ref())),
            ("attribute_count_limit", from(attributes_per_span.as_ref())),
            ("event_count_limit", from(events_per_span.as_ref())),
            ("link_count_limit", from(links_per_span.as_ref())),
            ("event_attribute_count_limit", from(attributes_per_event.as_ref())),
            ("link_attribute_count_limit", from(attributes_per_link.as_ref())),
        ];
        let attributes = resource.iter().map(|Given { value, from }| Setting {
            name: format!("resource_attribute {}", value.key),
            value: value.value.to_string(),
            source: from.clone(),
        });
        let headers = headers.iter().map(|Given { value: (name, _), from }| Setting {
            name: format!("header {name}"),
            value: "(hidden)".to_owned(),
            source: from.clone(),
        });
        let TlsSettings { certificate, client_certificate, client_key } = tls;
        let file = |name: &str, given: &Option<Given<PathBuf>>| {
            given.as_ref().map(|Given { value, from }| Setting {
                name: name.to_owned(),
                value: value.display().to_string(),
                source: from.clone(),
            })
        };
        let files = [
            file("certificate", certificate),
            file("client_certificate", client_certificate),
            file("client_key", client_key),
        ];
        Origins {
            by_name: by_name.into_iter().filter_map(|(name, from)| Some((name, from?))).collect(),
            attributes: last_of_each(attributes),
            files: files.into_iter().flatten().collect(),
            headers: last_of_each(headers),
        }
    }

    /// The settings that became `config`.
    pub(super) fn describe(self, config: &Config) -> Description {
        let Config { description: _, log_level, propagators, tracing } = config;
        let Origins { by_name, attributes, files, headers } = self;
        let mut lines = Lines { origins: by_name, settings: Vec::new() };
        lines.add("disabled", tracing.is_none().to_string());
        lines.add("log_level", format!("{log_level:?}").to_lowercase());
        lines.add("propagators", list(propagators));
        if let Some(tracing) = tracing {
            lines.tracing(tracing, attributes, files.into_iter().chain(headers));
        }
        Description { settings: lines.settings }
    }
}

fn from<T>(given: Option<&Given<T>>) -> Option<Source> {
    given.map(|given| given.from.clone())
}

/// Where a name is there twice, the last one wins.
fn last_of_each(settings: impl Iterator<Item = Setting>) -> Vec<Setting> {
    let mut last: Vec<Setting> = Vec::new();
    for setting in settings {
        last.retain(|other| other.name != setting.name);
        last.push(setting);
    }
    last
}

struct Lines {
    origins: HashMap<&'static str, Source>,
    settings: Vec<Setting>,
}

impl Lines {
    fn add(&mut self, name: &'static str, value: impl fmt::Display) {
        let source = self.origins.get(name).cloned().unwrap_or(Source::Default);
        self.settings.push(Setting { name: name.to_owned(), value: value.to_string(), source });
    }

    fn tracing(
        &mut self,
        tracing: &Tracing,
        attributes: Vec<Setting>,
        of_otlp: impl Iterator<Item = Setting>,
    ) {
        let Tracing {
            service_name,
            resource: _,
            schema_url,
            sampler,
            filter,
            limits,
            batch,
            destination,
        } = tracing;
        self.add("service_name", service_name.as_deref().unwrap_or("(after the executable)"));
        self.settings.extend(attributes);
        if let Some(schema_url) = schema_url {
            self.add("schema_url", schema_url);
        }
        match sampler {
            Head::Standard(sampler) => self.add("sampler", sampler),
            Head::Custom(_) => self.add("sampler", "custom"),
        }
        self.add("filter", filter.clone().unwrap_or_else(filter::current));
        match destination {
            Destination::Otlp(otlp) => {
                self.add("exporter", "otlp");
                self.otlp(otlp);
                self.settings.extend(of_otlp);
            }
            Destination::Console(_) => self.add("exporter", "console"),
            Destination::Custom(_) => self.add("exporter", "custom"),
            Destination::Nowhere => self.add("exporter", "none"),
        }
        self.batch(*batch);
        self.limits(*limits);
    }

    fn otlp(&mut self, otlp: &Otlp) {
        let Otlp { protocol, endpoint, timeout, headers: _, compression, tls: _ } = otlp;
        let endpoint = endpoint.to_string();
        // It may hold a key.
        let shown = match endpoint.split_once('?') {
            Some((address, _)) => format!("{address}?(hidden)"),
            None => endpoint,
        };
        self.add("endpoint", shown);
        self.add("protocol", protocol);
        self.add("timeout", format!("{timeout:?}"));
        self.add("compression", compression);
    }

    fn batch(&mut self, batch: Batch) {
        let Batch {
            max_queue_size,
            max_queue_bytes,
            max_export_batch_size,
            schedule_delay,
            export_timeout,
        } = batch;
        self.add("max_queue_size", max_queue_size);
        self.add("max_queue_bytes", max_queue_bytes);
        self.add("max_export_batch_size", max_export_batch_size);
        self.add("schedule_delay", format!("{schedule_delay:?}"));
        self.add("export_timeout", format!("{export_timeout:?}"));
    }

    fn limits(&mut self, limits: Limits) {
        let Limits {
            value_length,
            attributes_per_span,
            events_per_span,
            links_per_span,
            attributes_per_event,
            attributes_per_link,
        } = limits;
        let length = value_length.map_or_else(|| "none".to_owned(), |length| length.to_string());
        self.add("attribute_value_length_limit", length);
        self.add("attribute_count_limit", attributes_per_span);
        self.add("event_count_limit", events_per_span);
        self.add("link_count_limit", links_per_span);
        self.add("event_attribute_count_limit", attributes_per_event);
        self.add("link_attribute_count_limit", attributes_per_link);
    }
}

fn list(items: &[impl fmt::Display]) -> String {
    let items: Vec<String> = items.iter().map(ToString::to_string).collect();
    if items.is_empty() { "none".to_owned() } else { items.join(",") }
}
