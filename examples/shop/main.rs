//! A shop of three services with a database and a worker: axum, tonic, reqwest, `SQLite`, traces and logs.
//!
//! Each service runs in a process of its own; the program starts itself again for the two that the shop needs. The
//! lines that end in `// telemetry` are all that traces and logs take. `examples/shop_by_tracing` is the same shop with
//! `tracing` and `tracing-opentelemetry`.
//!
//! ```text
//! cargo run --example shop
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 cargo run --example shop
//! ```

mod mail;
mod orders;
#[path = "../shop_processes.rs"]
mod processes;
mod stock;

use processes::Failure;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let service = std::env::args().nth(1).unwrap_or_else(|| "orders".to_owned());
    let telemetry = otel_runtime::builder().service_name(service.clone()).init()?; // telemetry
    otel_runtime::logs()?; // telemetry
    let done = match service.as_str() {
        "stock" => stock::run().await,
        "mail" => mail::run().await,
        _ => orders::run().await,
    };
    telemetry.shutdown()?; // telemetry
    done
}
