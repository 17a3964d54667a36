//! A service in the middle of a trace: it asks the one behind it what it is asked itself.
//!
//! `interop/run` puts services in other languages around it. It prints its address, and ends when
//! its standard input does.

use std::error::Error;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::routing::get;
use otel_runtime::context::{extract, inject};
use otel_runtime::traced;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let behind = std::env::args().nth(1).ok_or("usage: relay URL-OF-THE-SERVICE-BEHIND")?;
    let telemetry = otel_runtime::init()?;

    let router = Router::new().route("/items/{item}", get(relay)).with_state(behind);
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    println!("http://{}", listener.local_addr()?);
    axum::serve(listener, router)
        .with_graceful_shutdown(async {
            let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
        })
        .await?;

    telemetry.shutdown()?;
    Ok(())
}

#[traced(name = "GET /items/{item}", kind = server, parent = extract(&headers), attrs(item))]
async fn relay(
    State(behind): State<String>,
    Path(item): Path<String>,
    headers: HeaderMap,
) -> Result<String, StatusCode> {
    ask(&behind, &item).await.map_err(|_| StatusCode::BAD_GATEWAY)
}

#[traced(name = "GET", kind = client)]
async fn ask(behind: &str, item: &str) -> Result<String, reqwest::Error> {
    let mut headers = HeaderMap::new();
    inject(&mut headers);
    let request = reqwest::Client::new().get(format!("{behind}/items/{item}")).headers(headers);
    request.send().await?.error_for_status()?.text().await
}
