//! Writes the configurations of two tiers of Collectors.
//!
//! `interop/run` starts Collectors with them. The argument is how many seconds the second tier waits for a trace. Each line of the standard input is a policy, as in `OTEL_TRACED_TAIL`. For
//! each it prints a line, a JSON object with the `first` tier, the `second`, and what they keep that the policy does not,
//! as `widened`: nothing, where the Collector can express all of it.

use std::error::Error;
use std::time::Duration;

use otel_runtime::collector::{Resolver, Traffic, TwoTiers};
use serde_json::json;

fn main() -> Result<(), Box<dyn Error>> {
    let wait: u64 = std::env::args().nth(1).ok_or("how many seconds?")?.parse()?;
    for policy in std::io::stdin().lines() {
        // Whoever starts them puts in where they listen.
        let resolver = Resolver::addresses(["sampler-0:4317", "sampler-1:4317"]);
        let tiers = TwoTiers::new(policy?.parse()?, resolver)
            .traffic(Traffic::new(10_000.0))
            .decision_wait(Duration::from_secs(wait));
        let tiers = tiers.exact().or_else(|_| tiers.over_approximate())?;
        let written = json!({
            "first": tiers.first(),
            "second": tiers.second(),
            "widened": tiers.widened(),
        });
        println!("{written}");
    }
    Ok(())
}
