//! What is it asked by gRPC?

use std::pin::Pin;

use otel_example_stock::stock_server::{Stock, StockServer};
use otel_example_stock::{Delivery, Item, Pieces};
use otel_runtime::reqwest::RequestBuilderExt;
use reqwest::StatusCode;
use tokio_stream::Stream;
use tonic::{Request, Response, Status, Streaming};

/// A stock that asks the HTTP service `behind`, if there is one.
pub(crate) fn service(client: reqwest::Client, behind: Option<String>) -> StockServer<Shelves> {
    StockServer::new(Shelves { client, behind })
}

pub(crate) struct Shelves {
    client: reqwest::Client,
    behind: Option<String>,
}

impl Shelves {
    async fn count(&self, item: &str) -> Result<u32, Status> {
        if item == "rarity" {
            // It is looked for until the deadline of whoever asks.
            std::future::pending::<()>().await;
        }
        if let Some(behind) = &self.behind {
            let request = self.client.get(format!("{behind}/items/{item}"));
            let response = request
                .send_traced()
                .await
                .map_err(|error| Status::unavailable(error.to_string()))?;
            if response.status() == StatusCode::NOT_FOUND {
                return Err(Status::not_found("no such item"));
            }
        }
        match item {
            "book" => Ok(7),
            "lamp" => Ok(1),
            "ruin" => Err(Status::internal("the shelf fell down")),
            _ => Err(Status::not_found("no such item")),
        }
    }
}

type Reply<T> = Result<Response<T>, Status>;
type PiecesStream = Pin<Box<dyn Stream<Item = Result<Pieces, Status>> + Send>>;

#[tonic::async_trait]
impl Stock for Shelves {
    async fn count(&self, request: Request<Item>) -> Reply<Pieces> {
        let number = self.count(&request.into_inner().name).await?;
        Ok(Response::new(Pieces { number }))
    }

    type WatchStream = PiecesStream;

    async fn watch(&self, request: Request<Item>) -> Reply<PiecesStream> {
        let number = self.count(&request.into_inner().name).await?;
        let sold = (0..3).map(move |sold| Ok(Pieces { number: number.saturating_sub(sold) }));
        Ok(Response::new(Box::pin(tokio_stream::iter(sold))))
    }

    async fn deliver(&self, _: Request<Streaming<Delivery>>) -> Reply<Pieces> {
        Err(Status::unimplemented("nobody delivers here"))
    }

    type ExchangeStream = PiecesStream;

    async fn exchange(&self, _: Request<Streaming<Delivery>>) -> Reply<PiecesStream> {
        Err(Status::unimplemented("nothing is taken back"))
    }
}
