//! Programs that set up their logs in one call, one for each name.

use std::error::Error;

use otel_runtime::logs::{self, Errors};
use otel_runtime::traced;
use tracing::{error, info, instrument};

#[traced(attrs(tenant.id = 7))]
fn works() {
    info!("by tracing");
    log::info!("by log");
    error!("it failed");
    bridged();
}

#[instrument]
fn bridged() {
    info!("bridged");
}

fn main() -> Result<(), Box<dyn Error>> {
    let form = std::env::args().nth(1).unwrap_or_default();
    let telemetry = otel_runtime::init()?;
    match form.as_str() {
        "one-call" => otel_runtime::logs()?,
        "twice" => {
            otel_runtime::logs()?;
            println!("{}", otel_runtime::logs().expect_err("the first stays"));
        }
        "after-another" => {
            tracing::subscriber::set_global_default(tracing_subscriber::registry())?;
            println!("{}", otel_runtime::logs().expect_err("the first stays"));
        }
        "with-settings" => logs::builder()
            .json()
            .attributes(["tenant.id"])
            .errors(Errors::SpanStatus)
            .instrumented_spans()
            .filter("info,logged=debug")
            .install()?,
        _ => {}
    }
    works();
    telemetry.shutdown()?;
    Ok(())
}
