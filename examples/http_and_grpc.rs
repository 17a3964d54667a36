//! A shop with HTTP and gRPC: every kind of request, and the spans that it has.
//!
//! Customers ask the shop over HTTP (axum, reqwest), and the shop asks its stock by gRPC (tonic). All of it is
//! in one process here, and would look the same in three. The lines that end in `// telemetry` are all that
//! tracing takes. `docs/http-and-grpc.md` explains them.
//!
//! ```text
//! cargo run --example http_and_grpc
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 cargo run --example http_and_grpc
//! ```

use std::error::Error;
use std::sync::Arc;

use otel_runtime::reqwest::RequestBuilderExt; // telemetry
use otel_runtime::tonic::ClientLayer; // telemetry
use reqwest::Method;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tonic::transport::server::TcpIncoming;
use tonic::transport::{Endpoint, Server};

type Failure = Box<dyn Error + Send + Sync>;

fn main() -> Result<(), Failure> {
    let telemetry = otel_runtime::builder().service_name("shop").init()?; // telemetry

    let runtime = tokio::runtime::Runtime::new()?;
    let done = runtime.block_on(run());
    // What still runs ends with the runtime, and its spans with it.
    drop(runtime);
    telemetry.shutdown()?; // telemetry
    done
}

async fn run() -> Result<(), Failure> {
    // The stock, by gRPC.
    let searching = Arc::new(Notify::new());
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let endpoint = Endpoint::from_shared(format!("http://{}", listener.local_addr()?))?;
    let server = Server::builder()
        .layer(otel_runtime::tonic::ServerLayer::new()) // telemetry
        .add_service(stock::service(searching.clone()))
        .serve_with_incoming(TcpIncoming::from(listener));
    tokio::spawn(server);

    // The shop, over HTTP.
    let channel = ClientLayer::new(endpoint.uri()).layer(endpoint.connect_lazy()); // telemetry
    let router = shop::router(channel).layer(otel_runtime::tower::ServerLayer::new()); // telemetry
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    tokio::spawn(axum::serve(listener, router).into_future());

    customers(&url, &searching).await
}

/// Whatever customers do.
async fn customers(url: &str, searching: &Notify) -> Result<(), Failure> {
    let http = reqwest::Client::new();
    let ask = |method, path| {
        let request = http.request(method, format!("{url}{path}"));
        request.send_traced() // telemetry
    };

    for (method, path) in [
        (Method::GET, "/checkout/book"),
        (Method::GET, "/checkout/unicorn"),
        (Method::GET, "/nowhere"),
        (Method::POST, "/deliveries/lamp"),
        (Method::GET, "/watch/book"),
    ] {
        let response = ask(method, path).await?;
        println!("{path}: {}, {}", response.status(), response.text().await?);
    }

    // One has seen enough after the first line.
    let mut watched = ask(Method::GET, "/watch/lamp").await?;
    println!("/watch/lamp: {}, {:?}", watched.status(), watched.chunk().await?);
    drop(watched);

    // One does not wait for an answer.
    tokio::select! {
        response = ask(Method::GET, "/checkout/rarity") => println!("{:?}", response?),
        () = searching.notified() => println!("/checkout/rarity: the customer has left"),
    }
    Ok(())
}

/// What customers are told, over HTTP.
mod shop {
    use axum::Router;
    use axum::body::Body;
    use axum::extract::{Path, State};
    use axum::http::StatusCode;
    use axum::response::{IntoResponse, Response};
    use axum::routing::{get, post};
    use otel_example_stock::stock_client::StockClient;
    use otel_example_stock::{Delivery, Item};
    use otel_runtime::tonic::TracedClient; // telemetry
    use tokio_stream::StreamExt;
    use tonic::transport::Channel;
    use tonic::{Code, Status};

    type Stock = StockClient<TracedClient<Channel>>;

    pub(super) fn router(channel: TracedClient<Channel>) -> Router {
        Router::new()
            .route("/checkout/{item}", get(checkout))
            .route("/deliveries/{item}", post(deliver))
            .route("/watch/{item}", get(watch))
            .with_state(Stock::new(channel))
    }

    async fn checkout(
        State(mut stock): State<Stock>,
        Path(item): Path<String>,
    ) -> Result<String, Refused> {
        let pieces = stock.count(Item { name: item.clone() }).await?.into_inner();
        Ok(format!("one of {} pieces of {item}", pieces.number))
    }

    async fn deliver(
        State(mut stock): State<Stock>,
        Path(item): Path<String>,
    ) -> Result<String, Refused> {
        let boxes = (1..=3).map(move |pieces| Delivery { item: item.clone(), pieces });
        let pieces = stock.deliver(tokio_stream::iter(boxes)).await?.into_inner();
        Ok(format!("{} pieces are here", pieces.number))
    }

    async fn watch(
        State(mut stock): State<Stock>,
        Path(name): Path<String>,
    ) -> Result<Body, Refused> {
        let pieces = stock.watch(Item { name }).await?.into_inner();
        Ok(Body::from_stream(pieces.map(|pieces| pieces.map(|it| format!("{} ", it.number)))))
    }

    struct Refused(Status);

    impl From<Status> for Refused {
        fn from(status: Status) -> Self {
            Refused(status)
        }
    }

    impl IntoResponse for Refused {
        fn into_response(self) -> Response {
            let status = match self.0.code() {
                Code::NotFound => StatusCode::CONFLICT,
                _ => StatusCode::BAD_GATEWAY,
            };
            (status, self.0.message().to_owned()).into_response()
        }
    }
}

/// What the shop is told, by gRPC.
mod stock {
    use std::pin::Pin;
    use std::sync::Arc;

    use otel_example_stock::stock_server::{Stock, StockServer};
    use otel_example_stock::{Delivery, Item, Pieces};
    use otel_runtime::traced;
    use tokio::sync::Notify;
    use tokio_stream::{Stream, StreamExt};
    use tonic::{Request, Response, Status, Streaming};

    /// The service. It says when it is asked for what it will never find.
    pub(super) fn service(searching: Arc<Notify>) -> StockServer<Shelves> {
        StockServer::new(Shelves { searching })
    }

    pub(super) struct Shelves {
        searching: Arc<Notify>,
    }

    /// An annotated function is in the span of the call, also while a stream is made.
    #[traced(attrs(item))]
    fn shelf(item: &str) -> Result<u32, NoSuchShelf> {
        match item {
            "book" => Ok(7),
            "lamp" => Ok(1),
            _ => Err(NoSuchShelf),
        }
    }

    type Reply<T> = Result<Response<T>, Status>;
    type PiecesStream = Pin<Box<dyn Stream<Item = Result<Pieces, Status>> + Send>>;

    #[tonic::async_trait]
    impl Stock for Shelves {
        async fn count(&self, request: Request<Item>) -> Reply<Pieces> {
            let item = request.into_inner().name;
            if item == "rarity" {
                self.searching.notify_one();
                std::future::pending::<()>().await;
            }
            Ok(Response::new(Pieces { number: shelf(&item)? }))
        }

        type WatchStream = PiecesStream;

        async fn watch(&self, request: Request<Item>) -> Reply<PiecesStream> {
            let item = request.into_inner().name;
            let is_busy = item == "lamp";
            let changes = tokio_stream::iter(0..if is_busy { 1 } else { 3 });
            let pieces =
                changes.map(move |sold| Ok(Pieces { number: shelf(&item)?.saturating_sub(sold) }));
            Ok(Response::new(if is_busy {
                // Whoever watches this one is told of every change, for ever.
                Box::pin(pieces.chain(tokio_stream::pending()))
            } else {
                Box::pin(pieces)
            }))
        }

        async fn deliver(&self, request: Request<Streaming<Delivery>>) -> Reply<Pieces> {
            let mut boxes = request.into_inner();
            let mut number = 0;
            while let Some(delivery) = boxes.message().await? {
                number += delivery.pieces;
            }
            Ok(Response::new(Pieces { number }))
        }

        type ExchangeStream = PiecesStream;

        async fn exchange(&self, _: Request<Streaming<Delivery>>) -> Reply<PiecesStream> {
            Err(Status::unimplemented("nothing is taken back"))
        }
    }

    #[derive(Debug)]
    struct NoSuchShelf;

    impl std::fmt::Display for NoSuchShelf {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("no such shelf")
        }
    }

    impl From<NoSuchShelf> for Status {
        fn from(missing: NoSuchShelf) -> Self {
            Status::not_found(missing.to_string())
        }
    }
}
