//! Which settings hold, and are they valid?

use std::num::{NonZeroU32, NonZeroUsize};
use std::time::Duration;

use super::describe::{Description, Origins};
use super::policy::{self, Chosen, Condition, Policy, Polled, is_set_later};
use super::problems::Problems;
use super::processors::{self, Common};
use super::settings::{self, Exporter, HttpMethodSettings, OutboundSettings, Settings};
use super::source::{Given, Source};
use super::{Config, HttpMethods, Tracing, limits, metrics, privacy, tail};
use crate::context::propagation::Propagator;
#[cfg(feature = "tower")]
use crate::context::{Hosts, Outbound};
use crate::process::stderr::LogLevel;
use crate::sampling::{AttributesRead, Head, HeadSampler, Ratio, Sampler};
use crate::setup::error::InitError;

/// How long the end of a program waits for its spans, by default.
const SHUTDOWN_TIMEOUT: Duration = Duration::from_secs(5);

/// The least that the flight recorder may take: some hundred spans.
const MIN_FLIGHT: usize = 64 * 1024;

/// Checks the settings of code and of the environment together.
///
/// # Errors
///
/// All `problems`: those found while the settings were read, and those found here.
pub(crate) fn resolve(settings: Settings, mut problems: Problems) -> Result<Config, InitError> {
    let mut origins = Origins::of(&settings);
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
        preset: _,
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
    } = settings;
    let problems = &mut problems;

    let propagators = propagators.map_or_else(|| Propagator::DEFAULT.to_vec(), |given| given.value);
    let is_off =
        |processor: &settings::Processor| matches!(processor.exporter.value, Exporter::Off);
    let is_disabled = disabled.is_some_and(|given| given.value);
    #[cfg(feature = "tower")]
    let outbound = self::outbound(outbound, is_disabled, problems);
    #[cfg(not(feature = "tower"))]
    leave_out(outbound, problems);
    let tracing = if is_disabled || processors.iter().any(is_off) {
        None
    } else {
        let common = Common { otlp, batch, view: view.unwrap_or_default(), system_roots, proxies };
        let service_name = self::service_name(service_name, problems);
        let ratio = ratio.map_or_else(Ratio::default, |given| given.value);
        let mut polled = Vec::new();
        let has_tail = tail.policy.as_ref().is_some_and(|given| given.value.is_some());
        let sampler = self::sampler(sampler, ratio, has_tail, &mut polled, problems);
        Some(Tracing {
            service_name,
            resource: resource.into_iter().map(|given| given.value).collect(),
            schema_url: schema_url.map(|given| given.value),
            tail: tail::resolve(tail, &sampler, problems),
            flight: flight.and_then(|given| self::flight(given, problems)),
            sampler,
            polled,
            shares: (!ignores_shares).then_some(ratio),
            filter: filter.map(|given| given.value),
            exception_events: exception_events.map_or_else(Default::default, |given| given.value),
            http_methods: self::http_methods(http_methods, problems),
            baggage_attributes: baggage_attributes.and_then(|given| given.value),
            fold: fold.and_then(|given| NonZeroU32::new(given.value)),
            limits: limits::resolve(limits),
            redactor: privacy::resolve(privacy, problems),
            metrics: metrics::resolve(metrics, &common, problems),
            processors: processors::resolve(processors, common, &mut origins, problems),
        })
    };

    let warnings = std::mem::take(problems).finish()?;
    let log_level = log_level.map_or_else(LogLevel::default, |given| given.value);
    let shutdown_timeout = shutdown_timeout.map_or(SHUTDOWN_TIMEOUT, |given| given.value);
    let description = Description::default();
    let mut config = Config {
        description,
        log_level,
        shutdown_timeout,
        propagators,
        #[cfg(feature = "tower")]
        outbound,
        tracing,
    };
    config.description = origins.describe(&config, warnings);
    Ok(config)
}

/// How many bytes the flight recorder may take.
fn flight(Given { value, from }: Given<usize>, problems: &mut Problems) -> Option<NonZeroUsize> {
    if (1..MIN_FLIGHT).contains(&value) {
        let remedy = format!("write a number of bytes, {MIN_FLIGHT} or more, or 0 for none");
        problems.add(from, Some(value.to_string()), remedy);
    }
    NonZeroUsize::new(value)
}

/// The methods that the layers for HTTP know, if this crate is built with such layers.
fn http_methods(given: HttpMethodSettings, problems: &mut Problems) -> HttpMethods {
    let HttpMethodSettings { client, server } = given;
    if cfg!(feature = "tower") {
        let value = |given: Option<Given<Vec<String>>>| given.map(|given| given.value);
        return HttpMethods { client: value(client), server: value(server) };
    }
    if let Some(Given { value, from }) = client.or(server) {
        let why = "this is left out: only the layers for HTTP name methods, and this program is built \
                   without the feature `tower`";
        problems.warn(&from, value.join(","), why);
    }
    HttpMethods::default()
}

/// Which hosts are sent trace context and baggage, where this source says so.
#[cfg(feature = "tower")]
fn outbound(
    given: OutboundSettings,
    is_disabled: bool,
    problems: &mut Problems,
) -> Option<Outbound> {
    let OutboundSettings { trace_context, baggage } = given;
    if trace_context.is_none() && baggage.is_none() {
        return None;
    }
    let mut outbound = Outbound::default();
    if let Some(given) = trace_context {
        outbound = outbound.trace_context_to(hosts(given, is_disabled, problems));
    }
    if let Some(given) = baggage {
        outbound = outbound.baggage_to(hosts(given, is_disabled, problems));
    }
    Some(outbound)
}

/// Without layers, nobody knows to which host a request goes.
#[cfg(not(feature = "tower"))]
fn leave_out(given: OutboundSettings, problems: &mut Problems) {
    let OutboundSettings { trace_context, baggage } = given;
    for Given { value, from } in trace_context.into_iter().chain(baggage) {
        let why = "this is left out: only the clients for HTTP and gRPC know to which host a request goes, \
                   and this program is built without the feature `tower`";
        problems.warn(&from, value, why);
    }
}

/// The hosts in a list. `OTEL_SDK_DISABLED` has to work even if another variable is wrong: then nothing goes to
/// anybody.
#[cfg(feature = "tower")]
fn hosts(
    Given { value, from }: Given<String>,
    is_disabled: bool,
    problems: &mut Problems,
) -> Hosts {
    match value.parse::<Hosts>() {
        Ok(hosts) => return hosts,
        Err(error) if is_disabled => {
            problems.warn(&from, value, format!("no host is sent this: {error}"));
        }
        Err(error) => problems.add(from, Some(value), error.to_string()),
    }
    Hosts::none()
}

fn service_name(given: Option<Given<String>>, problems: &mut Problems) -> Option<String> {
    let given = given?;
    if given.value.trim().is_empty() {
        problems.add(given.from, Some(given.value), "give the service a name, such as checkout");
        return None;
    }
    Some(given.value)
}

fn sampler(
    given: Option<Given<Chosen>>,
    ratio: Ratio,
    has_tail: bool,
    polled: &mut Vec<Polled>,
    problems: &mut Problems,
) -> Head {
    let Some(Given { value, from }) = given else { return Head::Standard(Sampler::default()) };
    let policy = match value {
        Chosen::Policy(policy) => policy,
        Chosen::Head(Head::Standard(sampler)) => Policy::Standard(sampler),
        Chosen::Head(head) => {
            if let Head::Sampler(sampler) = &head {
                warn_of_late_keys(sampler, &from, problems);
            }
            return head;
        }
    };
    if let Policy::Standard(sampler) = &policy
        && let Some(ratio) = sampler.ratio()
        && !(0.0..=1.0).contains(&ratio)
    {
        problems.add(from, Some(ratio.to_string()), "write a number from 0 to 1, such as 0.25");
        return Head::Standard(Sampler::default());
    }
    warn_of(&policy, &from, problems);
    if has_tail {
        warn_of_unseen(&policy, &from, problems);
    }
    match (policy, ratio) {
        (Policy::Standard(sampler), Ratio::TraceId) => Head::Standard(sampler),
        (policy, ratio) => match policy::build(&policy, ratio) {
            Ok((_, asks)) if !asks.is_empty() && !cfg!(feature = "otlp-http") => {
                let remedy = "build with the feature `otlp-http` of otel-runtime, by which a server is asked";
                problems.add(from, Some(policy.to_string()), remedy);
                Head::Standard(Sampler::default())
            }
            Ok((sampler, asks)) => {
                *polled = asks;
                Head::Sampler(sampler)
            }
            Err(error) => {
                problems.add(from, Some(policy.to_string()), error.to_string());
                Head::Standard(Sampler::default())
            }
        },
    }
}

/// Warns of what a sampler says that cannot be meant.
fn warn_of(policy: &Policy, from: &Source, problems: &mut Problems) {
    policy.each_rule(&mut |rule| {
        let mut keys = rule.conditions.iter().filter_map(Condition::key);
        if let Some(key) = keys.find(|key| is_set_later(key)) {
            let why = format!(
                "this rule never matches, because {key} is set only after a span has begun, when the sampler \
                 has decided: decide by what is known before, such as http.route",
            );
            problems.warn(from, rule.to_string(), why);
        }
    });
    if policy.has_rate_of_spans() {
        let why = "this counts spans, so that a trace lacks some: write parent(..) around it to count traces";
        problems.warn(from, policy.to_string(), why);
    }
}

/// Warns of rules whose traces the tail never sees, so that it cannot keep those that fail.
fn warn_of_unseen(policy: &Policy, from: &Source, problems: &mut Problems) {
    let off = Policy::Standard(Sampler::AlwaysOff);
    policy.each_rule_that_may_drop(&mut |rule| {
        if rule.sampler == off && !rule.conditions.is_empty() {
            let why = "what this drops when it begins is dropped even if it fails: to drop it unless it fails, let \
                       the sampler keep it, and begin the tail's policy with drop(all(span(..), no_span(error))), \
                       or put always_record(..) around the sampler";
            problems.warn(from, rule.to_string(), why);
        }
    });
}

fn warn_of_late_keys(sampler: &HeadSampler, from: &Source, problems: &mut Problems) {
    let AttributesRead::Keys(keys) = sampler.attributes_read() else { return };
    for key in keys.iter().filter(|key| is_set_later(key.as_str())) {
        let why = "the sampler looks at an attribute that is set only after a span has begun, when it has \
                   decided: have it decide by what is known before, such as http.route";
        problems.warn(from, key.to_string(), why);
    }
}
