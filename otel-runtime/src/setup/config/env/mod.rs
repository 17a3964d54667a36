//! What does the environment say?
//!
//! Only syntax is checked here: whether a value is in range, and whether two fit together, is for
//! `resolve`.
//! Specification: [Environment variables](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).

mod console;
mod otlp;
mod values;
mod variables;

use std::path::PathBuf;

use opentelemetry::KeyValue;

use super::environment::Environment;
use super::list;
use super::policy::{Branches, Chosen, Policy};
use super::privacy::PrivacySettings;
use super::problems::Problems;
use super::proxies::Proxies;
use super::settings::{
    BatchSettings, HttpMethodSettings, LimitSettings, MetricsSettings, OutboundSettings, Processor,
    Settings,
};
use super::source::{Given, Source};
use super::tail::{self, TailSettings};
use crate::context::propagation::Propagator;
pub(super) use console::view;
use otlp::{OF_METRICS, OF_TRACES};
pub(super) use values::policy;
#[cfg(feature = "config-file")]
pub(super) use values::{
    baggage_attributes, compression, exception_events, method, preset, privacy, propagator,
    propagators, ratio_rule, temporality,
};
use variables::Variables;

/// The file that is to be read in place of the other variables.
pub(super) fn config_file(
    environment: &Environment,
    problems: &mut Problems,
) -> Option<Given<String>> {
    Variables { environment, problems }.text("OTEL_CONFIG_FILE")
}

/// The file of certificates to trust in place of the system's: `SSL_CERT_FILE`, a convention of
/// OpenSSL, which the library that finds the system's certificates follows.
pub(super) fn system_roots(environment: &Environment) -> Option<Given<PathBuf>> {
    let name = "SSL_CERT_FILE";
    let value = environment.get(name).filter(|value| !value.is_empty())?;
    Some(Given { value: PathBuf::from(value), from: Source::Variable(name) })
}

/// Reads all variables, and adds to `problems` those that cannot be used. `custom` are formats of the
/// program's own that a variable may name.
pub(crate) fn read(
    environment: &Environment,
    custom: &[Propagator],
    problems: &mut Problems,
) -> Settings {
    let mut reader = Variables { environment, problems };
    let disabled = reader.lenient("OTEL_SDK_DISABLED", values::boolean);
    let propagators = reader.propagators(custom);
    let outbound = reader.outbound();
    if disabled.as_ref().is_some_and(|given| given.value) {
        // `OTEL_SDK_DISABLED` has to work even if other variables are wrong: it is what one reaches for
        // then.
        return Settings { disabled, propagators, outbound, ..Settings::default() };
    }
    let renamed = "this is left out: its name is OTEL_CONFIG_FILE now";
    reader.in_vain("OTEL_EXPERIMENTAL_CONFIG_FILE", renamed);
    let insecure = "this is left out: its name is OTEL_EXPORTER_OTLP_TRACES_INSECURE now";
    reader.in_vain("OTEL_EXPORTER_OTLP_SPAN_INSECURE", insecure);
    Settings {
        disabled,
        propagators,
        outbound,
        view: Some(view(environment, reader.problems)),
        system_roots: system_roots(environment),
        proxies: Proxies::read(environment),
        log_level: reader.lenient("OTEL_LOG_LEVEL", values::log_level),
        shutdown_timeout: None,
        service_name: reader.text("OTEL_SERVICE_NAME"),
        resource: reader.resource(),
        schema_url: None,
        sampler: reader.sampler(),
        preset: reader.parse("OTEL_TRACED_PRESET", values::preset),
        ignores_shares: false,
        ratio: reader.parse("OTEL_TRACED_RATIO", values::ratio_rule),
        filter: reader.parse("OTEL_TRACED_FILTER", values::filter),
        exception_events: reader.lenient("OTEL_TRACED_EXCEPTION_EVENTS", values::exception_events),
        http_methods: HttpMethodSettings::both(
            reader.lenient("OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS", values::methods),
        ),
        baggage_attributes: reader
            .parse("OTEL_TRACED_BAGGAGE_ATTRIBUTES", values::baggage_attributes),
        fold: reader.parse("OTEL_TRACED_FOLD", values::fold),
        tail: reader.tail(),
        flight: reader.parse("OTEL_TRACED_FLIGHT_MAX_BYTES", values::bytes),
        processors: reader.processors(),
        otlp: reader.otlp(&OF_TRACES),
        batch: reader.batch(),
        limits: reader.limits(),
        privacy: reader.privacy(),
        metrics: reader.metrics(),
    }
}

impl Variables<'_> {
    fn resource(&mut self) -> Vec<Given<KeyValue>> {
        let pairs = self.parse("OTEL_RESOURCE_ATTRIBUTES", |list| Ok(list::pairs(list)?));
        let Some(Given { value, from }) = pairs else { return Vec::new() };
        let attributes = value.into_iter().map(|(key, value)| KeyValue::new(key, value));
        attributes.map(|value| Given { value, from: from.clone() }).collect()
    }

    /// Ours beats that of the specification, and a sampler beats a preset.
    fn sampler(&mut self) -> Option<Given<Chosen>> {
        let own = self.parse("OTEL_TRACED_SAMPLER", values::policy);
        let ours = ["OTEL_TRACED_SAMPLER", "OTEL_TRACED_PRESET"];
        let Some(name) = ours.into_iter().find(|name| self.is_set(name)) else {
            return self.standard_sampler();
        };
        let why = format!("this is left out: {name} says which sampler it is");
        for variable in ["OTEL_TRACES_SAMPLER", "OTEL_TRACES_SAMPLER_ARG"] {
            if let Some(Given { value, from }) = self.text(variable) {
                self.problems.warn(from, value, why.clone());
            }
        }
        own.map(|given| given.map(Chosen::Policy))
    }

    fn standard_sampler(&mut self) -> Option<Given<Chosen>> {
        // "It is only used if OTEL_TRACES_SAMPLER is set", and then by the samplers that take one.
        let argument_is_left_out = "this is left out: it counts where OTEL_TRACES_SAMPLER is \
                                    traceidratio or parentbased_traceidratio";
        if !self.is_set("OTEL_TRACES_SAMPLER") {
            self.in_vain("OTEL_TRACES_SAMPLER_ARG", argument_is_left_out);
        }
        let named = self.parse("OTEL_TRACES_SAMPLER", values::sampler)?;
        let (sampler, from) = match named.value {
            values::NamedSampler::Plain(sampler) => {
                self.in_vain("OTEL_TRACES_SAMPLER_ARG", argument_is_left_out);
                (Policy::Standard(sampler), named.from)
            }
            values::NamedSampler::Ratio(of) => {
                match self.parse("OTEL_TRACES_SAMPLER_ARG", values::ratio) {
                    Some(ratio) => (Policy::Standard(of(ratio.value)), ratio.from),
                    None => (Policy::Standard(of(1.0)), named.from),
                }
            }
            values::NamedSampler::Remote { follows_parent } => {
                let remote = self.parse("OTEL_TRACES_SAMPLER_ARG", values::remote);
                let remote = remote.map(|given| given.value).unwrap_or_default();
                let remote = Policy::JaegerRemote(remote);
                let branches = follows_parent.then(|| Branches::of_root(remote.clone()).sampler());
                (branches.unwrap_or(remote), named.from)
            }
        };
        Some(Given { value: Chosen::Policy(sampler), from })
    }

    fn propagators(&mut self, custom: &[Propagator]) -> Option<Given<Vec<Propagator>>> {
        let Given { value, from } = self.text("OTEL_PROPAGATORS")?;
        let (propagators, left_out) = values::propagators(&value, custom);
        for why in left_out {
            self.problems.warn(&from, value.clone(), why);
        }
        Some(Given { value: propagators, from })
    }

    fn tail(&mut self) -> TailSettings {
        TailSettings {
            policy: self.parse("OTEL_TRACED_TAIL", tail::policy),
            max_bytes: self.parse("OTEL_TRACED_TAIL_MAX_BYTES", values::bytes),
            max_trace_bytes: self.parse("OTEL_TRACED_TAIL_MAX_TRACE_BYTES", values::bytes),
            max_duration: self.parse("OTEL_TRACED_TAIL_MAX_DURATION", values::milliseconds),
            grace: self.parse("OTEL_TRACED_TAIL_GRACE", values::milliseconds),
            remembered: self.parse("OTEL_TRACED_TAIL_REMEMBERED", values::traces),
            recording: self.parse("OTEL_TRACED_TAIL_RECORDING", tail::recording),
        }
    }

    fn outbound(&mut self) -> OutboundSettings {
        OutboundSettings {
            trace_context: self.text("OTEL_TRACED_TRACE_CONTEXT_TO"),
            baggage: self.text("OTEL_TRACED_BAGGAGE_TO"),
        }
    }

    fn processors(&mut self) -> Vec<Processor> {
        let Some(Given { value, from }) = self.parse("OTEL_TRACES_EXPORTER", values::exporters)
        else {
            return Vec::new();
        };
        value.into_iter().map(|value| Given { value, from: from.clone() }.into()).collect()
    }

    /// `OTEL_METRICS_EXPORTER` is about all metrics of the program, so `none` holds for ours, too.
    fn metrics(&mut self) -> MetricsSettings {
        let none = self.text("OTEL_METRICS_EXPORTER").filter(|given| given.value == "none");
        let is_on = self.parse("OTEL_TRACED_METRICS", values::boolean);
        let is_on = none.map(|given| given.map(|_| false)).or(is_on);
        if !is_on.as_ref().is_some_and(|given| given.value) {
            // The other variables are about other metrics of the program.
            return MetricsSettings { is_on, ..MetricsSettings::default() };
        }
        MetricsSettings {
            is_on,
            interval: self.parse("OTEL_METRIC_EXPORT_INTERVAL", values::milliseconds),
            temporality: self
                .parse("OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE", values::temporality),
            otlp: self.otlp(&OF_METRICS),
        }
    }

    fn batch(&mut self) -> BatchSettings {
        let milliseconds = values::milliseconds;
        BatchSettings {
            max_queue_size: self.parse("OTEL_BSP_MAX_QUEUE_SIZE", values::spans),
            max_queue_bytes: self.parse("OTEL_TRACED_MAX_QUEUE_BYTES", values::bytes),
            max_export_batch_size: self.parse("OTEL_BSP_MAX_EXPORT_BATCH_SIZE", values::spans),
            schedule_delay: self.parse("OTEL_BSP_SCHEDULE_DELAY", milliseconds),
            export_timeout: self.parse("OTEL_BSP_EXPORT_TIMEOUT", milliseconds),
        }
    }

    fn privacy(&mut self) -> PrivacySettings {
        PrivacySettings {
            redactor: None,
            mode: self.parse("OTEL_TRACED_PRIVACY", values::privacy),
            allow: self.text("OTEL_TRACED_PRIVACY_ALLOW"),
            dry_run: self.parse("OTEL_TRACED_PRIVACY_DRY_RUN", values::boolean),
            rules: self.text("OTEL_TRACED_PRIVACY_RULES").map(|given| given.map(PathBuf::from)),
            actions: self.text("OTEL_TRACED_PRIVACY_ACTIONS"),
            hash_key: self.secret("OTEL_TRACED_HASH_KEY"),
        }
    }

    fn limits(&mut self) -> LimitSettings {
        LimitSettings {
            value_length: self.first(
                ["OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT", "OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT"],
                values::characters,
            ),
            attributes_per_span: self.first(
                ["OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT", "OTEL_ATTRIBUTE_COUNT_LIMIT"],
                values::count,
            ),
            events_per_span: self.parse("OTEL_SPAN_EVENT_COUNT_LIMIT", values::count),
            links_per_span: self.parse("OTEL_SPAN_LINK_COUNT_LIMIT", values::count),
            attributes_per_event: self.parse("OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT", values::count),
            attributes_per_link: self.parse("OTEL_LINK_ATTRIBUTE_COUNT_LIMIT", values::count),
        }
    }
}
