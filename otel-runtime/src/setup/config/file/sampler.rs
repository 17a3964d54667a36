//! Which sampler does a file describe?

use super::section::{Entry, SectionReader};
use crate::sampling::{Head, HeadSampler, ParentBased, Sampler};
use crate::setup::config::source::Given;

const KNOWN: [&str; 8] = [
    "always_on",
    "always_off",
    "trace_id_ratio_based",
    "parent_based",
    "always_record",
    "composite/development",
    "jaeger_remote/development",
    "probability/development",
];

/// A sampler as it is written.
enum Described {
    AlwaysOn,
    AlwaysOff,
    Ratio(f64),
    ParentBased(Box<Branches>),
}

#[derive(Default)]
struct Branches {
    root: Option<Described>,
    remote_parent_sampled: Option<Described>,
    remote_parent_not_sampled: Option<Described>,
    local_parent_sampled: Option<Described>,
    local_parent_not_sampled: Option<Described>,
}

/// `sampler`
pub(super) fn read(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Given<Head>> {
    let path = entry.path().to_owned();
    let described = describe(entry, reader)?;
    Some(reader.given(path, described.head()))
}

fn describe(entry: Entry, reader: &mut SectionReader<'_>) -> Option<Described> {
    let (kind, entry) = entry.choice(&KNOWN, reader)?;
    match kind {
        "always_on" => {
            entry.nothing(reader);
            Some(Described::AlwaysOn)
        }
        "always_off" => {
            entry.nothing(reader);
            Some(Described::AlwaysOff)
        }
        "trace_id_ratio_based" => ratio(entry, reader).map(Described::Ratio),
        "parent_based" => {
            let mut section = entry.section(reader);
            let mut branch = |key| section.take(key).and_then(|entry| describe(entry, reader));
            let branches = Branches {
                root: branch("root"),
                remote_parent_sampled: branch("remote_parent_sampled"),
                remote_parent_not_sampled: branch("remote_parent_not_sampled"),
                local_parent_sampled: branch("local_parent_sampled"),
                local_parent_not_sampled: branch("local_parent_not_sampled"),
            };
            section.finish(reader);
            Some(Described::ParentBased(Box::new(branches)))
        }
        "jaeger_remote/development" => {
            let remedy = "samplers that ask a server are not supported: write trace_id_ratio_based";
            entry.fault(remedy, reader);
            None
        }
        _ => {
            let remedy = "this is not supported: write one of always_on, always_off, \
                          trace_id_ratio_based, parent_based";
            entry.fault(remedy, reader);
            None
        }
    }
}

/// "1.0 is used."
fn ratio(entry: Entry, reader: &mut SectionReader<'_>) -> Option<f64> {
    let mut section = entry.section(reader);
    let given = section.take("ratio").map(|entry| entry.number(reader));
    section.finish(reader);
    let Some(given) = given else { return Some(1.0) };
    let Given { value, from } = given?;
    if !(0.0..=1.0).contains(&value) {
        let remedy = "write a number from 0 to 1, such as 0.25";
        reader.problems.add(from, Some(value.to_string()), remedy);
        return None;
    }
    Some(value)
}

impl Described {
    fn head(self) -> Head {
        let standard = match &self {
            Described::AlwaysOn => Some(Sampler::AlwaysOn),
            Described::AlwaysOff => Some(Sampler::AlwaysOff),
            Described::Ratio(ratio) => Some(Sampler::TraceIdRatio(*ratio)),
            Described::ParentBased(branches) => branches.standard(),
        };
        standard.map_or_else(|| Head::Sampler(self.build()), Head::Standard)
    }

    fn build(self) -> HeadSampler {
        match self {
            Described::AlwaysOn => Sampler::AlwaysOn.into(),
            Described::AlwaysOff => Sampler::AlwaysOff.into(),
            Described::Ratio(ratio) => Sampler::TraceIdRatio(ratio).into(),
            Described::ParentBased(branches) => branches.build(),
        }
    }
}

impl Branches {
    /// The same sampler as one that a variable can name, if there is one: those are known to follow
    /// their parents.
    fn standard(&self) -> Option<Sampler> {
        let is_on = |branch: &Option<Described>| matches!(branch, None | Some(Described::AlwaysOn));
        let is_off =
            |branch: &Option<Described>| matches!(branch, None | Some(Described::AlwaysOff));
        let follows = is_on(&self.remote_parent_sampled)
            && is_off(&self.remote_parent_not_sampled)
            && is_on(&self.local_parent_sampled)
            && is_off(&self.local_parent_not_sampled);
        match &self.root {
            _ if !follows => None,
            None | Some(Described::AlwaysOn) => Some(Sampler::ParentBasedAlwaysOn),
            Some(Described::AlwaysOff) => Some(Sampler::ParentBasedAlwaysOff),
            Some(Described::Ratio(ratio)) => Some(Sampler::ParentBasedTraceIdRatio(*ratio)),
            Some(Described::ParentBased(_)) => None,
        }
    }

    fn build(self) -> HeadSampler {
        let on = |branch: Option<Described>| branch.unwrap_or(Described::AlwaysOn).build();
        let off = |branch: Option<Described>| branch.unwrap_or(Described::AlwaysOff).build();
        ParentBased::new(on(self.root))
            .remote_parent_sampled(on(self.remote_parent_sampled))
            .remote_parent_not_sampled(off(self.remote_parent_not_sampled))
            .local_parent_sampled(on(self.local_parent_sampled))
            .local_parent_not_sampled(off(self.local_parent_not_sampled))
            .into()
    }
}
