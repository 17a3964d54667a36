//! A service in the middle of a trace, over HTTP and over gRPC.
//!
//! `interop/run` puts services in other languages around it. It prints where it listens for HTTP and where for
//! gRPC, and ends when its standard input does. `STOCK` says whom it asks by gRPC, `BEHIND`, whom its gRPC service
//! asks by HTTP, and `BROKER`, where it publishes orders.

mod broker;
mod http;
mod stock;

use std::error::Error;
use std::net::SocketAddr;

use broker::Broker;
use otel_runtime::tonic::ClientLayer;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Endpoint, Server};

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error + Send + Sync>> {
    let telemetry = otel_runtime::init()?;
    let client = reqwest::Client::new();
    let grpc = TcpListener::bind("127.0.0.1:0").await?;
    let web = TcpListener::bind("127.0.0.1:0").await?;
    let own_stock = format!("http://{}", grpc.local_addr()?);
    println!("http://{} {own_stock}", web.local_addr()?);

    let stock = stock::service(client.clone(), std::env::var("BEHIND").ok());
    let server = Server::builder()
        .layer(otel_runtime::tonic::ServerLayer::new())
        .add_service(stock)
        .serve_with_incoming(TcpIncoming::from(grpc));
    tokio::spawn(server);

    let endpoint = Endpoint::from_shared(std::env::var("STOCK").unwrap_or(own_stock))?;
    let channel = ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy());
    let broker = match std::env::var("BROKER") {
        Ok(url) => Some(Broker::connect(&url).await?),
        Err(_) => None,
    };
    let router = http::router(client, channel, broker);
    let router = router.layer(otel_runtime::tower::ServerLayer::new());
    axum::serve(web, router.into_make_service_with_connect_info::<SocketAddr>())
        .with_graceful_shutdown(async {
            let _ = tokio::io::stdin().read_to_end(&mut Vec::new()).await;
        })
        .await?;

    telemetry.shutdown()?;
    Ok(())
}
