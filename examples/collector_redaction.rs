//! A Collector that redacts the spans of other services, as YAML.
//!
//! ```text
//! BACKEND=http://127.0.0.1:4318 cargo run --example collector_redaction -- personal > redaction.yaml
//! otelcol-contrib --config redaction.yaml --feature-gates=+ottl.set.allowNil
//! ```
//!
//! `secrets`, which it is without a word, or `personal` says how much it looks for. Variables: `ACTIONS`, such as
//! `contact=hash,network=keep`; `LISTEN`, where it takes spans in; `BACKEND`, where it sends them.

use std::env;
use std::error::Error;

use otel_runtime::collector::Redaction;
use otel_runtime::privacy::Coverage;

fn main() -> Result<(), Box<dyn Error>> {
    let coverage = match env::args().nth(1).as_deref() {
        None | Some("secrets") => Coverage::Secrets,
        Some("personal") => Coverage::Personal,
        Some(other) => {
            return Err(format!("write `secrets` or `personal`, and not `{other}`").into());
        }
    };
    let actions = env::var("ACTIONS").unwrap_or_default().parse()?;
    let mut redaction = Redaction::new(coverage, actions);
    if let Ok(address) = env::var("LISTEN") {
        redaction = redaction.listen(address);
    }
    if let Ok(backend) = env::var("BACKEND") {
        redaction = redaction.backend(backend);
    }
    print!("{}", redaction.over_approximate()?);
    Ok(())
}
