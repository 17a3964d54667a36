//! Who set each setting?
//!
//! This is noted before the settings are checked, and put together with their checked values
//! afterwards.

use std::path::PathBuf;

use opentelemetry::{Key, Value};

use super::lines::{ByName, Lines, OfProcessor};
use super::{Description, Setting, Warning};
use crate::privacy::{Mode, Redacted, Redactor};
use crate::setup::config::Config;
use crate::setup::config::settings::{
    BatchSettings, Endpoint, Exporter, LimitSettings, OtlpSettings, Settings, TlsSettings,
};
use crate::setup::config::source::{Given, Source};

/// Who set what, before the settings are resolved.
pub(in crate::setup::config) struct Origins {
    by_name: ByName,
    /// Settings whose values are shown as they were given.
    attributes: Vec<Setting>,
    processors: Vec<OfProcessor>,
}

/// The value of a resource's attribute, without secrets in it, whatever leaves the process.
fn shown(key: &Key, value: &Value) -> String {
    let text = value.to_string();
    match Redactor::new(Mode::default()).redact(key.as_str(), &text) {
        Redacted::Kept => text,
        Redacted::Replaced(text) => text,
        Redacted::Dropped => "(hidden)".to_owned(),
    }
}

impl Origins {
    pub(in crate::setup::config) fn of(settings: &Settings) -> Origins {
        let Settings {
            disabled,
            view: _,
            system_roots: _,
            proxies: _,
            log_level,
            shutdown_timeout,
            service_name,
            resource,
            schema_url,
            propagators,
            sampler,
            preset: _,
            ignores_shares: _,
            ratio,
            filter,
            exception_events,
            http_methods,
            outbound,
            baggage_attributes,
            fold,
            tail,
            flight,
            processors,
            otlp,
            batch: _,
            limits,
            privacy,
            metrics,
        } = settings;
        let LimitSettings {
            value_length,
            attributes_per_span,
            events_per_span,
            links_per_span,
            attributes_per_event,
            attributes_per_link,
        } = limits;
        let without_provider = || {
            let off = |given: &&Given<Exporter>| matches!(given.value, Exporter::Off);
            from(processors.iter().map(|processor| &processor.exporter).find(off))
        };
        let by_name = [
            (
                "disabled",
                from(disabled.as_ref().filter(|given| given.value)).or_else(without_provider),
            ),
            ("log_level", from(log_level.as_ref())),
            ("shutdown_timeout", from(shutdown_timeout.as_ref())),
            ("service_name", from(service_name.as_ref())),
            ("schema_url", from(schema_url.as_ref())),
            ("propagators", from(propagators.as_ref())),
            ("sampler", from(sampler.as_ref())),
            ("ratio", from(ratio.as_ref())),
            ("filter", from(filter.as_ref())),
            ("exception_events", from(exception_events.as_ref())),
            ("http_client_methods", from(http_methods.client.as_ref())),
            ("http_server_methods", from(http_methods.server.as_ref())),
            ("trace_context_to", from(outbound.trace_context.as_ref())),
            ("baggage_to", from(outbound.baggage.as_ref())),
            ("baggage_attributes", from(baggage_attributes.as_ref())),
            ("metrics", from(metrics.is_on.as_ref())),
            ("metrics_interval", from(metrics.interval.as_ref())),
            ("metrics_temporality", from(metrics.temporality.as_ref())),
            ("metrics_endpoint", {
                let Endpoint { own, base } = &metrics.otlp.endpoint;
                from(own.as_ref()).or(from(base.as_ref())).or(from(otlp.endpoint.base.as_ref()))
            }),
            ("fold", from(fold.as_ref())),
            ("tail", from(tail.policy.as_ref())),
            ("tail_max_bytes", from(tail.max_bytes.as_ref())),
            ("tail_max_trace_bytes", from(tail.max_trace_bytes.as_ref())),
            ("tail_max_duration", from(tail.max_duration.as_ref())),
            ("tail_grace", from(tail.grace.as_ref())),
            ("tail_remembered", from(tail.remembered.as_ref())),
            ("tail_recording", from(tail.recording.as_ref())),
            ("flight_max_bytes", from(flight.as_ref())),
            ("privacy", from(privacy.redactor.as_ref()).or(from(privacy.mode.as_ref()))),
            ("privacy_allow", from(privacy.allow.as_ref())),
            ("privacy_dry_run", from(privacy.dry_run.as_ref())),
            ("privacy_rules", from(privacy.rules.as_ref())),
            ("privacy_actions", from(privacy.actions.as_ref())),
            ("hash_key", from(privacy.hash_key.as_ref())),
            ("attribute_value_length_limit", from(value_length.as_ref())),
            ("attribute_count_limit", from(attributes_per_span.as_ref())),
            ("event_count_limit", from(events_per_span.as_ref())),
            ("link_count_limit", from(links_per_span.as_ref())),
            ("event_attribute_count_limit", from(attributes_per_event.as_ref())),
            ("link_attribute_count_limit", from(attributes_per_link.as_ref())),
        ];
        let attributes = resource.iter().map(|Given { value, from }| Setting {
            name: format!("resource_attribute {}", value.key),
            value: shown(&value.key, &value.value),
            source: from.clone(),
        });
        Origins {
            by_name: set(by_name),
            attributes: last_of_each(attributes),
            processors: Vec::new(),
        }
    }

    /// Notes who set what of the next processor.
    pub(in crate::setup::config) fn of_processor(
        &mut self,
        exporter: Source,
        otlp: &OtlpSettings,
        batch: &BatchSettings,
    ) {
        let OtlpSettings { endpoint, protocol, timeout, headers, compression, tls, insecure: _ } =
            otlp;
        let BatchSettings {
            max_queue_size,
            max_queue_bytes,
            max_export_batch_size,
            schedule_delay,
            export_timeout,
        } = batch;
        let by_name = [
            ("exporter", Some(exporter)),
            ("endpoint", from(endpoint.own.as_ref()).or(from(endpoint.base.as_ref()))),
            ("protocol", from(protocol.as_ref())),
            ("timeout", from(timeout.as_ref())),
            ("compression", from(compression.as_ref())),
            ("max_queue_size", from(max_queue_size.as_ref())),
            ("max_queue_bytes", from(max_queue_bytes.as_ref())),
            ("max_export_batch_size", from(max_export_batch_size.as_ref())),
            ("schedule_delay", from(schedule_delay.as_ref())),
            ("export_timeout", from(export_timeout.as_ref())),
        ];
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
        self.processors.push(OfProcessor {
            by_name: set(by_name),
            of_otlp: files.into_iter().flatten().chain(last_of_each(headers)).collect(),
        });
    }

    /// Describes the settings that became `config`.
    pub(in crate::setup::config) fn describe(
        self,
        config: &Config,
        warnings: Vec<Warning>,
    ) -> Description {
        let Config { log_level, shutdown_timeout, propagators, tracing, .. } = config;
        let Origins { by_name, attributes, processors } = self;
        let mut lines = Lines::new(by_name);
        lines.add("disabled", tracing.is_none());
        lines.add("log_level", format!("{log_level:?}").to_lowercase());
        if tracing.is_some() {
            lines.add("shutdown_timeout", format!("{shutdown_timeout:?}"));
        }
        lines.propagators(propagators);
        #[cfg(feature = "tower")]
        if let Some(outbound) = &config.outbound {
            lines.outbound(outbound);
        }
        if let Some(tracing) = tracing {
            lines.tracing(tracing, attributes, processors);
        }
        Description { settings: lines.settings, warnings, skipped: Vec::new() }
    }
}

fn from<T>(given: Option<&Given<T>>) -> Option<Source> {
    given.map(|given| given.from.clone())
}

fn set<const N: usize>(by_name: [(&'static str, Option<Source>); N]) -> ByName {
    by_name.into_iter().filter_map(|(name, from)| Some((name, from?))).collect()
}

/// If a name occurs twice, the last one wins.
fn last_of_each(settings: impl Iterator<Item = Setting>) -> Vec<Setting> {
    let mut last: Vec<Setting> = Vec::new();
    for setting in settings {
        last.retain(|other| other.name != setting.name);
        last.push(setting);
    }
    last
}
