//! Half of a program by `#[instrument]`, half by `#[traced]`: one trace, in both directions, and lines that know it.
//!
//! ```text
//! cargo run --example beside_tracing
//! ```

use std::error::Error;

use otel_runtime::{logs, traced};
use tracing::{info, instrument, warn};

/// What is ordered, and how many.
const ORDER: [(&str, u32); 2] = [("book", 1), ("unicorn", 3)];

fn main() -> Result<(), Box<dyn Error>> {
    // First: it sets the provider that the spans of both halves go to.
    let telemetry = otel_runtime::init()?;
    logs::builder().instrumented_spans().install()?;
    info!("open"); // in no span, so this line has no ids
    checkout(7);
    telemetry.shutdown()?;
    Ok(())
}

#[traced(attrs(order_id))]
fn checkout(order_id: u64) {
    info!(order_id, "checking out");
    for (item, quantity) in ORDER {
        reserve(item, quantity);
    }
}

/// The other half: under the span of `checkout`.
#[instrument]
fn reserve(item: &str, quantity: u32) {
    info!("reserving");
    let in_stock = count(item);
    if in_stock < quantity {
        warn!(in_stock, "not enough");
    }
}

/// Under the span of `reserve`.
#[traced(attrs(item))]
fn count(item: &str) -> u32 {
    let in_stock = select(item);
    // Has the ids of this span, not of `reserve`, which is the innermost of `tracing`.
    info!(in_stock, "counted");
    // On this span, too.
    otel_runtime::record("in_stock", i64::from(in_stock));
    in_stock
}

/// Under the span of `count`.
#[instrument(fields(otel.kind = "client"))]
fn select(item: &str) -> u32 {
    info!("selecting");
    if item == "book" { 12 } else { 0 }
}
