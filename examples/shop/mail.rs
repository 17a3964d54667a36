//! Sends mail, when it is asked to over HTTP.

use axum::Router;
use axum::extract::Path;
use axum::routing::post;
use otel_runtime::tower::ServerLayer; // telemetry
use otel_runtime::traced; // telemetry
use tokio::net::TcpListener;
use tracing::info;

use crate::processes::{Failure, let_go, listens_at};

pub(crate) async fn run() -> Result<(), Failure> {
    let router = Router::new().route("/receipts/{order}", post(receipt)).layer(ServerLayer::new()); // telemetry
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    listens_at(listener.local_addr()?);
    axum::serve(listener, router).with_graceful_shutdown(let_go()).await?;
    Ok(())
}

#[traced(attrs(order))] // telemetry
async fn receipt(Path(order): Path<i64>) {
    info!("sent");
}
