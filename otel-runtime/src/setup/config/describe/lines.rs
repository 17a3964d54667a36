//! How is each setting shown?

use std::collections::HashMap;
use std::fmt;
use std::time::Duration;

use super::Setting;
#[cfg(feature = "tower")]
use crate::context::Outbound;
use crate::context::propagation::Propagator;
use crate::export::settings::{Batching, Metrics, Otlp, Tail};
use crate::privacy::{Actions, Redactor};
use crate::sampling::{Head, Ratio};
use crate::setup::config::durations::NO_LIMIT;
use crate::setup::config::source::Source;
use crate::setup::config::{Destination, HttpMethods, Limits, Processor, Tracing};
use crate::span::filter;

/// Who set each setting, by its name.
pub(super) type ByName = HashMap<&'static str, Source>;

/// Who set what of one processor.
pub(super) struct OfProcessor {
    pub(super) by_name: ByName,
    /// TLS files and headers, whose values are shown as they were given.
    pub(super) of_otlp: Vec<Setting>,
}

pub(super) struct Lines {
    origins: ByName,
    pub(super) settings: Vec<Setting>,
}

impl Lines {
    pub(super) fn new(origins: ByName) -> Self {
        Lines { origins, settings: Vec::new() }
    }

    pub(super) fn add(&mut self, name: &'static str, value: impl fmt::Display) {
        let source = self.origins.get(name).cloned().unwrap_or(Source::Default);
        self.settings.push(Setting { name: name.to_owned(), value: value.to_string(), source });
    }

    pub(super) fn propagators(&mut self, propagators: &[Propagator]) {
        let names: Vec<String> = propagators.iter().map(ToString::to_string).collect();
        self.add("propagators", if names.is_empty() { "none".to_owned() } else { names.join(",") });
    }

    /// Most programs do not change them, so only a change is shown.
    #[cfg(feature = "tower")]
    pub(super) fn outbound(&mut self, outbound: &Outbound) {
        for (name, hosts) in
            ["trace_context_to", "baggage_to"].into_iter().zip(outbound.clone().into_lists())
        {
            let hosts = hosts.to_string();
            self.add(name, if hosts.is_empty() { "none" } else { &hosts });
        }
    }

    pub(super) fn tracing(
        &mut self,
        tracing: &Tracing,
        attributes: Vec<Setting>,
        of_processors: Vec<OfProcessor>,
    ) {
        let Tracing {
            service_name,
            resource: _,
            schema_url,
            sampler,
            polled: _,
            shares,
            filter,
            exception_events,
            http_methods: HttpMethods { client, server },
            baggage_attributes,
            fold,
            tail,
            flight,
            limits,
            redactor,
            processors,
            metrics,
        } = tracing;
        self.add("service_name", service_name.as_deref().unwrap_or("(after the executable)"));
        self.settings.extend(attributes);
        if let Some(schema_url) = schema_url {
            self.add("schema_url", schema_url);
        }
        match sampler {
            Head::Standard(sampler) => self.add("sampler", sampler),
            Head::Custom(_) => self.add("sampler", "custom"),
            Head::Sampler(sampler) => self.add("sampler", sampler.description()),
        }
        // Most programs do not change it, so only a change is shown.
        if let Some(Ratio::Probability) = shares {
            self.add("ratio", Ratio::Probability);
        }
        self.add("filter", filter.clone().unwrap_or_else(filter::current));
        self.add("exception_events", exception_events);
        // Most programs do not change them, so only a change is shown.
        for (name, methods) in [("http_client_methods", client), ("http_server_methods", server)] {
            if let Some(methods) = methods {
                self.add(name, methods.join(","));
            }
        }
        if let Some(keys) = baggage_attributes {
            self.add("baggage_attributes", keys);
        }
        if let Some(fold) = fold {
            self.add("fold", fold);
        }
        // Most programs have none.
        if let Some(tail) = tail {
            self.tail(tail);
        }
        if let Some(max_bytes) = flight {
            self.add("flight_max_bytes", max_bytes);
        }
        for (processor, OfProcessor { by_name, of_otlp }) in processors.iter().zip(of_processors) {
            let mut lines = Lines::new(by_name);
            lines.processor(processor, of_otlp);
            self.settings.extend(lines.settings);
        }
        self.limits(*limits);
        self.privacy(redactor);
        // Most programs have none.
        if let Some(metrics) = metrics {
            self.metrics(metrics);
        }
    }

    fn tail(&mut self, tail: &Tail) {
        let Tail {
            policy,
            max_bytes,
            max_trace_bytes,
            max_duration,
            grace,
            remembered,
            recording,
            implied: _,
        } = tail;
        self.add("tail", policy);
        self.add("tail_recording", recording);
        self.add("tail_max_bytes", max_bytes);
        self.add("tail_max_trace_bytes", max_trace_bytes);
        self.add("tail_max_duration", format!("{max_duration:?}"));
        self.add("tail_grace", format!("{grace:?}"));
        self.add("tail_remembered", remembered);
    }

    fn metrics(&mut self, Metrics { otlp, interval, temporality }: &Metrics) {
        self.add("metrics", true);
        self.add("metrics_endpoint", endpoint(otlp));
        self.add("metrics_interval", format!("{interval:?}"));
        self.add("metrics_temporality", temporality);
    }

    fn processor(&mut self, processor: &Processor, of_otlp: Vec<Setting>) {
        let Processor { batch, destination } = processor;
        match destination {
            Destination::Otlp(otlp) => {
                self.add("exporter", "otlp");
                self.otlp(otlp);
                self.settings.extend(of_otlp);
            }
            Destination::Console(_) => self.add("exporter", "console"),
            Destination::File { output, from: _ } => {
                self.add("exporter", "otlp_file");
                let source = self.origins.get("exporter").cloned();
                self.origins.extend(source.map(|source| ("file", source)));
                self.add("file", output);
            }
            Destination::Custom(_) => self.add("exporter", "custom"),
            Destination::Nowhere => self.add("exporter", "none"),
        }
        self.batch(*batch);
    }

    fn otlp(&mut self, otlp: &Otlp) {
        let Otlp { protocol, timeout, compression, .. } = otlp;
        self.add("endpoint", endpoint(otlp));
        self.add("protocol", protocol);
        self.add("timeout", time_out(*timeout));
        self.add("compression", compression);
    }

    fn batch(&mut self, batch: Batching) {
        let Batching {
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
        self.add("export_timeout", time_out(export_timeout));
    }

    /// Of what most programs do not change, only a change is shown. Keys and patterns are not.
    fn privacy(&mut self, redactor: &Redactor) {
        self.add("privacy", redactor.mode());
        if redactor.is_dry_run() {
            self.add("privacy_dry_run", true);
        }
        for (name, count) in
            [("privacy_allow", redactor.allowed()), ("privacy_rules", redactor.rules_set())]
        {
            if count > 0 {
                self.add(name, count);
            }
        }
        let actions = redactor.chosen_actions();
        if *actions != Actions::default() {
            self.add("privacy_actions", actions);
        }
        if let Some(ids) = actions.key_ids() {
            self.add("hash_key", ids.join(","));
        }
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

/// Where requests go. The query, which may hold a key, is not shown.
fn endpoint(otlp: &Otlp) -> String {
    let endpoint = otlp.endpoint.to_string();
    match endpoint.split_once('?') {
        Some((address, _)) => format!("{address}?(hidden)"),
        None => endpoint,
    }
}

fn time_out(time: Duration) -> String {
    if time < NO_LIMIT { format!("{time:?}") } else { "none".to_owned() }
}
