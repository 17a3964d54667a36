//! How does code say what it wants?
//!
//! Long because every setting has its setter, which says what the setting means, what it wins over, its
//! default and its range.

use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

use opentelemetry::{Key, KeyValue, Value};
use opentelemetry_sdk::trace::{ShouldSample, SpanExporter};

use super::env;
use super::environment::Environment;
use super::header::header;
use super::policy::Chosen;
use super::preset::Preset;
use super::problems::Problems;
use super::resolve::resolve;
#[cfg(feature = "tower")]
use super::settings::OutboundSettings;
use super::settings::{Exporter, HttpMethodSettings, Settings};
use super::source::{Given, Source};
use super::{Config, Description, tail};
#[cfg(feature = "tower")]
use crate::context::Outbound;
use crate::context::baggage_keys::BaggageKeys;
use crate::context::propagation::Propagator;
use crate::export::Custom;
use crate::export::settings::{Compression, Output, Protocol, Temporality};
use crate::privacy::{Mode, Redactor};
use crate::process::stderr::LogLevel;
use crate::sampling::tail::{Recording, TailPolicy};
use crate::sampling::{Head, HeadSampler, Ratio};
use crate::setup::error::InitError;
use crate::span::exceptions::ExceptionEvents;
use crate::span::filter::Filter;

/// Settings from code, to be completed from the environment.
///
/// Code beats environment beats default, setting by setting. A setter does not fail: what cannot be
/// used is reported by [`build`](Builder::build) or [`init`](Builder::init), all of it at once.
///
/// ```
/// # fn main() -> Result<(), otel_runtime::InitError> {
/// use otel_runtime::Sampler;
///
/// let telemetry = otel_runtime::builder()
///     .service_name("checkout")
///     .service_version(env!("CARGO_PKG_VERSION"))
///     .sampler(Sampler::ParentBasedTraceIdRatio(0.1))
///     .environment([("OTEL_TRACES_EXPORTER", "none")])
///     .build()?;
/// # drop(telemetry);
/// # Ok(())
/// # }
/// ```
#[must_use = "settings do nothing until `init` or `build` is called"]
#[derive(Default)]
pub struct Builder {
    settings: Settings,
    problems: Problems,
    config_file: Option<Given<String>>,
    /// Formats of the program's own that variables and files may name.
    known_propagators: Vec<Propagator>,
    /// `None` means the variables of the process, which only `init` reads.
    environment: Option<Environment>,
}

/// Settings from code. Continue with [`Builder::init`].
pub fn builder() -> Builder {
    Builder::default()
}

/// Which service it is whose spans are recorded.
impl Builder {
    /// The name of the service, `service.name`: the one thing every program should set.
    ///
    /// Beats `OTEL_SERVICE_NAME`. Default: `unknown_service:` and the executable's name, as
    /// specified. It cannot be empty.
    pub fn service_name(mut self, name: impl Into<String>) -> Self {
        self.settings.service_name = given(name.into(), "Builder::service_name");
        self
    }

    /// The version of the service, `service.version`, of any form. Default: none.
    pub fn service_version(self, version: impl Into<String>) -> Self {
        self.resource_attribute("service.version", version.into())
    }

    /// One more attribute of the resource, such as `deployment.environment.name`.
    ///
    /// Beats the same key in `OTEL_RESOURCE_ATTRIBUTES`, and what is found out about host and
    /// process. Where a key is set twice, the last one wins.
    pub fn resource_attribute(self, key: impl Into<Key>, value: impl Into<Value>) -> Self {
        self.resource_attributes([KeyValue::new(key, value)])
    }

    /// More attributes of the resource, as by [`resource_attribute`](Builder::resource_attribute).
    pub fn resource_attributes(mut self, attributes: impl IntoIterator<Item = KeyValue>) -> Self {
        let from = Source::Code("Builder::resource_attributes");
        let given = attributes.into_iter().map(|value| Given { value, from: from.clone() });
        self.settings.resource.extend(given);
        self
    }
}

/// Which traces are recorded, and how they cross to other processes.
impl Builder {
    /// Which traces are recorded: one of [`Sampler`](crate::Sampler), or any of [`sampling`](crate::sampling).
    ///
    /// Beats `OTEL_TRACES_SAMPLER`. Default: [`Sampler::ParentBasedAlwaysOn`](crate::Sampler::ParentBasedAlwaysOn).
    /// A ratio of `Sampler` is from 0 to 1; the others are checked when they are made.
    ///
    /// ```
    /// # fn main() -> Result<(), Box<dyn std::error::Error>> {
    /// use otel_runtime::sampling::{ParentBased, ProbabilitySampler};
    ///
    /// let builder = otel_runtime::builder().sampler(ParentBased::new(ProbabilitySampler::new(0.1)?));
    /// # Ok(())
    /// # }
    /// ```
    pub fn sampler(mut self, sampler: impl Into<HeadSampler>) -> Self {
        self.settings.sampler = given(Chosen::Head(sampler.into().into()), "Builder::sampler");
        self
    }

    /// A sampler of your own, which is asked for every span; otherwise as
    /// [`sampler`](Builder::sampler).
    pub fn custom_sampler(mut self, sampler: impl ShouldSample + 'static) -> Self {
        self.settings.sampler =
            given(Chosen::Head(Head::Custom(Box::new(sampler))), "Builder::custom_sampler");
        self
    }

    /// Which traces are recorded, as a text such as `parent(rules(route=/healthz => off; else => rate 10))`:
    /// [Sampling](crate::guide::sampling) says what can be written.
    ///
    /// Beats `OTEL_TRACED_SAMPLER`, and otherwise is as [`sampler`](Builder::sampler).
    ///
    /// ```
    /// # fn main() -> Result<(), otel_runtime::InitError> {
    /// let telemetry = otel_runtime::builder()
    ///     .policy("parent(rules(route=/healthz => off; else => probability 0.1))")
    ///     .no_exporter()
    ///     .build()?;
    ///
    /// let sampler = telemetry.describe().get("sampler").expect("there is one");
    /// assert_eq!(sampler.value, "parent(rules(http.route=/healthz => always_off; else => probability 0.1))");
    /// # Ok(())
    /// # }
    /// ```
    pub fn policy(mut self, sampler: impl AsRef<str>) -> Self {
        let text = sampler.as_ref();
        match env::policy(text) {
            Ok(policy) => self.settings.sampler = given(Chosen::Policy(policy), "Builder::policy"),
            Err(remedy) => self.problems.add("Builder::policy", Some(text.to_owned()), remedy),
        }
        self
    }

    /// The sampler for one of the two usual cases. A [`sampler`](Builder::sampler) of its own beats it.
    ///
    /// Beats `OTEL_TRACED_PRESET`. Default: none, which records as [`Preset::Development`] does.
    pub fn preset(mut self, preset: Preset) -> Self {
        self.settings.preset = given(preset, "Builder::preset");
        self
    }

    /// Records every trace that begins here, and what callers sample: [`Preset::Development`].
    pub fn development(self) -> Self {
        self.preset(Preset::Development)
    }

    /// Records a tenth of the traces that begin here, and what callers sample: [`Preset::Production`].
    pub fn production(self) -> Self {
        self.preset(Preset::Production)
    }

    /// Which traces are kept once they are over: every error, what is slow, a share of the rest, as
    /// [`tail`](crate::sampling::tail) describes it. The sampler decides first, when a trace begins: what it drops, is
    /// dropped, whatever becomes of it.
    ///
    /// Beats `OTEL_TRACED_TAIL`. Default: none, which keeps what the sampler keeps. Under [`adopt`](crate::adopt) it
    /// has no effect.
    pub fn tail(mut self, policy: TailPolicy) -> Self {
        self.settings.tail.policy = given(Some(policy), "Builder::tail");
        self
    }

    /// As [`tail`](Builder::tail), as a text such as `error, slower=250ms, ratio=0.05`; `off` for none.
    /// [Tail sampling](crate::guide::tail_sampling) says what can be written.
    ///
    /// ```
    /// # fn main() -> Result<(), otel_runtime::InitError> {
    /// let telemetry = otel_runtime::builder()
    ///     .tail_policy("error, slower=250ms, ratio=0.05")
    ///     .no_exporter()
    ///     .build()?;
    ///
    /// let tail = telemetry.describe().get("tail").expect("there is one");
    /// assert_eq!(tail.value, "error, slower=250ms, ratio=0.05");
    /// # Ok(())
    /// # }
    /// ```
    pub fn tail_policy(mut self, policy: impl AsRef<str>) -> Self {
        const FROM: &str = "Builder::tail_policy";
        let text = policy.as_ref();
        match tail::policy(text) {
            Ok(policy) => self.settings.tail.policy = given(policy, FROM),
            Err(remedy) => self.problems.add(FROM, Some(text.to_owned()), remedy),
        }
        self
    }

    /// What other services are told of a trace that is not decided yet.
    ///
    /// Beats `OTEL_TRACED_TAIL_RECORDING`. Default: [`Recording::RecordAndSample`].
    pub fn tail_recording(mut self, recording: Recording) -> Self {
        self.settings.tail.recording = given(recording, "Builder::tail_recording");
        self
    }

    /// How many bytes the spans of undecided traces take at most, 65536 or more; beyond, the oldest trace is
    /// decided.
    ///
    /// Beats `OTEL_TRACED_TAIL_MAX_BYTES`. Default: 64 MiB.
    pub fn tail_max_bytes(mut self, bytes: usize) -> Self {
        self.settings.tail.max_bytes = given(bytes, "Builder::tail_max_bytes");
        self
    }

    /// How many bytes the spans of one undecided trace take at most, from 1024 to what all may take; beyond, it is
    /// decided by what is there.
    ///
    /// Beats `OTEL_TRACED_TAIL_MAX_TRACE_BYTES`. Default: an eighth of what all may take.
    pub fn tail_max_trace_bytes(mut self, bytes: usize) -> Self {
        self.settings.tail.max_trace_bytes = given(bytes, "Builder::tail_max_trace_bytes");
        self
    }

    /// How long a trace stays undecided at most, from 1 ms to an hour, so that one whose root never ends is decided,
    /// too.
    ///
    /// Beats `OTEL_TRACED_TAIL_MAX_DURATION`. Default: a minute.
    pub fn tail_max_duration(mut self, duration: Duration) -> Self {
        self.settings.tail.max_duration = given(duration, "Builder::tail_max_duration");
        self
    }

    /// How long after its last open span a trace is over, up to an hour: what begins until then is part of it.
    ///
    /// Beats `OTEL_TRACED_TAIL_GRACE`. Default: a second.
    pub fn tail_grace(mut self, grace: Duration) -> Self {
        self.settings.tail.grace = given(grace, "Builder::tail_grace");
        self
    }

    /// How many decisions are remembered for spans that end later, from 1 to 10,000,000.
    ///
    /// Beats `OTEL_TRACED_TAIL_REMEMBERED`. Default: 65,536.
    pub fn tail_remembered(mut self, traces: usize) -> Self {
        self.settings.tail.remembered = given(traces, "Builder::tail_remembered");
        self
    }

    /// Keeps the latest spans that were not sampled, in so many bytes, 65536 or more: they leave when something goes
    /// wrong. 0 for not at all. [The flight recorder](crate::guide::flight_recorder) says when, and what it costs.
    ///
    /// Beats `OTEL_TRACED_FLIGHT_MAX_BYTES`. Default: 0. Under [`adopt`](crate::adopt) it has no effect.
    pub fn flight_max_bytes(mut self, bytes: usize) -> Self {
        self.settings.flight = given(bytes, "Builder::flight_max_bytes");
        self
    }

    /// Which traces a ratio keeps: that of the sampler, and the `sample` of a function.
    ///
    /// Beats `OTEL_TRACED_RATIO`. Default: [`Ratio::TraceId`].
    pub fn ratio(mut self, ratio: Ratio) -> Self {
        self.settings.ratio = given(ratio, "Builder::ratio");
        self
    }

    /// Leaves no trace out for the `sample` of a function.
    #[cfg(feature = "testing")]
    pub(crate) fn ignoring_shares(mut self) -> Self {
        self.settings.ignores_shares = true;
        self
    }

    /// Which HTTP methods are known, so that they are in names of spans: others are `HTTP` there, and
    /// `_OTHER` in `http.request.method`. Case counts.
    ///
    /// Beats `OTEL_INSTRUMENTATION_HTTP_KNOWN_METHODS`. Default: those of RFC 9110, `PATCH` and `QUERY`.
    pub fn known_http_methods<M: Into<String>>(
        mut self,
        methods: impl IntoIterator<Item = M>,
    ) -> Self {
        let methods = methods.into_iter().map(Into::into).collect();
        let methods = given(methods, "Builder::known_http_methods");
        self.settings.http_methods = HttpMethodSettings::both(methods);
        self
    }

    /// Which hosts are sent trace context, and which baggage, by the clients of this crate for reqwest, tower
    /// and tonic; one of them may have a setting of its own.
    ///
    /// Beats `OTEL_TRACED_TRACE_CONTEXT_TO` and `OTEL_TRACED_BAGGAGE_TO`. Default: what
    /// [`set_outbound`](crate::context::set_outbound) said before, or trace context to all hosts, and baggage to
    /// [private](crate::context::Hosts::private) ones. It counts from [`init`](Builder::init), for the whole
    /// process, also if tracing is disabled; [`build`](Builder::build) changes nothing.
    #[cfg(feature = "tower")]
    pub fn outbound(mut self, outbound: Outbound) -> Self {
        let [trace_context, baggage] =
            outbound.into_lists().map(|hosts| given(hosts.to_string(), "Builder::outbound"));
        self.settings.outbound = OutboundSettings { trace_context, baggage };
        self
    }

    /// Which annotated functions have spans, by module and level, as in `info,shop::db=debug`: see
    /// [`Filter`](crate::span::filter::Filter).
    ///
    /// Beats `OTEL_TRACED_FILTER`. Default: what [`filter::set`](crate::span::filter::set) said before, or
    /// `info`. It counts from [`init`](Builder::init), for the whole process;
    /// [`build`](Builder::build) checks it and changes nothing.
    pub fn filter(mut self, filter: impl AsRef<str>) -> Self {
        let filter = filter.as_ref();
        match filter.parse::<Filter>() {
            Ok(parsed) => self.settings.filter = given(parsed, "Builder::filter"),
            Err(error) => {
                self.problems.add("Builder::filter", Some(filter.to_owned()), error.to_string());
            }
        }
        self
    }

    /// Which of the spans that an error or a panic passes have an `exception` event of it.
    ///
    /// Beats `OTEL_TRACED_EXCEPTION_EVENTS`. Default: [`ExceptionEvents::Once`]. It counts from
    /// [`init`](Builder::init), for the whole process; [`build`](Builder::build) changes nothing.
    pub fn exception_events(mut self, events: ExceptionEvents) -> Self {
        self.settings.exception_events = given(events, "Builder::exception_events");
        self
    }

    /// Which entries of the baggage become attributes of every span that begins under it, whoever makes the
    /// span: names such as `tenant.id`, and `shop.*` for all that begin with `shop.`. The attribute has the
    /// key of the entry, and its value, a string.
    ///
    /// Baggage is text of the caller's, and of every caller before: it may be personal, or made up. So nothing
    /// is taken by default, `*` for everything is refused, and where callers are not believed, under
    /// [`Trust::Link`](crate::context::Trust::Link), their baggage is dropped. A span's own attribute of the
    /// same key holds, and then one of a [`scope`](crate::context::scope()); under `skip_pii` entries with
    /// personal names are left out. At most 64 entries of 8192 bytes are in a baggage; each counts against the
    /// limit of attributes.
    ///
    /// Beats `OTEL_TRACED_BAGGAGE_ATTRIBUTES`. Default: none; no name at all means none, too. Under
    /// [`adopt`](crate::adopt) it has no effect.
    pub fn baggage_attributes<N: Into<String>>(
        mut self,
        names: impl IntoIterator<Item = N>,
    ) -> Self {
        const FROM: &str = "Builder::baggage_attributes";
        match BaggageKeys::new(names) {
            Ok(keys) => self.settings.baggage_attributes = given(keys, FROM),
            Err(name) => self.problems.add(FROM, Some(name.clone()), BaggageKeys::remedy(&name)),
        }
        self
    }

    /// How much is looked for in what leaves the process, and taken out of it: of names, attributes, events, links,
    /// errors, whoever made the span. [Privacy](crate::guide::privacy) says what is found.
    ///
    /// Beats `OTEL_TRACED_PRIVACY`. Default: [`Mode::Secrets`], secrets and payment cards. Under
    /// [`adopt`](crate::adopt) it has no effect: see [`Redacting`](crate::privacy::Redacting).
    pub fn privacy(mut self, mode: Mode) -> Self {
        self.settings.privacy.mode = given(mode, "Builder::privacy");
        self
    }

    /// What decides what may leave the process: with detectors, rules and actions of the program's own.
    ///
    /// Beats `OTEL_TRACED_PRIVACY` and all variables that begin so, and [`privacy`](Builder::privacy). Default: what
    /// these say.
    pub fn redactor(mut self, redactor: Redactor) -> Self {
        self.settings.privacy.redactor = given(redactor, "Builder::redactor");
        self
    }

    /// Of the children of one span that one annotated function makes, how many are spans each: those after
    /// them become one span, so that a loop does not flood the backend. 0 for all of them.
    ///
    /// It holds for every function that says nothing by `#[traced(fold = ..)]`, which
    /// [`traced`](macro@crate::traced#loops) describes.
    ///
    /// Beats `OTEL_TRACED_FOLD`. Default: 0. Under [`adopt`](crate::adopt) it has no effect.
    pub fn fold(mut self, first: u32) -> Self {
        self.settings.fold = given(first, "Builder::fold");
        self
    }

    /// The formats in which context crosses to other processes and is taken from them. None at all
    /// means that no trace goes beyond this process. If several have a good header, the last one of the list
    /// counts; a format that is listed twice is used once, where it stands first.
    ///
    /// Beats `OTEL_PROPAGATORS`. Default: trace context and baggage of the W3C. A custom one needs a name
    /// without commas that is not `none` or that of another format.
    pub fn propagators(mut self, propagators: impl IntoIterator<Item = Propagator>) -> Self {
        let mut once = Vec::new();
        for propagator in propagators {
            self.check_name(&propagator, "Builder::propagators");
            if !once.contains(&propagator) {
                once.push(propagator);
            }
        }
        self.settings.propagators = given(once, "Builder::propagators");
        self
    }

    /// A format of your own, made by [`Propagator::custom`], that `OTEL_PROPAGATORS` and a configuration file
    /// may list by its name. It is used only where it is listed.
    ///
    /// Its name must be as for [`propagators`](Builder::propagators).
    ///
    /// ```
    /// use otel_runtime::Propagator;
    /// use otel_runtime::context::B3Propagator;
    ///
    /// let telemetry = otel_runtime::builder()
    ///     .known_propagator(Propagator::custom("ours", B3Propagator::multi())) // a type of yours
    ///     .environment([("OTEL_PROPAGATORS", "tracecontext,ours"), ("OTEL_TRACES_EXPORTER", "none")])
    ///     .build()?;
    /// # drop(telemetry);
    /// # Ok::<(), otel_runtime::InitError>(())
    /// ```
    pub fn known_propagator(mut self, propagator: Propagator) -> Self {
        self.check_name(&propagator, "Builder::known_propagator");
        self.known_propagators.push(propagator);
        self
    }

    fn check_name(&mut self, propagator: &Propagator, setter: &'static str) {
        let Propagator::Custom(_) = propagator else { return };
        let name = propagator.name();
        let is_taken = name == "none" || Propagator::NAMES.contains(&name);
        if is_taken || name.is_empty() || name.contains(',') {
            let remedy = "give the format a name without commas that no other format has";
            self.problems.add(setter, Some(name.to_owned()), remedy);
        }
    }
}

/// Where spans go.
///
/// To several exporters if several are chosen: each gets every span, over a queue and a thread of its
/// own, so that one that is slow or fails costs the others nothing. What is chosen here beats
/// `OTEL_TRACES_EXPORTER`, or the processors of a file, as a whole: nothing is added to it from there.
/// The same exporter twice is an error.
///
/// Without an exporter chosen, here or there, spans go to the OTLP endpoint that was set, here or there;
/// without one, they are drawn on stderr (with the Cargo feature `console`).
impl Builder {
    /// To an exporter of your own. It is called on an export thread only, inside a tokio runtime of
    /// that thread, one batch at a time; a panic in it costs the batch. There may be several.
    pub fn exporter(self, exporter: impl SpanExporter + 'static) -> Self {
        let exporter = Exporter::Custom(Box::new(Custom::new(exporter)));
        self.and_to(exporter, "Builder::exporter")
    }

    /// By OTLP, to `localhost` unless an endpoint is set; `otlp` in the environment.
    pub fn otlp(self) -> Self {
        self.and_to(Exporter::Otlp, "Builder::otlp")
    }

    /// Onto stderr, each trace as a waterfall when it is finished; `console` in the environment.
    /// Needs the Cargo feature `console`.
    pub fn console(self) -> Self {
        self.and_to(Exporter::Console, "Builder::console")
    }

    /// Into a file, as OTLP in lines of JSON: of a Lambda function, say, or for a Collector to read. What
    /// is there stays; a file that is not there is made. It is opened once, by [`build`](Builder::build)
    /// or [`init`](Builder::init). There may be several. Needs the Cargo feature `otlp-http`.
    ///
    /// No variable names a file, as specified; `otlp/stdout` in the environment writes such lines to
    /// stdout, and so does `/dev/stdout` here. A pipe that nobody reads is refused.
    ///
    /// Specification: [OTLP file exporter](https://opentelemetry.io/docs/specs/otel/protocol/file-exporter/).
    pub fn file(self, path: impl Into<PathBuf>) -> Self {
        self.and_to(Exporter::File(Output::File(path.into())), "Builder::file")
    }

    /// Nowhere: spans are made, and can be continued by other processes; `none` in the environment.
    /// Together with another exporter it is an error.
    pub fn no_exporter(self) -> Self {
        self.and_to(Exporter::None, "Builder::no_exporter")
    }

    fn and_to(mut self, exporter: Exporter, setter: &'static str) -> Self {
        let exporter = Given { value: exporter, from: Source::Code(setter) };
        self.settings.processors.push(exporter.into());
        self
    }
}

/// How OTLP is sent.
///
/// Specification: [OTLP exporter configuration](https://opentelemetry.io/docs/specs/otel/protocol/exporter/).
impl Builder {
    /// The address of the backend for all signals, a URL with `http://` or `https://`. Over HTTP,
    /// `/v1/traces` is appended; gRPC has no path.
    ///
    /// Beats `OTEL_EXPORTER_OTLP_ENDPOINT` and `OTEL_EXPORTER_OTLP_TRACES_ENDPOINT`. Default:
    /// `http://localhost:4318`, over gRPC `http://localhost:4317`. Credentials go into a
    /// [`header`](Builder::header), not into the URL.
    pub fn endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.otlp.endpoint.base = given(url.into(), "Builder::endpoint");
        self
    }

    /// The address of the backend for traces, used as it is; otherwise as
    /// [`endpoint`](Builder::endpoint), which it beats.
    pub fn traces_endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.otlp.endpoint.own = given(url.into(), "Builder::traces_endpoint");
        self
    }

    /// How OTLP is carried.
    ///
    /// Beats `OTEL_EXPORTER_OTLP_PROTOCOL` and `OTEL_EXPORTER_OTLP_TRACES_PROTOCOL`. Default:
    /// [`Protocol::HttpProtobuf`]. The Cargo feature of the protocol has to be on.
    pub fn protocol(mut self, protocol: Protocol) -> Self {
        self.settings.otlp.protocol = given(protocol, "Builder::protocol");
        self
    }

    /// How long the backend may take for one request. What it did not answer, or could not take for
    /// the moment, is sent again, at growing intervals for 5 minutes; a
    /// [shutdown](crate::Telemetry::shutdown_within) ends that when its time is over.
    ///
    /// Beats `OTEL_EXPORTER_OTLP_TIMEOUT` and `OTEL_EXPORTER_OTLP_TRACES_TIMEOUT`, which are in
    /// milliseconds. Default: 10 s. From 1 ms to 1 h; zero is no limit, as specified.
    pub fn timeout(mut self, timeout: Duration) -> Self {
        self.settings.otlp.timeout = given(timeout, "Builder::timeout");
        self
    }

    /// A header, over gRPC metadata, that is sent with every batch: a key to the backend, say. Its
    /// value is never printed.
    ///
    /// Beats the same name in `OTEL_EXPORTER_OTLP_HEADERS` and `OTEL_EXPORTER_OTLP_TRACES_HEADERS`;
    /// their other headers stay. Default: none. Those that the protocol decides, such as
    /// `content-type`, cannot be set.
    pub fn header(mut self, name: impl AsRef<str>, value: impl AsRef<str>) -> Self {
        match header(name.as_ref(), value.as_ref()) {
            Ok(header) => self.settings.otlp.headers.extend(given(header, "Builder::header")),
            Err(remedy) => self.problems.add("Builder::header", None, remedy),
        }
        self
    }

    /// Several headers, as by [`header`](Builder::header).
    pub fn headers<N: AsRef<str>, V: AsRef<str>>(
        self,
        headers: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        headers.into_iter().fold(self, |builder, (name, value)| builder.header(name, value))
    }

    /// How requests are compressed.
    ///
    /// Beats `OTEL_EXPORTER_OTLP_COMPRESSION` and `OTEL_EXPORTER_OTLP_TRACES_COMPRESSION`. Default:
    /// [`Compression::None`]. [`Compression::Zstd`] needs the Cargo feature `zstd`.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.settings.otlp.compression = given(compression, "Builder::compression");
        self
    }

    /// A file with certificates in PEM, to be trusted in place of the system's: that of a private
    /// authority, or the backend's own. It is read once, by [`build`](Builder::build) or
    /// [`init`](Builder::init).
    ///
    /// Beats `OTEL_EXPORTER_OTLP_CERTIFICATE` and `OTEL_EXPORTER_OTLP_TRACES_CERTIFICATE`. Default:
    /// the system's. It counts for an endpoint with `https://`.
    pub fn certificate(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.otlp.tls.certificate = given(path.into(), "Builder::certificate");
        self
    }

    /// A file with the certificate, in PEM, that says who this program is, and those on the way to
    /// what the backend trusts; with a [`client_key`](Builder::client_key), for mutual TLS. It is
    /// read once, by [`build`](Builder::build) or [`init`](Builder::init).
    ///
    /// Beats `OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE` and
    /// `OTEL_EXPORTER_OTLP_TRACES_CLIENT_CERTIFICATE`. Default: none. It counts for an endpoint with
    /// `https://`.
    pub fn client_certificate(mut self, path: impl Into<PathBuf>) -> Self {
        let path = given(path.into(), "Builder::client_certificate");
        self.settings.otlp.tls.client_certificate = path;
        self
    }

    /// A file with the key, in PEM and without a password, of the
    /// [`client_certificate`](Builder::client_certificate).
    ///
    /// Beats `OTEL_EXPORTER_OTLP_CLIENT_KEY` and `OTEL_EXPORTER_OTLP_TRACES_CLIENT_KEY`. Default:
    /// none.
    pub fn client_key(mut self, path: impl Into<PathBuf>) -> Self {
        self.settings.otlp.tls.client_key = given(path.into(), "Builder::client_key");
        self
    }
}

/// How spans are gathered before they are sent. With several exporters, for each of them.
///
/// Specification: [Batch span processor](https://opentelemetry.io/docs/specs/otel/trace/sdk/#batching-processor).
impl Builder {
    /// How many finished spans are held at most; beyond that they are dropped, and counted.
    ///
    /// Those that are on their way to the backend are among them. Beats `OTEL_BSP_MAX_QUEUE_SIZE`. Default:
    /// 2048. From 1 to 1,000,000.
    pub fn max_queue_size(mut self, spans: usize) -> Self {
        self.settings.batch.max_queue_size = given(spans, "Builder::max_queue_size");
        self
    }

    /// How many bytes of finished spans are held at most, by estimate; beyond that they are dropped,
    /// and counted.
    ///
    /// Beats `OTEL_TRACED_MAX_QUEUE_BYTES`. Default: 16,777,216. At least 65,536.
    pub fn max_queue_bytes(mut self, bytes: usize) -> Self {
        self.settings.batch.max_queue_bytes = given(bytes, "Builder::max_queue_bytes");
        self
    }

    /// How many spans are sent at once at most; as soon as there are as many, they are sent.
    ///
    /// Beats `OTEL_BSP_MAX_EXPORT_BATCH_SIZE`. Default: 512, or the queue's size if that is less.
    /// From 1 to the queue's size.
    pub fn max_export_batch_size(mut self, spans: usize) -> Self {
        self.settings.batch.max_export_batch_size = given(spans, "Builder::max_export_batch_size");
        self
    }

    /// How long a finished span waits for others at most before it is sent.
    ///
    /// Beats `OTEL_BSP_SCHEDULE_DELAY`, which is in milliseconds. Default: 5 s. At most 1 h; less than 1 ms
    /// is 1 ms.
    pub fn schedule_delay(mut self, delay: Duration) -> Self {
        self.settings.batch.schedule_delay = given(delay, "Builder::schedule_delay");
        self
    }

    /// How long any exporter may take for a batch, and OTLP for one request, which is bounded by
    /// [`timeout`](Builder::timeout) too.
    ///
    /// Beats `OTEL_BSP_EXPORT_TIMEOUT`, which is in milliseconds. Default: 30 s. From 1 ms to 1 h; zero is
    /// no limit, as specified, and then an exporter that never answers holds up all later spans.
    pub fn export_timeout(mut self, timeout: Duration) -> Self {
        self.settings.batch.export_timeout = given(timeout, "Builder::export_timeout");
        self
    }
}

/// How much a span may hold; what is beyond it is dropped.
///
/// Specification: [Span limits](https://opentelemetry.io/docs/specs/otel/trace/sdk/#span-limits).
impl Builder {
    /// How many characters of a text, and of each text in an array, an attribute keeps.
    ///
    /// Beats `OTEL_SPAN_ATTRIBUTE_VALUE_LENGTH_LIMIT` and `OTEL_ATTRIBUTE_VALUE_LENGTH_LIMIT`.
    /// Default: all of them.
    pub fn attribute_value_length_limit(mut self, characters: usize) -> Self {
        self.settings.limits.value_length =
            given(characters, "Builder::attribute_value_length_limit");
        self
    }

    /// How many attributes a span keeps.
    ///
    /// Beats `OTEL_SPAN_ATTRIBUTE_COUNT_LIMIT` and `OTEL_ATTRIBUTE_COUNT_LIMIT`. Default: 128.
    pub fn attribute_count_limit(mut self, attributes: u32) -> Self {
        self.settings.limits.attributes_per_span =
            given(attributes, "Builder::attribute_count_limit");
        self
    }

    /// How many events a span keeps.
    ///
    /// Beats `OTEL_SPAN_EVENT_COUNT_LIMIT`. Default: 128.
    pub fn event_count_limit(mut self, events: u32) -> Self {
        self.settings.limits.events_per_span = given(events, "Builder::event_count_limit");
        self
    }

    /// How many links a span keeps.
    ///
    /// Beats `OTEL_SPAN_LINK_COUNT_LIMIT`. Default: 128.
    pub fn link_count_limit(mut self, links: u32) -> Self {
        self.settings.limits.links_per_span = given(links, "Builder::link_count_limit");
        self
    }

    /// How many attributes an event keeps.
    ///
    /// Beats `OTEL_EVENT_ATTRIBUTE_COUNT_LIMIT`. Default: 128.
    pub fn event_attribute_count_limit(mut self, attributes: u32) -> Self {
        self.settings.limits.attributes_per_event =
            given(attributes, "Builder::event_attribute_count_limit");
        self
    }

    /// How many attributes a link keeps.
    ///
    /// Beats `OTEL_LINK_ATTRIBUTE_COUNT_LIMIT`. Default: 128.
    pub fn link_attribute_count_limit(mut self, attributes: u32) -> Self {
        self.settings.limits.attributes_per_link =
            given(attributes, "Builder::link_attribute_count_limit");
        self
    }
}

/// How often functions are called, and how long that takes.
impl Builder {
    /// Counts every call of an annotated function, sampled or not, and sends the metric
    /// `otel_runtime.function.duration` by OTLP: an exponential histogram in seconds for each function
    /// and `error.type`, whose count is how often the function was called. An exemplar names a sampled
    /// trace. Functions that the [filter](Builder::filter) leaves out are not counted.
    ///
    /// Beats `OTEL_TRACED_METRICS`, which is `true` or `false`, and `OTEL_METRICS_EXPORTER=none`.
    /// Default: no. What is said about OTLP holds for metrics too, but for
    /// [`traces_endpoint`](Builder::traces_endpoint) and the variables for traces. Needs the Cargo
    /// feature `metrics`.
    pub fn metrics(mut self, count: bool) -> Self {
        self.settings.metrics.is_on = given(count, "Builder::metrics");
        self
    }

    /// The address of the backend for metrics, used as it is; otherwise as
    /// [`endpoint`](Builder::endpoint), which it beats.
    pub fn metrics_endpoint(mut self, url: impl Into<String>) -> Self {
        self.settings.metrics.otlp.endpoint.own = given(url.into(), "Builder::metrics_endpoint");
        self
    }

    /// How often metrics are sent.
    ///
    /// Beats `OTEL_METRIC_EXPORT_INTERVAL`, which is in milliseconds. Default: 60 s. From 1 ms to 1 h.
    pub fn metrics_interval(mut self, interval: Duration) -> Self {
        self.settings.metrics.interval = given(interval, "Builder::metrics_interval");
        self
    }

    /// What a point of a metric counts: all calls, or those since the last point.
    ///
    /// Beats `OTEL_EXPORTER_OTLP_METRICS_TEMPORALITY_PREFERENCE`. Default:
    /// [`Temporality::Cumulative`].
    pub fn metrics_temporality(mut self, temporality: Temporality) -> Self {
        self.settings.metrics.temporality = given(temporality, "Builder::metrics_temporality");
        self
    }
}

/// What this crate says about itself.
impl Builder {
    /// How much is written to stderr about lost spans, and the like.
    ///
    /// Beats `OTEL_LOG_LEVEL`. Default: [`LogLevel::Info`]. It counts from [`init`](Builder::init),
    /// for the whole process; [`build`](Builder::build) changes nothing.
    pub fn log_level(mut self, level: LogLevel) -> Self {
        self.settings.log_level = given(level, "Builder::log_level");
        self
    }

    /// How long dropping the guard waits at most until the last spans are sent, and
    /// [`shutdown`](crate::Telemetry::shutdown) and [`flush`](crate::Telemetry::flush), too, unless the
    /// call gives another time. Spans that are not sent by then are lost, and counted.
    ///
    /// A short time suits programs of the command line, whose users would wait for it whenever the
    /// backend is away; zero waits for nothing. It should be shorter than the time that the platform
    /// gives between SIGTERM and SIGKILL, such as the 30 s of Kubernetes. No variable says it. Default:
    /// 5 s. Any time; [`Duration::MAX`] is no limit.
    pub fn shutdown_timeout(mut self, time: Duration) -> Self {
        self.settings.shutdown_timeout = given(time, "Builder::shutdown_timeout");
        self
    }
}

/// Ends the chain of setters.
impl Builder {
    /// Reads these variables in place of the process's: for tests, which need not change variables that
    /// all threads share.
    pub fn environment<N: Into<String>, V: Into<String>>(
        mut self,
        variables: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let variables = variables.into_iter().map(|(name, value)| (name.into(), value.into()));
        self.environment = Some(variables.collect());
        self
    }

    /// Reads this file in place of variables, as `OTEL_CONFIG_FILE` does, and beats it. Variables
    /// count where the file names them. Needs the Cargo feature `config-file`.
    ///
    /// Specification: [Declarative configuration](https://opentelemetry.io/docs/specs/otel/configuration/data-model/);
    /// [Settings](crate::guide::configuration#keys-of-a-file) lists the keys that can be used.
    pub fn config_file(mut self, path: impl Into<String>) -> Self {
        self.config_file = given(path.into(), "Builder::config_file");
        self
    }

    /// Every setting that would hold after [`build`](Builder::build), and who set it.
    ///
    /// # Errors
    ///
    /// If a setting cannot be used.
    pub fn describe(self) -> Result<Description, InitError> {
        Ok(self.decide(Environment::default)?.description)
    }

    /// Puts the settings from code over those from a file or from variables, and checks them.
    pub(crate) fn decide(
        self,
        environment: impl FnOnce() -> Environment,
    ) -> Result<Config, InitError> {
        let Builder {
            settings,
            mut problems,
            config_file,
            known_propagators: custom,
            environment: injected,
        } = self;
        let environment = injected.unwrap_or_else(environment);
        let file = config_file.or_else(|| env::config_file(&environment, &mut problems));
        let less = match file {
            Some(file) => from_file(&file, &environment, &custom, &mut problems),
            None => env::read(&environment, &custom, &mut problems),
        };
        resolve(settings.over(less), problems)
    }
}

#[cfg(feature = "config-file")]
fn from_file(
    file: &Given<String>,
    environment: &Environment,
    custom: &[Propagator],
    problems: &mut Problems,
) -> Settings {
    Settings {
        view: Some(env::view(environment, problems)),
        system_roots: env::system_roots(environment),
        proxies: super::proxies::Proxies::read(environment),
        ..super::file::load(file, environment, custom, problems)
    }
}

#[cfg(not(feature = "config-file"))]
fn from_file(
    file: &Given<String>,
    _: &Environment,
    _: &[Propagator],
    problems: &mut Problems,
) -> Settings {
    let Given { value, from } = file;
    let remedy = "build with the feature `config-file` of otel-runtime, or unset it";
    problems.add(from, Some(value.clone()), remedy);
    Settings::default()
}

/// Shows none of the settings, among which there may be secrets.
impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}

#[expect(clippy::unnecessary_wraps, reason = "a setting is an option")]
fn given<T>(value: T, setter: &'static str) -> Option<Given<T>> {
    Some(Given { value, from: Source::Code(setter) })
}
