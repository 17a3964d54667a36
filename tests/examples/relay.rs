//! A service in the middle of a trace: it asks the one behind it what it is asked itself.
//!
//! `interop/run` puts services in other languages around it. It prints its address, and ends when
//! its standard input does.

use std::error::Error;
use std::net::SocketAddr;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use otel_runtime::reqwest::RequestBuilderExt;
use otel_runtime::tower::ServerLayer;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let behind = std::env::args().nth(1).ok_or("usage: relay URL-OF-THE-SERVICE-BEHIND")?;
    let telemetry = otel_runtime::init()?;

    let router = Router::new()
        .route("/items/{item}", get(relay))
        .layer(ServerLayer::new())
        .with_state(behind)
        .into_make_service_with_connect_info::<SocketAddr>();
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

async fn relay(
    State(behind): State<String>,
    Path(item): Path<String>,
) -> Result<String, StatusCode> {
    ask(&behind, &item).await.map_err(|_| StatusCode::BAD_GATEWAY)
}

async fn ask(behind: &str, item: &str) -> Result<String, reqwest::Error> {
    let request = reqwest::Client::new().get(format!("{behind}/items/{item}"));
    request.send_traced().await?.error_for_status()?.text().await
}
