//! A warehouse that does what the name of an item says.

use std::pin::Pin;

use opentelemetry::Context;
use opentelemetry::trace::TraceContextExt;
use otel_example_stock::stock_server::Stock;
use otel_example_stock::{Delivery, Item, Pieces};
use otel_runtime::traced;
use tokio::sync::mpsc::UnboundedSender;
use tokio_stream::{Stream, StreamExt};
use tonic::{Code, Request, Response, Status, Streaming};

/// Tells the test when it, and so what holds it, is dropped.
pub(crate) struct Dropped(pub(crate) UnboundedSender<()>);

impl Drop for Dropped {
    fn drop(&mut self) {
        // Inside the call: this is a span of its.
        shelves();
        let _ = self.0.send(());
    }
}

pub(crate) struct Warehouse {
    pub(crate) begun: UnboundedSender<()>,
    pub(crate) dropped: UnboundedSender<()>,
}

#[traced]
pub(crate) fn shelves() -> u32 {
    7
}

type Reply<T> = Result<Response<T>, Status>;
type Many = Pin<Box<dyn Stream<Item = Result<Pieces, Status>> + Send>>;

fn one(number: u32) -> Pieces {
    Pieces { number }
}

/// `code 5` is an error with that code.
fn wanted(name: &str) -> Result<(), Status> {
    let Some(code) = name.strip_prefix("code ") else { return Ok(()) };
    let code = Code::from_i32(code.parse().expect("a number"));
    if code == Code::Ok { Ok(()) } else { Err(Status::new(code, "as was wanted")) }
}

#[tonic::async_trait]
impl Stock for Warehouse {
    async fn count(&self, request: Request<Item>) -> Reply<Pieces> {
        let name = request.into_inner().name;
        wanted(&name)?;
        match &*name {
            "never" => {
                let _dropped = Dropped(self.dropped.clone());
                let _ = self.begun.send(());
                std::future::pending().await
            }
            "panic" => panic!("out of order"),
            "trace" => {
                let context = Context::current();
                let trace = context.span().span_context().trace_id().to_bytes();
                Ok(Response::new(one(u32::from(trace[15]))))
            }
            _ => {
                tokio::task::yield_now().await;
                let mut response = Response::new(one(shelves()));
                response.metadata_mut().insert("shelf", "left".parse().expect("ASCII"));
                Ok(response)
            }
        }
    }

    type WatchStream = Many;

    async fn watch(&self, request: Request<Item>) -> Reply<Many> {
        let name = request.into_inner().name;
        wanted(&name)?;
        let three = tokio_stream::iter(0..3).map(|number| Ok(one(number + shelves())));
        Ok(Response::new(match &*name {
            "endless" => {
                let dropped = Dropped(self.dropped.clone());
                Box::pin(three.chain(tokio_stream::pending()).map(move |item| {
                    let _ = &dropped;
                    item
                }))
            }
            "fails" => {
                let last = tokio_stream::once(Err(Status::data_loss("a shelf fell")));
                Box::pin(three.chain(last))
            }
            "panics" => Box::pin(three.map(|_| panic!("out of order"))),
            _ => Box::pin(three),
        }))
    }

    async fn deliver(&self, request: Request<Streaming<Delivery>>) -> Reply<Pieces> {
        let mut deliveries = request.into_inner();
        let mut number = 0;
        while let Some(delivery) = deliveries.message().await? {
            wanted(&delivery.item)?;
            number += delivery.pieces;
        }
        Ok(Response::new(one(number + shelves())))
    }

    type ExchangeStream = Many;

    async fn exchange(&self, request: Request<Streaming<Delivery>>) -> Reply<Many> {
        let counted = request.into_inner().map(|delivery| {
            let delivery = delivery?;
            wanted(&delivery.item)?;
            Ok(one(delivery.pieces + shelves()))
        });
        Ok(Response::new(Box::pin(counted)))
    }
}
