//! Which settings hold, and are they valid?

use std::time::Duration;

use super::describe::{Description, Origins};
use super::problems::Problems;
use super::processors::{self, Common};
use super::settings::{self, Exporter, Settings};
use super::source::Given;
use super::{Config, Tracing, limits};
use crate::context::propagation::Propagator;
use crate::process::stderr::LogLevel;
use crate::sampling::{Head, Sampler};
use crate::setup::error::InitError;

/// How long the end of a program waits for its spans, by default.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// Checks the settings of code and of the environment together.
///
/// # Errors
///
/// All `problems`: those found while the settings were read, and those found here.
pub(crate) fn resolve(settings: Settings, mut problems: Problems) -> Result<Config, InitError> {
    let mut origins = Origins::of(&settings);
    let Settings {
        disabled,
        no_color,
        system_roots,
        proxies,
        log_level,
        shutdown_timeout,
        service_name,
        resource,
        schema_url,
        propagators,
        sampler,
        filter,
        exception_events,
        http_methods,
        processors,
        otlp,
        batch,
        limits,
    } = settings;
    let problems = &mut problems;

    let propagators = propagators.map_or_else(|| Propagator::DEFAULT.to_vec(), |given| given.value);
    let is_off =
        |processor: &settings::Processor| matches!(processor.exporter.value, Exporter::Off);
    let tracing = if disabled.is_some_and(|given| given.value) || processors.iter().any(is_off) {
        None
    } else {
        let common = Common { otlp, batch, color_allowed: !no_color, system_roots, proxies };
        let service_name = self::service_name(service_name, problems);
        let sampler = self::sampler(sampler, problems);
        Some(Tracing {
            service_name,
            resource: resource.into_iter().map(|given| given.value).collect(),
            schema_url: schema_url.map(|given| given.value),
            sampler,
            filter: filter.map(|given| given.value),
            exception_events: exception_events.map_or_else(Default::default, |given| given.value),
            http_methods: self::http_methods(http_methods, problems),
            limits: limits::resolve(limits),
            processors: processors::resolve(processors, common, &mut origins, problems),
        })
    };

    let warnings = std::mem::take(problems).finish()?;
    let log_level = log_level.map_or_else(LogLevel::default, |given| given.value);
    let shutdown_timeout = shutdown_timeout.map_or(SHUTDOWN_TIMEOUT, |given| given.value);
    let description = Description::default();
    let mut config = Config { description, log_level, shutdown_timeout, propagators, tracing };
    config.description = origins.describe(&config, warnings);
    Ok(config)
}

/// The HTTP methods that the HTTP layers know, if this crate is built with such layers.
fn http_methods(given: Option<Given<Vec<String>>>, problems: &mut Problems) -> Option<Vec<String>> {
    let Given { value, from } = given?;
    if cfg!(feature = "tower") {
        return Some(value);
    }
    let why = "this is left out: only the layers for HTTP name methods, and this program is built without \
               the feature `tower`";
    problems.warn(&from, value.join(","), why);
    None
}

fn service_name(given: Option<Given<String>>, problems: &mut Problems) -> Option<String> {
    let given = given?;
    if given.value.trim().is_empty() {
        problems.add(given.from, Some(given.value), "give the service a name, such as checkout");
        return None;
    }
    Some(given.value)
}

fn sampler(given: Option<Given<Head>>, problems: &mut Problems) -> Head {
    let Some(given) = given else { return Head::Standard(Sampler::default()) };
    if let Head::Standard(sampler) = given.value
        && let Some(ratio) = sampler.ratio()
        && !(0.0..=1.0).contains(&ratio)
    {
        let remedy = "write a number from 0 to 1, such as 0.25";
        problems.add(given.from, Some(ratio.to_string()), remedy);
    }
    given.value
}
