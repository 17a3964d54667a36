//! What is given to the stage that decides about whole traces?

use std::borrow::Cow;
use std::time::Duration;

use super::parse::parse;
use crate::export::settings::Tail;
use crate::sampling::tail::{Recording, TailPolicy};
use crate::sampling::{Head, Sampler, Threshold};
use crate::setup::config::problems::Problems;
use crate::setup::config::source::Given;

/// What the spans of undecided traces may take, in all.
const MAX_BYTES: usize = 64 * 1024 * 1024;
/// The least that is worth it.
const MIN_BYTES: usize = 64 * 1024;
/// Of all, what one trace may take: so a giant is decided before it drives out the others.
const PART_OF_A_TRACE: usize = 8;
const MAX_DURATION: Duration = Duration::from_secs(60);
const GRACE: Duration = Duration::from_secs(1);
const REMEMBERED: usize = 65_536;

/// What one source says.
#[derive(Default)]
pub(in crate::setup::config) struct TailSettings {
    /// `None` in it where nothing is decided at the tail.
    pub(in crate::setup::config) policy: Option<Given<Option<TailPolicy>>>,
    pub(in crate::setup::config) max_bytes: Option<Given<usize>>,
    pub(in crate::setup::config) max_trace_bytes: Option<Given<usize>>,
    pub(in crate::setup::config) max_duration: Option<Given<Duration>>,
    pub(in crate::setup::config) grace: Option<Given<Duration>>,
    pub(in crate::setup::config) remembered: Option<Given<usize>>,
    pub(in crate::setup::config) recording: Option<Given<Recording>>,
}

impl TailSettings {
    pub(in crate::setup::config) fn over(self, less: TailSettings) -> TailSettings {
        let TailSettings {
            policy,
            max_bytes,
            max_trace_bytes,
            max_duration,
            grace,
            remembered,
            recording,
        } = self;
        TailSettings {
            policy: policy.or(less.policy),
            max_bytes: max_bytes.or(less.max_bytes),
            max_trace_bytes: max_trace_bytes.or(less.max_trace_bytes),
            max_duration: max_duration.or(less.max_duration),
            grace: grace.or(less.grace),
            remembered: remembered.or(less.remembered),
            recording: recording.or(less.recording),
        }
    }
}

/// The policy in a text; `None` for `off`.
pub(in crate::setup::config) fn policy(
    text: &str,
) -> Result<Option<TailPolicy>, Cow<'static, str>> {
    if text.eq_ignore_ascii_case("off") || text.eq_ignore_ascii_case("none") {
        return Ok(None);
    }
    parse(text).map(Some).map_err(|error| error.to_string().into())
}

pub(in crate::setup::config) fn recording(text: &str) -> Result<Recording, Cow<'static, str>> {
    match text.to_ascii_lowercase().as_str() {
        "record_and_sample" => Ok(Recording::RecordAndSample),
        "record_only" => Ok(Recording::RecordOnly),
        _ => Err("write record_and_sample or record_only".into()),
    }
}

/// The settings of the stage; `None` where there is no policy. `sampler` decides when traces begin.
pub(in crate::setup::config) fn resolve(
    settings: TailSettings,
    sampler: &Head,
    problems: &mut Problems,
) -> Option<Tail> {
    let TailSettings {
        policy,
        max_bytes,
        max_trace_bytes,
        max_duration,
        grace,
        remembered,
        recording,
    } = settings;
    let policy = policy.and_then(|given| given.value);
    if policy.is_none() {
        let shown = [
            max_bytes.as_ref().map(|it| (&it.from, it.value.to_string())),
            max_trace_bytes.as_ref().map(|it| (&it.from, it.value.to_string())),
            max_duration.as_ref().map(|it| (&it.from, it.value.as_millis().to_string())),
            grace.as_ref().map(|it| (&it.from, it.value.as_millis().to_string())),
            remembered.as_ref().map(|it| (&it.from, it.value.to_string())),
            recording.as_ref().map(|it| (&it.from, it.value.to_string())),
        ];
        for (from, value) in shown.into_iter().flatten() {
            let why = "this is left out: no policy says which traces are kept at the tail, such as \
                       OTEL_TRACED_TAIL=error";
            problems.warn(from, value, why);
        }
    }
    let max_bytes = bytes(max_bytes, MIN_BYTES, usize::MAX, MAX_BYTES, problems);
    let of_a_trace = (max_bytes / PART_OF_A_TRACE).max(1);
    let max_trace_bytes = bytes(max_trace_bytes, 1024, max_bytes, of_a_trace, problems);
    let times = [(max_duration, 1, MAX_DURATION), (grace, 0, GRACE)];
    let [max_duration, grace] = times.map(|(given, least, default)| {
        let Some(Given { value, from }) = given else { return default };
        if (Duration::from_millis(least)..=Duration::from_secs(3600)).contains(&value) {
            return value;
        }
        let remedy = format!("write milliseconds from {least} to 3600000");
        problems.add(from, Some(value.as_millis().to_string()), remedy);
        default
    });
    let remembered = match remembered {
        Some(Given { value, .. }) if (1..=10_000_000).contains(&value) => value,
        Some(Given { value, from }) => {
            let remedy = "write how many decisions are remembered, from 1 to 10000000";
            problems.add(from, Some(value.to_string()), remedy);
            REMEMBERED
        }
        None => REMEMBERED,
    };
    let keeps_all =
        matches!(sampler, Head::Standard(Sampler::AlwaysOn | Sampler::ParentBasedAlwaysOn));
    Some(Tail {
        policy: policy?,
        max_bytes,
        max_trace_bytes,
        max_duration,
        grace,
        remembered,
        recording: recording.map_or_else(Recording::default, |given| given.value),
        implied: keeps_all.then_some(Threshold::ALWAYS),
    })
}

fn bytes(
    given: Option<Given<usize>>,
    least: usize,
    most: usize,
    default: usize,
    problems: &mut Problems,
) -> usize {
    let Some(Given { value, from }) = given else { return default };
    if (least..=most).contains(&value) {
        return value;
    }
    let remedy = if most == usize::MAX {
        format!("write a number of bytes, {least} or more")
    } else {
        format!("write a number of bytes from {least} to {most}, which is what all may take")
    };
    problems.add(from, Some(value.to_string()), remedy);
    default
}
