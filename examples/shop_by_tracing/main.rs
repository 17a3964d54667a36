//! The shop of `examples/shop` with `tracing` and `tracing-opentelemetry`: the same services, spans and logs.
//!
//! The lines that end in `// telemetry`, and the file `telemetry.rs`, are what traces and logs take here.
//!
//! ```text
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4317 cargo run --example shop_by_tracing
//! ```

mod mail;
mod orders;
#[path = "../shop_processes.rs"]
mod processes;
mod stock;
mod telemetry; // telemetry

use processes::Failure;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let service = std::env::args().nth(1).unwrap_or_else(|| "orders".to_owned());
    let provider = telemetry::init(&service)?; // telemetry
    let done = match service.as_str() {
        "stock" => stock::run().await,
        "mail" => mail::run().await,
        _ => orders::run().await,
    };
    provider.shutdown()?; // telemetry
    done
}
