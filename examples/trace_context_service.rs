//! A service that the test suite of W3C Trace Context can be run against.
//!
//! What a request asks for is a JSON array of `{"url", "arguments"}`: for each entry, in order, the
//! service POSTs `arguments` to `url`, in the trace of the request.
//!
//! ```text
//! cargo run --example trace_context_service -- 127.0.0.1:5000
//!
//! git clone https://github.com/w3c/trace-context && cd trace-context/test
//! pip install aiohttp
//! SPEC_LEVEL=2 python test.py http://127.0.0.1:5000/test
//! ```

use std::error::Error;

use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use axum::{Json, Router};
use otel_runtime::reqwest::RequestBuilderExt;
use otel_runtime::tower::ServerLayer;
use serde::Deserialize;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let telemetry = otel_runtime::builder().service_name("trace-context-service").init()?;

    let address = std::env::args().nth(1).unwrap_or_else(|| "127.0.0.1:0".to_owned());
    let listener = TcpListener::bind(address).await?;
    println!("http://{}/test", listener.local_addr()?);
    let router = Router::new()
        .route("/test", post(test))
        .layer(ServerLayer::new()) // continues the caller's trace, if the headers name one
        .with_state(reqwest::Client::new());
    axum::serve(listener, router).await?;

    telemetry.shutdown()?;
    Ok(())
}

/// A request that this service is asked to make.
#[derive(Deserialize)]
struct Call {
    url: String,
    #[serde(default)]
    arguments: serde_json::Value,
}

async fn test(
    State(http): State<reqwest::Client>,
    Json(calls): Json<Vec<Call>>,
) -> Result<(), (StatusCode, String)> {
    for call in &calls {
        make(&http, call).await.map_err(|error| (StatusCode::BAD_GATEWAY, error.to_string()))?;
    }
    Ok(())
}

/// Sends a request, under a span of its own.
async fn make(http: &reqwest::Client, call: &Call) -> Result<(), reqwest::Error> {
    let request = http.post(&call.url).json(&call.arguments);
    request.send_traced().await?.error_for_status()?;
    Ok(())
}
