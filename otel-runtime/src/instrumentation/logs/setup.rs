//! How are lines and records of logs set up in one call?

use std::env::VarError;
use std::fmt;
use std::io::IsTerminal;
use std::str::FromStr;

use opentelemetry::logs::{Logger, LoggerProvider};
use tracing::Metadata;
use tracing::subscriber::set_global_default;
use tracing_log::{AsLog, LogTracer};
use tracing_subscriber::filter::{Targets, filter_fn};
use tracing_subscriber::fmt as lines;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry::Registry;

use super::bridge::{bridge, is_of_a_transport};
use super::errors::{Errors, error_events};
use super::format::with_trace_context;
use crate::process::stderr;

/// The variable that says what is logged.
const VARIABLE: &str = "RUST_LOG";

/// Makes the program's events of `tracing`, and its records of the crate `log`, lines of text on stdout, each with the ids
/// of the span that it belongs to. They have colours on a terminal, unless `NO_COLOR` is set.
///
/// `RUST_LOG` says what is logged: a level, and levels of single targets, as in `info,shop::db=debug,hyper=off`. Default:
/// `info`. [`logs::builder`](builder) has settings: JSON, attributes of spans, errors on spans, records over OTLP.
///
/// Call it once, in `main`, before or after [`init`](crate::init). A program with a subscriber of its own wraps the format
/// of that by [`with_trace_context`](super::with_trace_context) instead.
///
/// # Errors
///
/// When the program has a global subscriber already, which stays, or `RUST_LOG` cannot be read.
///
/// # Examples
///
/// ```no_run
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     otel_runtime::logs()?;
///     let telemetry = otel_runtime::init()?;
///     checkout(7);
///     telemetry.shutdown()?;
///     Ok(())
/// }
///
/// #[otel_runtime::traced]
/// fn checkout(order_id: u64) {
///     tracing::info!(order_id, "paid"); // trace_id=4bf9.. span_id=00f0.. trace_flags=01 .. paid order_id=7
/// }
/// ```
pub fn logs() -> Result<(), LogsError> {
    builder().install()
}

/// Settings of [`logs()`](crate::logs()) in code.
///
/// # Examples
///
/// ```no_run
/// otel_runtime::logs::builder().json().attributes(["tenant.id"]).install()?;
/// # Ok::<(), otel_runtime::logs::LogsError>(())
/// ```
pub fn builder() -> Builder {
    Builder {
        is_json: false,
        keys: Vec::new(),
        filter: None,
        errors: None,
        has_spans: false,
        others: Vec::new(),
    }
}

/// What [`builder`] makes; nothing is set up before [`install`](Builder::install).
#[must_use]
pub struct Builder {
    is_json: bool,
    keys: Vec<String>,
    filter: Option<String>,
    errors: Option<Errors>,
    has_spans: bool,
    others: Vec<Box<dyn Layer<Registry> + Send + Sync>>,
}

impl fmt::Debug for Builder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Builder").finish_non_exhaustive()
    }
}

impl Builder {
    /// Lines are JSON, an object each, as `tracing-subscriber` writes it. Default: text.
    pub fn json(mut self) -> Self {
        self.is_json = true;
        self
    }

    /// Lines also show these attributes of the spans that they belong to: see
    /// [`WithTraceContext::attributes`](super::WithTraceContext::attributes). Default: none.
    pub fn attributes<K: Into<String>>(mut self, keys: impl IntoIterator<Item = K>) -> Self {
        self.keys = keys.into_iter().map(Into::into).collect();
        self
    }

    /// What is logged, in place of what `RUST_LOG` says: `info,shop::db=debug,hyper=off`. Default: `info`, where there is
    /// no `RUST_LOG` either.
    pub fn filter(mut self, directives: impl Into<String>) -> Self {
        self.filter = Some(directives.into());
        self
    }

    /// Events of the level `ERROR` also show on their span: see [`error_events`]. Default: they do not.
    pub fn errors(mut self, errors: Errors) -> Self {
        self.errors = Some(errors);
        self
    }

    /// The spans of `tracing`, as of `#[instrument]`, become OpenTelemetry's, through `tracing-opentelemetry` and the global
    /// tracer provider, which [`init`](crate::init) sets: call that before. Its events on spans are off. Spans of the crates
    /// that exporters send with do not become any, or each export would be the reason for the next: see [`bridge`]. Default:
    /// none do, and they cost nothing.
    pub fn instrumented_spans(mut self) -> Self {
        self.has_spans = true;
        self
    }

    /// Events also become log records, which this provider exports: see [`bridge`]. May be called again, for another.
    pub fn export_to<P, L>(mut self, provider: &P) -> Self
    where
        P: LoggerProvider<Logger = L> + Send + Sync + 'static,
        L: Logger + Send + Sync + 'static,
    {
        self.others.push(bridge(provider).boxed());
        self
    }

    /// Adds a layer of the program's.
    pub fn layer(mut self, layer: impl Layer<Registry> + Send + Sync) -> Self {
        self.others.push(layer.boxed());
        self
    }

    /// Sets all this up, for the whole process.
    ///
    /// The crate `log` is included unless the program has set a logger; that stays, and a line on stderr says so.
    ///
    /// # Errors
    ///
    /// When the program has a global subscriber already, which stays, or the filter cannot be read; then nothing has
    /// changed.
    pub fn install(self) -> Result<(), LogsError> {
        let filter = self.targets()?;
        let most = tracing_subscriber::Layer::<Registry>::max_level_hint(&filter);
        let mut layers: Vec<Box<dyn Layer<Registry> + Send + Sync>> = Vec::new();
        if self.has_spans {
            let tracer = opentelemetry::global::tracer("tracing");
            let spans = tracing_opentelemetry::layer().with_tracer(tracer);
            let are_spans = filter_fn(|metadata: &Metadata<'_>| {
                metadata.is_span() && !is_of_a_transport(metadata.target())
            });
            layers.push(spans.with_filter(are_spans).boxed());
        }
        layers.push(if self.is_json {
            let format = |format| with_trace_context(format).attributes(self.keys);
            lines::layer().json().with_ansi(false).map_event_format(format).boxed()
        } else {
            let format = |format| with_trace_context(format).attributes(self.keys);
            lines::layer().with_ansi(is_coloured()).map_event_format(format).boxed()
        });
        layers.extend(self.errors.map(|errors| error_events(errors).boxed()));
        layers.extend(self.others);
        let subscriber = tracing_subscriber::registry().with(layers).with(filter);
        set_global_default(subscriber).map_err(|_| LogsError(Kind::Subscriber))?;
        let log = LogTracer::builder().with_max_level(
            most.map_or(tracing_log::log::LevelFilter::Trace, |most| most.as_log()),
        );
        if log.init().is_err() {
            stderr::warn(
                "the program has a logger for the crate `log` already: its records do not become events, and have no \
                 trace ids",
            );
        }
        Ok(())
    }

    fn targets(&self) -> Result<Targets, LogsError> {
        let (setting, directives) = match &self.filter {
            Some(directives) => ("logs::Builder::filter", directives.clone()),
            None => match std::env::var(VARIABLE) {
                Ok(directives) if !directives.trim().is_empty() => (VARIABLE, directives),
                Ok(_) | Err(VarError::NotPresent) => (VARIABLE, "info".to_owned()),
                Err(VarError::NotUnicode(_)) => (VARIABLE, "\u{fffd}".to_owned()),
            },
        };
        Targets::from_str(&directives).map_err(|_| LogsError(Kind::Filter { setting, directives }))
    }
}

/// As <https://no-color.org> has it, and never into a pipe or a file.
fn is_coloured() -> bool {
    std::io::stdout().is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|it| it.is_empty())
}

/// Why logs were not set up. Nothing has changed then.
pub struct LogsError(Kind);

enum Kind {
    Subscriber,
    Filter { setting: &'static str, directives: String },
}

impl fmt::Display for LogsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Kind::Subscriber => f.write_str(
                "this program has a global subscriber of `tracing` already: put the ids into its lines by \
                 `.map_event_format(otel_runtime::logs::with_trace_context)`, or take it away",
            ),
            Kind::Filter { setting, directives } => write!(
                f,
                "{setting} is {directives:?}: write a level, and levels of targets, as in \
                 \"info,shop::db=debug,hyper=off\"; for spans and fields, set up a subscriber with an `EnvFilter`, and \
                 wrap its format by `otel_runtime::logs::with_trace_context`",
            ),
        }
    }
}

/// The same text, because that is what a `main` that returns it shows.
impl fmt::Debug for LogsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for LogsError {}
