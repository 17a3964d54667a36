//! Two tiers of Collectors that keep what `OTEL_TRACED_TAIL` keeps, as YAML.
//!
//! ```text
//! OTEL_TRACED_TAIL="error,slower=250ms,ratio=0.05" cargo run --example collector -- second > second.yaml
//! ```
//!
//! `first` or `second` says which tier; without one both are written. `--over-approximate` keeps more where the
//! Collector cannot do exactly what the policy says. Further variables: `SAMPLERS`, where the second tier is
//! (`sampler-1:4317,sampler-2:4317`, or `dns:sampler:4317`), `BACKEND`, where it sends what is kept, `DECISION_WAIT` in
//! seconds, `TRACES_PER_SECOND`, and `OWN_METRICS=false`, with which several Collectors fit on one machine.

use std::env;
use std::error::Error;
use std::process::ExitCode;
use std::str::FromStr;
use std::time::Duration;

use otel_runtime::collector::{Resolver, Traffic, TwoTiers};

fn main() -> ExitCode {
    match write() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn write() -> Result<(), Box<dyn Error>> {
    let policy = env::var("OTEL_TRACED_TAIL").map_err(|_| "set OTEL_TRACED_TAIL, such as error")?;
    let samplers = env::var("SAMPLERS").unwrap_or_else(|_| "dns:sampler:4317".to_owned());
    let resolver = match samplers.strip_prefix("dns:").and_then(|it| it.rsplit_once(':')) {
        Some((host, port)) => Resolver::dns(host, port.parse()?),
        None => Resolver::addresses(samplers.split(',')),
    };
    let mut tiers = TwoTiers::new(policy.parse()?, resolver)
        .traffic(Traffic::new(number("TRACES_PER_SECOND", 1000.0)?))
        .decision_wait(Duration::from_secs(number("DECISION_WAIT", 30)?))
        .own_metrics(number("OWN_METRICS", true)?);
    if let Ok(backend) = env::var("BACKEND") {
        tiers = tiers.backend(backend);
    }
    let arguments: Vec<String> = env::args().skip(1).collect();
    let asks = |word: &str| arguments.iter().any(|argument| argument == word);
    let written =
        if asks("--over-approximate") { tiers.over_approximate()? } else { tiers.exact()? };
    match (asks("first"), asks("second")) {
        (true, false) => print!("{}", written.first()),
        (false, true) => print!("{}", written.second()),
        _ => print!("{written}"),
    }
    Ok(())
}

fn number<T: FromStr>(name: &str, default: T) -> Result<T, String> {
    match env::var(name) {
        Ok(text) => text.parse().map_err(|_| format!("{name} cannot be {text:?}")),
        Err(_) => Ok(default),
    }
}
