//! What does the environment say?
//!
//! Only syntax is checked here: whether a value is in range, and whether two fit together, is for
//! `resolve`.
//! Specification: [Environment variables](https://opentelemetry.io/docs/specs/otel/configuration/sdk-environment-variables/).

mod values;

use std::path::PathBuf;

use http::{HeaderName, HeaderValue};
use opentelemetry::KeyValue;

use super::environment::Environment;
use super::header::header;
use super::list;
use super::policy::{Chosen, Policy};
use super::problems::Problems;
use super::proxies::Proxies;
use super::settings::{
    BatchSettings, Endpoint, HttpMethodSettings, LimitSettings, OtlpSettings, OutboundSettings,
    Processor, Settings, TlsSettings,
};
use super::source::{Given, Source};
use crate::context::propagation::Propagator;
use values::Remedy;
pub(super) use values::policy;
#[cfg(feature = "config-file")]
pub(super) use values::{
    baggage_attributes, compression, exception_events, method, preset, propagator, propagators,
    ratio_rule,
};

/// The file that is to be read in place of the other variables.
pub(super) fn config_file(
    environment: &Environment,
    problems: &mut Problems,
) -> Option<Given<String>> {
    Variables { environment, problems }.text("OTEL_CONFIG_FILE")
}

/// Whether the terminal output is to have no colours: `NO_COLOR`, a convention of terminals.
pub(super) fn no_color(environment: &Environment) -> bool {
    environment.get("NO_COLOR").is_some_and(|value| !value.is_empty())
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
        no_color: no_color(environment),
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
        processors: reader.processors(),
        otlp: reader.otlp(),
        batch: reader.batch(),
        limits: reader.limits(),
    }
}

struct Variables<'a> {
    environment: &'a Environment,
    problems: &'a mut Problems,
}

impl Variables<'_> {
    /// The value of a variable, trimmed; an empty one counts as unset.
    fn text(&mut self, name: &'static str) -> Option<Given<String>> {
        let value = self.environment.get(name)?;
        let Some(text) = value.to_str() else {
            self.problems.add(
                name,
                Some(value.to_string_lossy().into_owned()),
                "write it in UTF-8",
            );
            return None;
        };
        let text = text.trim();
        (!text.is_empty()).then(|| Given { value: text.to_owned(), from: Source::Variable(name) })
    }

    fn parse<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
    ) -> Option<Given<T>> {
        self.parsed(name, parse, |problems, from, value, remedy| {
            problems.add(from, Some(value), remedy);
        })
    }

    /// As `parse`, for a variable without which every trace is whole: values that cannot be used are
    /// left out, with a warning.
    fn lenient<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
    ) -> Option<Given<T>> {
        self.parsed(name, parse, |problems, from, value, remedy| {
            problems.warn(from, value, format!("this is left out: {remedy}"));
        })
    }

    /// The value of a variable, or a report that it cannot be used.
    fn parsed<T>(
        &mut self,
        name: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
        tell: impl FnOnce(&mut Problems, Source, String, Remedy),
    ) -> Option<Given<T>> {
        let Given { value, from } = self.text(name)?;
        match parse(&value) {
            Ok(value) => Some(Given { value, from }),
            Err(remedy) => {
                tell(self.problems, from, value, remedy);
                None
            }
        }
    }

    /// Reports a variable that is set and has no effect.
    fn in_vain(&mut self, name: &'static str, why: &'static str) {
        if let Some(Given { value, from }) = self.text(name) {
            self.problems.warn(from, value, why);
        }
    }

    /// The first of `names` that is set: traces' own variable, then the one for all signals.
    fn first<T>(
        &mut self,
        names: [&'static str; 2],
        parse: impl FnOnce(&str) -> Result<T, Remedy>,
    ) -> Option<Given<T>> {
        let name = names.into_iter().find(|name| self.is_set(name))?;
        self.parse(name, parse)
    }

    fn is_set(&self, name: &str) -> bool {
        self.environment.get(name).is_some_and(|value| !value.to_string_lossy().trim().is_empty())
    }

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
                (sampler, named.from)
            }
            values::NamedSampler::Ratio(of) => {
                match self.parse("OTEL_TRACES_SAMPLER_ARG", values::ratio) {
                    Some(ratio) => (of(ratio.value), ratio.from),
                    None => (of(1.0), named.from),
                }
            }
        };
        Some(Given { value: Chosen::Policy(Policy::Standard(sampler)), from })
    }

    fn propagators(&mut self, custom: &[Propagator]) -> Option<Given<Vec<Propagator>>> {
        let Given { value, from } = self.text("OTEL_PROPAGATORS")?;
        let (propagators, left_out) = values::propagators(&value, custom);
        for why in left_out {
            self.problems.warn(&from, value.clone(), why);
        }
        Some(Given { value: propagators, from })
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

    fn otlp(&mut self) -> OtlpSettings {
        OtlpSettings {
            endpoint: Endpoint {
                base: self.text("OTEL_EXPORTER_OTLP_ENDPOINT"),
                traces: self.text("OTEL_EXPORTER_OTLP_TRACES_ENDPOINT"),
            },
            protocol: self.first(
                ["OTEL_EXPORTER_OTLP_TRACES_PROTOCOL", "OTEL_EXPORTER_OTLP_PROTOCOL"],
                values::protocol,
            ),
            timeout: self.first(
                ["OTEL_EXPORTER_OTLP_TRACES_TIMEOUT", "OTEL_EXPORTER_OTLP_TIMEOUT"],
                values::milliseconds,
            ),
            headers: self.headers(),
            compression: self.first(
                ["OTEL_EXPORTER_OTLP_TRACES_COMPRESSION", "OTEL_EXPORTER_OTLP_COMPRESSION"],
                values::compression,
            ),
            tls: self.tls(),
            insecure: self.first(
                ["OTEL_EXPORTER_OTLP_TRACES_INSECURE", "OTEL_EXPORTER_OTLP_INSECURE"],
                values::boolean,
            ),
        }
    }

    fn tls(&mut self) -> TlsSettings {
        let path = |text: &str| Ok(PathBuf::from(text));
        TlsSettings {
            certificate: self.first(
                ["OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE", "OTEL_EXPORTER_OTLP_CERTIFICATE"],
                path,
            ),
            client_certificate: self.first(
                [
                    "OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE",
                    "OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE",
                ],
                path,
            ),
            client_key: self.first(
                ["OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY", "OTEL_EXPORTER_OTLP_CLIENT_KEY"],
                path,
            ),
        }
    }

    /// Headers hold keys to backends, so messages about them show no value.
    fn headers(&mut self) -> Vec<Given<(HeaderName, HeaderValue)>> {
        let names = ["OTEL_EXPORTER_OTLP_TRACES_HEADERS", "OTEL_EXPORTER_OTLP_HEADERS"];
        let Some(name) = names.into_iter().find(|name| self.is_set(name)) else {
            return Vec::new();
        };
        let Some(Given { value, from }) = self.text(name) else { return Vec::new() };
        let headers = list::pairs(&value)
            .map_err(Remedy::Borrowed)
            .and_then(|pairs| pairs.iter().map(|(name, value)| header(name, value)).collect());
        let headers: Vec<_> = headers.unwrap_or_else(|remedy| {
            self.problems.add(&from, None, remedy);
            Vec::new()
        });
        headers.into_iter().map(|value| Given { value, from: from.clone() }).collect()
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
