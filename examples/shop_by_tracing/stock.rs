//! Says how many pieces there are, by gRPC.

use std::pin::Pin;

use otel_example_stock::stock_server::{Stock, StockServer};
use otel_example_stock::{Delivery, Item, Pieces};
use tokio::net::TcpListener;
use tokio_stream::Stream;
use tonic::transport::Server;
use tonic::transport::server::TcpIncoming;
use tonic::{Request, Response, Status, Streaming};
use tracing::info;

use crate::processes::{Failure, let_go, listens_at};
use crate::telemetry; // telemetry

pub(crate) async fn run() -> Result<(), Failure> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    listens_at(listener.local_addr()?);
    Server::builder()
        .add_service(StockServer::new(Shelves))
        .serve_with_incoming_shutdown(TcpIncoming::from(listener), let_go())
        .await?;
    Ok(())
}

struct Shelves;

#[tracing::instrument(skip_all, fields(item = item), err)] // telemetry
fn count(item: &str) -> Result<u32, NoSuchShelf> {
    let pieces = match item {
        "book" => 7,
        "lamp" => 1,
        _ => return Err(NoSuchShelf),
    };
    info!(pieces, "counted");
    Ok(pieces)
}

#[derive(Debug)]
struct NoSuchShelf;

impl std::fmt::Display for NoSuchShelf {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("no such shelf")
    }
}

type PiecesStream = Pin<Box<dyn Stream<Item = Result<Pieces, Status>> + Send>>;

#[tonic::async_trait]
impl Stock for Shelves {
    async fn count(&self, request: Request<Item>) -> Result<Response<Pieces>, Status> {
        let (metadata, _, item) = request.into_parts(); // telemetry
        let span = telemetry::serve_call(&metadata, "shop.v1.Stock/Count"); // telemetry
        let result = span.in_scope(|| match count(&item.name) {
            // telemetry
            Ok(number) => Ok(Response::new(Pieces { number })),
            Err(missing) => Err(Status::not_found(missing.to_string())),
        }); // telemetry
        telemetry::called(&span, &result); // telemetry
        result // telemetry
    }

    type WatchStream = PiecesStream;

    async fn watch(&self, _: Request<Item>) -> Result<Response<PiecesStream>, Status> {
        Err(Status::unimplemented("nobody watches"))
    }

    async fn deliver(&self, _: Request<Streaming<Delivery>>) -> Result<Response<Pieces>, Status> {
        Err(Status::unimplemented("nothing is delivered"))
    }

    type ExchangeStream = PiecesStream;

    async fn exchange(
        &self,
        _: Request<Streaming<Delivery>>,
    ) -> Result<Response<PiecesStream>, Status> {
        Err(Status::unimplemented("nothing is taken back"))
    }
}
