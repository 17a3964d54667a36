//! Where do spans go?

use std::path::PathBuf;

use super::describe::Origins;
use super::problems::Problems;
use super::proxies::Proxies;
use super::settings::{self, BatchSettings, Exporter, OtlpSettings};
use super::source::{Given, Source};
use super::{Destination, Processor, batch, otlp};
use crate::export::settings::{Console, Output, Signal, View};

/// Settings that hold for all processors.
pub(super) struct Common {
    pub(super) otlp: OtlpSettings,
    pub(super) batch: BatchSettings,
    pub(super) view: View,
    pub(super) system_roots: Option<Given<PathBuf>>,
    pub(super) proxies: Proxies,
}

/// The processors, in order. For one that cannot be built, a problem says why.
pub(super) fn resolve(
    chosen: Vec<settings::Processor>,
    common: Common,
    origins: &mut Origins,
    problems: &mut Problems,
) -> Vec<Processor> {
    if chosen.is_empty() {
        return by_default(common, origins, problems).into_iter().collect();
    }
    let names: Vec<&str> = chosen.iter().map(|it| it.exporter.value.name()).collect();
    let names = names.join(",");
    let is_one = chosen.len() == 1;
    let mut processors: Vec<Processor> = Vec::new();
    for settings::Processor { exporter: Given { value, from }, otlp, batch } in chosen {
        let name = value.name();
        if matches!(value, Exporter::None) && !is_one {
            problems.add(from, Some(names.clone()), "write none alone, or leave it out");
            continue;
        }
        // What code says for all processors wins over what a file says for one.
        let common = Common {
            otlp: common.otlp.clone().over(otlp),
            batch: common.batch.clone().over(batch),
            view: common.view.clone(),
            system_roots: common.system_roots.clone(),
            proxies: common.proxies.clone(),
        };
        let exporter = Given { value, from: from.clone() };
        let Some(processor) = self::processor(exporter, common, origins, problems) else {
            continue;
        };
        let mut others = processors.iter().map(|other| &other.destination);
        if others.any(|other| other.is_same(&processor.destination)) {
            let remedy = format!("{name} is there twice: leave one of them out");
            problems.add(from, Some(names.clone()), remedy);
        } else {
            processors.push(processor);
        }
    }
    processors
}

/// Where spans go if nobody chose an exporter: to an endpoint if there is one, else onto the
/// terminal of the developer.
fn by_default(common: Common, origins: &mut Origins, problems: &mut Problems) -> Option<Processor> {
    let endpoint = &common.otlp.endpoint;
    // Whoever sets an endpoint has chosen OTLP.
    let endpoint = endpoint.own.as_ref().or(endpoint.base.as_ref());
    let from = endpoint.map_or(Source::Default, |given| given.from.clone());
    if endpoint.is_some() || !cfg!(feature = "console") {
        return processor(Given { value: Exporter::Otlp, from }, common, origins, problems);
    }
    let Common { otlp, batch, view, system_roots: _, proxies: _ } = common;
    origins.of_processor(Source::Default, &otlp, &batch);
    Some(Processor {
        batch: batch::resolve(batch, problems),
        destination: Destination::Console(Console { hint: true, view }),
    })
}

fn processor(
    exporter: Given<Exporter>,
    Common { otlp, batch, view, system_roots, proxies }: Common,
    origins: &mut Origins,
    problems: &mut Problems,
) -> Option<Processor> {
    origins.of_processor(exporter.from.clone(), &otlp, &batch);
    let batch = batch::resolve(batch, problems);
    let destination = match exporter.value {
        Exporter::Otlp => {
            let mut otlp =
                otlp::resolve(otlp, Signal::Traces, system_roots.as_ref(), &proxies, problems)?;
            // The export timeout, which limits the whole export of other exporters, limits each attempt
            // of OTLP, which repeats them for longer.
            otlp.timeout = otlp.timeout.min(batch.export_timeout);
            Destination::Otlp(Box::new(otlp))
        }
        Exporter::Console if cfg!(feature = "console") => {
            Destination::Console(Console { hint: false, view })
        }
        Exporter::Console => {
            let remedy = "build with the feature `console` of otel-runtime, or choose otlp or none";
            problems.add(exporter.from, Some("console".to_owned()), remedy);
            return None;
        }
        Exporter::File(output) if cfg!(feature = "otlp-http") => {
            Destination::File { output, from: exporter.from }
        }
        Exporter::File(output) => {
            let remedy = "build with the feature `otlp-http` of otel-runtime, or choose another \
                          exporter";
            problems.add(exporter.from, Some(output.to_string()), remedy);
            return None;
        }
        Exporter::Custom(exporter) => Destination::Custom(exporter),
        Exporter::None | Exporter::Off => Destination::Nowhere,
    };
    Some(Processor { batch, destination })
}

impl Exporter {
    /// Its name in `OTEL_TRACES_EXPORTER`, if it has one.
    fn name(&self) -> &'static str {
        match self {
            Exporter::Otlp => "otlp",
            Exporter::Console => "console",
            Exporter::File(Output::File(_)) => "file",
            Exporter::File(Output::Stdout) => "otlp/stdout",
            Exporter::Custom(_) => "custom",
            Exporter::None | Exporter::Off => "none",
        }
    }
}

impl Destination {
    /// Whether both lead to the same place, so that it would get every span twice.
    fn is_same(&self, other: &Destination) -> bool {
        match (self, other) {
            (Destination::Otlp(one), Destination::Otlp(other)) => {
                one.endpoint == other.endpoint && one.headers == other.headers
            }
            (Destination::Console(_), Destination::Console(_)) => true,
            (Destination::File { output: one, .. }, Destination::File { output: other, .. }) => {
                one == other
            }
            _ => false,
        }
    }
}
