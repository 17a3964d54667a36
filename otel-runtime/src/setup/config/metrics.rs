//! Are calls counted, and where do the counts go?

use std::time::Duration;

use super::problems::Problems;
use super::processors::Common;
use super::settings::MetricsSettings;
use super::source::{Given, Source};
use super::{durations, otlp};
use crate::export::settings::{Metrics, Signal};

/// As in the specification of the periodic reader.
const INTERVAL: Duration = Duration::from_secs(60);

/// `None` if they are not counted. What `common` says of OTLP holds for metrics too, but for an endpoint
/// that is that of traces.
pub(super) fn resolve(
    settings: MetricsSettings,
    common: &Common,
    problems: &mut Problems,
) -> Option<Metrics> {
    let MetricsSettings { is_on, interval, temporality, otlp } = settings;
    let is_on = is_on.filter(|given| given.value)?;
    if !cfg!(feature = "metrics") {
        let remedy = "build with the feature `metrics` of otel-runtime, or leave it out";
        problems.add(is_on.from, Some("true".to_owned()), remedy);
        return None;
    }
    let mut of_all = common.otlp.clone();
    of_all.endpoint.own = None;
    let roots = common.system_roots.as_ref();
    let otlp = otlp.over(of_all);
    let otlp = otlp::resolve(otlp, Signal::Metrics, roots, &common.proxies, problems);
    Some(Metrics {
        otlp: otlp?,
        interval: self::interval(interval, problems),
        temporality: temporality.map_or_else(Default::default, |given| given.value),
    })
}

fn interval(given: Option<Given<Duration>>, problems: &mut Problems) -> Duration {
    let remedy = "write milliseconds from 1 to 3600000, such as 60000";
    let from = given.as_ref().map_or(Source::Default, |given| given.from.clone());
    match durations::duration(given, INTERVAL, remedy, problems) {
        Duration::ZERO => {
            problems.add(from, Some("0".to_owned()), remedy);
            INTERVAL
        }
        interval => interval.max(Duration::from_millis(1)),
    }
}
