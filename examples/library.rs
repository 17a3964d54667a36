//! A library that is annotated, in a program that traces and in one that does not.
//!
//! `otel-example-pricing` depends on the attribute and the OpenTelemetry API only. As long as the
//! program does not start tracing, its functions do what they did before.
//!
//! ```text
//! cargo run --example library
//! ```

use std::error::Error;

use otel_example_pricing::quote;

fn main() -> Result<(), Box<dyn Error>> {
    // Not traced: nobody has called `init`.
    println!("12 pieces: {} cents", quote(12, 250)?);

    let telemetry = otel_runtime::init()?;
    println!("12 pieces: {} cents", quote(12, 250)?);
    if let Err(error) = quote(0, 250) {
        println!("0 pieces: {error}");
    }
    telemetry.shutdown()?;
    Ok(())
}
