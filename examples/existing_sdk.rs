//! A program that has set up OpenTelemetry by itself, and annotates functions all the same.
//!
//! The provider stays the program's: its sampler, its processors, its exporter, its shutdown.
//!
//! ```text
//! cargo run --example existing_sdk
//! ```

use std::error::Error;

use opentelemetry::global;
use opentelemetry::trace::Tracer;
use opentelemetry_sdk::error::OTelSdkResult;
use opentelemetry_sdk::trace::{SdkTracerProvider, SpanData, SpanExporter};
use otel_runtime::traced;

/// The program's own exporter: one line a span.
#[derive(Debug)]
struct Lines;

impl SpanExporter for Lines {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        for span in batch {
            let scope = span.instrumentation_scope.name();
            println!("{} under {} from {scope}", span.name, span.parent_span_id);
        }
        Ok(())
    }
}

#[traced(attrs(order_id))]
fn ship(order_id: u64) -> u64 {
    // Spans made by hand nest under annotated functions, and the other way round.
    global::tracer("by-hand").in_span("print label", |_| weigh(order_id))
}

#[traced]
fn weigh(order_id: u64) -> u64 {
    order_id % 7 + 1
}

fn main() -> Result<(), Box<dyn Error>> {
    let provider = SdkTracerProvider::builder().with_simple_exporter(Lines).build();
    global::set_tracer_provider(provider.clone());

    // The one line.
    otel_runtime::adopt(provider.clone())?;

    println!("order 4815 weighs {} kg", ship(4815));
    provider.shutdown()?;
    Ok(())
}
