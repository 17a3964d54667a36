//! What did one source say: code, the environment or a file?
//!
//! Long because every setting is named in each step, so that none is forgotten in one.

use std::path::PathBuf;
use std::time::Duration;

use http::{HeaderName, HeaderValue};
use opentelemetry::{Key, KeyValue};

use super::policy::{Chosen, Policy};
use super::preset::Preset;
use super::privacy::PrivacySettings;
use super::proxies::Proxies;
use super::source::Given;
use super::tail::TailSettings;
use crate::context::baggage_keys::BaggageKeys;
use crate::context::propagation::Propagator;
use crate::export::Export;
use crate::export::settings::{Compression, Output, Protocol, Temporality, View};
use crate::process::stderr::LogLevel;
use crate::sampling::Ratio;
use crate::span::exceptions::ExceptionEvents;
use crate::span::filter::Filter;

/// What one source says. Every setting may be missing, and none has been checked for its range or
/// against another.
#[derive(Default)]
pub(crate) struct Settings {
    pub(crate) disabled: Option<Given<bool>>,
    /// What is said of the terminal.
    pub(crate) view: Option<View>,
    /// What `SSL_CERT_FILE` names: certificates to trust in place of the system's.
    pub(crate) system_roots: Option<Given<PathBuf>>,
    pub(crate) proxies: Proxies,
    pub(crate) log_level: Option<Given<LogLevel>>,
    pub(crate) shutdown_timeout: Option<Given<Duration>>,
    pub(crate) service_name: Option<Given<String>>,
    pub(crate) resource: Vec<Given<KeyValue>>,
    pub(crate) schema_url: Option<Given<String>>,
    pub(crate) propagators: Option<Given<Vec<Propagator>>>,
    pub(crate) sampler: Option<Given<Chosen>>,
    pub(crate) preset: Option<Given<Preset>>,
    /// Whether no trace is left out for the `sample` of a function, as in tests.
    pub(crate) ignores_shares: bool,
    pub(crate) ratio: Option<Given<Ratio>>,
    pub(crate) filter: Option<Given<Filter>>,
    pub(crate) exception_events: Option<Given<ExceptionEvents>>,
    pub(crate) http_methods: HttpMethodSettings,
    pub(crate) outbound: OutboundSettings,
    /// The entries of baggage that become attributes; `None` in it for none.
    pub(crate) baggage_attributes: Option<Given<Option<BaggageKeys>>>,
    /// 0 for not at all.
    pub(crate) fold: Option<Given<u32>>,
    pub(crate) tail: TailSettings,
    /// 0 for not at all.
    pub(crate) flight: Option<Given<usize>>,
    /// Empty if this source does not choose any.
    pub(crate) processors: Vec<Processor>,
    /// Settings for all processors.
    pub(crate) otlp: OtlpSettings,
    pub(crate) batch: BatchSettings,
    pub(crate) limits: LimitSettings,
    pub(crate) privacy: PrivacySettings,
    pub(crate) metrics: MetricsSettings,
}

/// An exporter that was asked for, and what was said for this one only.
pub(crate) struct Processor {
    pub(crate) exporter: Given<Exporter>,
    pub(crate) otlp: OtlpSettings,
    pub(crate) batch: BatchSettings,
}

/// Which exporter was asked for.
pub(crate) enum Exporter {
    Otlp,
    Console,
    /// OTLP, in lines of JSON.
    File(Output),
    None,
    /// No spans are made at all, so there is nothing to export.
    #[cfg_attr(not(feature = "config-file"), expect(dead_code, reason = "only a file says this"))]
    Off,
    Custom(Box<dyn Export>),
}

#[derive(Clone, Default)]
pub(crate) struct OtlpSettings {
    pub(crate) endpoint: Endpoint,
    pub(crate) protocol: Option<Given<Protocol>>,
    pub(crate) timeout: Option<Given<Duration>>,
    pub(crate) headers: Vec<Given<(HeaderName, HeaderValue)>>,
    pub(crate) compression: Option<Given<Compression>>,
    pub(crate) tls: TlsSettings,
    /// Whether an endpoint without a scheme is reached without TLS.
    pub(crate) insecure: Option<Given<bool>>,
}

/// Paths of files in PEM.
#[derive(Clone, Default)]
pub(crate) struct TlsSettings {
    pub(crate) certificate: Option<Given<PathBuf>>,
    pub(crate) client_certificate: Option<Given<PathBuf>>,
    pub(crate) client_key: Option<Given<PathBuf>>,
}

#[derive(Clone, Default)]
pub(crate) struct Endpoint {
    /// For all signals: over HTTP, the path of the signal is appended, such as `/v1/traces`.
    pub(crate) base: Option<Given<String>>,
    /// For this signal: used as it is. It beats `base`.
    pub(crate) own: Option<Given<String>>,
}

/// The methods that the HTTP conventions call known, for clients and for servers.
#[derive(Clone, Default)]
pub(crate) struct HttpMethodSettings {
    pub(crate) client: Option<Given<Vec<String>>>,
    pub(crate) server: Option<Given<Vec<String>>>,
}

/// Lists of hosts, as they are written.
#[derive(Clone, Default)]
pub(crate) struct OutboundSettings {
    pub(crate) trace_context: Option<Given<String>>,
    pub(crate) baggage: Option<Given<String>>,
}

#[derive(Clone, Default)]
pub(crate) struct BatchSettings {
    pub(crate) max_queue_size: Option<Given<usize>>,
    pub(crate) max_queue_bytes: Option<Given<usize>>,
    pub(crate) max_export_batch_size: Option<Given<usize>>,
    pub(crate) schedule_delay: Option<Given<Duration>>,
    pub(crate) export_timeout: Option<Given<Duration>>,
}

/// How calls are counted.
#[derive(Default)]
pub(crate) struct MetricsSettings {
    pub(crate) is_on: Option<Given<bool>>,
    pub(crate) interval: Option<Given<Duration>>,
    pub(crate) temporality: Option<Given<Temporality>>,
    /// What is said for metrics only, or for all signals.
    pub(crate) otlp: OtlpSettings,
}

#[derive(Default)]
pub(crate) struct LimitSettings {
    pub(crate) value_length: Option<Given<usize>>,
    pub(crate) attributes_per_span: Option<Given<u32>>,
    pub(crate) events_per_span: Option<Given<u32>>,
    pub(crate) links_per_span: Option<Given<u32>>,
    pub(crate) attributes_per_event: Option<Given<u32>>,
    pub(crate) attributes_per_link: Option<Given<u32>>,
}

impl Settings {
    /// These settings, completed by those of `less`, which lose where both are set.
    pub(crate) fn over(self, less: Settings) -> Settings {
        let (over, less) = (self.completed(), less.completed());
        let Settings {
            disabled,
            view,
            system_roots,
            proxies,
            log_level,
            shutdown_timeout,
            service_name,
            resource,
            schema_url,
            propagators,
            sampler,
            preset,
            ignores_shares,
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
            batch,
            limits,
            privacy,
            metrics,
        } = over;
        Settings {
            disabled: disabled.or(less.disabled),
            view: view.or(less.view),
            system_roots: system_roots.or(less.system_roots),
            proxies: proxies.over(less.proxies),
            log_level: log_level.or(less.log_level),
            shutdown_timeout: shutdown_timeout.or(less.shutdown_timeout),
            service_name: service_name.or(less.service_name),
            // Where a key is given twice the last one wins.
            resource: less.resource.into_iter().chain(resource).collect(),
            schema_url: schema_url.or(less.schema_url),
            propagators: propagators.or(less.propagators),
            sampler: sampler.or(less.sampler),
            preset: preset.or(less.preset),
            ignores_shares: ignores_shares || less.ignores_shares,
            ratio: ratio.or(less.ratio),
            filter: filter.or(less.filter),
            exception_events: exception_events.or(less.exception_events),
            http_methods: http_methods.over(less.http_methods),
            outbound: outbound.over(less.outbound),
            baggage_attributes: baggage_attributes.or(less.baggage_attributes),
            fold: fold.or(less.fold),
            tail: tail.over(less.tail),
            flight: flight.or(less.flight),
            // One source decides about the processors as a whole, with the settings of each.
            processors: if processors.is_empty() { less.processors } else { processors },
            otlp: otlp.over(less.otlp),
            batch: batch.over(less.batch),
            limits: limits.over(less.limits),
            privacy: privacy.over(less.privacy),
            metrics: metrics.over(less.metrics),
        }
    }

    /// What one source says at two places, at one.
    fn completed(self) -> Settings {
        self.with_name_of_its_own().with_sampler_of_preset()
    }

    /// The sampler of the preset, unless there is another: that says more.
    fn with_sampler_of_preset(mut self) -> Settings {
        if let (None, Some(Given { value, from })) = (&self.sampler, &self.preset) {
            let sampler = Chosen::Policy(Policy::Standard(value.sampler()));
            self.sampler = Some(Given { value: sampler, from: from.clone() });
        }
        self
    }

    /// Moves a `service.name` from the attributes to `service_name`, unless that is set already:
    /// `OTEL_SERVICE_NAME` beats `OTEL_RESOURCE_ATTRIBUTES`.
    fn with_name_of_its_own(mut self) -> Settings {
        const SERVICE_NAME: Key = Key::from_static_str("service.name");
        let (mut names, others): (Vec<_>, Vec<_>) =
            self.resource.into_iter().partition(|given| given.value.key == SERVICE_NAME);
        self.resource = others;
        let attribute = names.pop().map(|given| given.map(|name| name.value.as_str().into_owned()));
        self.service_name = self.service_name.or(attribute.filter(|name| !name.value.is_empty()));
        self
    }
}

/// A processor with no settings of its own.
impl From<Given<Exporter>> for Processor {
    fn from(exporter: Given<Exporter>) -> Self {
        let (otlp, batch) = (OtlpSettings::default(), BatchSettings::default());
        Processor { exporter, otlp, batch }
    }
}

impl OtlpSettings {
    pub(super) fn over(self, less: OtlpSettings) -> OtlpSettings {
        let OtlpSettings { endpoint, protocol, timeout, headers, compression, tls, insecure } =
            self;
        OtlpSettings {
            // One source decides about the endpoint as a whole: an endpoint from code for all signals
            // beats one from the environment for traces.
            endpoint: if endpoint.is_set() { endpoint } else { less.endpoint },
            protocol: protocol.or(less.protocol),
            timeout: timeout.or(less.timeout),
            headers: less.headers.into_iter().chain(headers).collect(),
            compression: compression.or(less.compression),
            tls: tls.over(less.tls),
            insecure: insecure.or(less.insecure),
        }
    }
}

impl TlsSettings {
    fn over(self, less: TlsSettings) -> TlsSettings {
        let TlsSettings { certificate, client_certificate, client_key } = self;
        TlsSettings {
            certificate: certificate.or(less.certificate),
            client_certificate: client_certificate.or(less.client_certificate),
            client_key: client_key.or(less.client_key),
        }
    }
}

impl Endpoint {
    fn is_set(&self) -> bool {
        self.base.is_some() || self.own.is_some()
    }
}

impl HttpMethodSettings {
    /// The same for both.
    pub(super) fn both(methods: Option<Given<Vec<String>>>) -> HttpMethodSettings {
        HttpMethodSettings { client: methods.clone(), server: methods }
    }

    fn over(self, less: HttpMethodSettings) -> HttpMethodSettings {
        let HttpMethodSettings { client, server } = self;
        HttpMethodSettings { client: client.or(less.client), server: server.or(less.server) }
    }
}

impl OutboundSettings {
    fn over(self, less: OutboundSettings) -> OutboundSettings {
        let OutboundSettings { trace_context, baggage } = self;
        OutboundSettings {
            trace_context: trace_context.or(less.trace_context),
            baggage: baggage.or(less.baggage),
        }
    }
}

impl BatchSettings {
    pub(super) fn over(self, less: BatchSettings) -> BatchSettings {
        let BatchSettings {
            max_queue_size,
            max_queue_bytes,
            max_export_batch_size,
            schedule_delay,
            export_timeout,
        } = self;
        BatchSettings {
            max_queue_size: max_queue_size.or(less.max_queue_size),
            max_queue_bytes: max_queue_bytes.or(less.max_queue_bytes),
            max_export_batch_size: max_export_batch_size.or(less.max_export_batch_size),
            schedule_delay: schedule_delay.or(less.schedule_delay),
            export_timeout: export_timeout.or(less.export_timeout),
        }
    }
}

impl MetricsSettings {
    fn over(self, less: MetricsSettings) -> MetricsSettings {
        let MetricsSettings { is_on, interval, temporality, otlp } = self;
        MetricsSettings {
            is_on: is_on.or(less.is_on),
            interval: interval.or(less.interval),
            temporality: temporality.or(less.temporality),
            otlp: otlp.over(less.otlp),
        }
    }
}

impl LimitSettings {
    pub(super) fn over(self, less: LimitSettings) -> LimitSettings {
        let LimitSettings {
            value_length,
            attributes_per_span,
            events_per_span,
            links_per_span,
            attributes_per_event,
            attributes_per_link,
        } = self;
        LimitSettings {
            value_length: value_length.or(less.value_length),
            attributes_per_span: attributes_per_span.or(less.attributes_per_span),
            events_per_span: events_per_span.or(less.events_per_span),
            links_per_span: links_per_span.or(less.links_per_span),
            attributes_per_event: attributes_per_event.or(less.attributes_per_event),
            attributes_per_link: attributes_per_link.or(less.attributes_per_link),
        }
    }
}
