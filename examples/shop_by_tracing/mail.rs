//! Sends mail, when it is asked to over HTTP.

use axum::Router;
use axum::extract::Path;
use axum::middleware::from_fn; // telemetry
use axum::routing::post;
use tokio::net::TcpListener;
use tracing::info;

use crate::processes::{Failure, let_go, listens_at};
use crate::telemetry; // telemetry

pub(crate) async fn run() -> Result<(), Failure> {
    let router =
        Router::new().route("/receipts/{order}", post(receipt)).layer(from_fn(telemetry::serve)); // telemetry
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    listens_at(listener.local_addr()?);
    axum::serve(listener, router).with_graceful_shutdown(let_go()).await?;
    Ok(())
}

#[tracing::instrument(skip_all, fields(order = order))] // telemetry
async fn receipt(Path(order): Path<i64>) {
    info!("sent");
}
