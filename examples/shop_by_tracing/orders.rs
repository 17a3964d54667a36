//! Takes orders over HTTP, asks the stock, writes into the database, and has a worker send receipts.

use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::middleware::from_fn; // telemetry
use axum::response::{IntoResponse, Response};
use axum::routing::post;
use otel_example_stock::Item;
use otel_example_stock::stock_client::StockClient;
use sqlx::SqlitePool;
use sqlx::sqlite::SqlitePoolOptions;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tonic::transport::{Channel, Endpoint};
use tonic::{Code, Status};
use tracing::{Instrument, Span}; // telemetry
use tracing::{info, warn};

use crate::processes::{Failure, Process};
use crate::telemetry; // telemetry

#[derive(Clone)]
struct Shop {
    stock: StockClient<Channel>,
    orders: SqlitePool,
    receipts: mpsc::Sender<Receipt>,
}

/// What the worker is to do.
struct Receipt {
    order: i64,
    span: Span, // telemetry
}

pub(crate) async fn run() -> Result<(), Failure> {
    let (stock, mail) = (Process::start("stock").await?, Process::start("mail").await?);
    let orders = SqlitePoolOptions::new().max_connections(1).connect("sqlite::memory:").await?;
    sqlx::query("CREATE TABLE orders (id INTEGER PRIMARY KEY, item TEXT)").execute(&orders).await?;
    let (receipts, work) = mpsc::channel(100);
    let worker = tokio::spawn(send_receipts(work, mail.url.clone()));

    let endpoint = Endpoint::from_shared(stock.url.clone())?;
    let channel = endpoint.connect_lazy();
    let router = Router::new()
        .route("/orders/{item}", post(order))
        .layer(from_fn(telemetry::serve)) // telemetry
        .with_state(Shop { stock: StockClient::new(channel), orders, receipts });
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let url = format!("http://{}", listener.local_addr()?);
    let server = tokio::spawn(async { axum::serve(listener, router).await });

    for item in ["book", "lamp", "unicorn"] {
        let response = reqwest::Client::new().post(format!("{url}/orders/{item}")).send().await?;
        println!("{item}: {}, {}", response.status(), response.text().await?);
    }

    server.abort(); // with it go the router, and the sender that the worker waits for
    let _ = server.await;
    worker.await?;
    stock.end().await?;
    mail.end().await
}

#[tracing::instrument(skip_all, fields(item = item), err)] // telemetry
async fn order(State(mut shop): State<Shop>, Path(item): Path<String>) -> Result<String, Refused> {
    let span = telemetry::call("shop.v1.Stock/Count"); // telemetry
    let request = tonic::Request::new(Item { name: item.clone() });
    let request = span.in_scope(|| telemetry::inject_call(request)); // telemetry
    let counted = shop.stock.count(request).instrument(span.clone()).await; // telemetry
    telemetry::called(&span, &counted); // telemetry
    let pieces = counted?.into_inner().number;
    let order = insert(&shop.orders, &item).await?;
    info!(order, pieces, "ordered");
    let receipt = Receipt {
        order,
        span: Span::current(), // telemetry
    };
    if shop.receipts.try_send(receipt).is_err() {
        warn!(order, "there is no receipt");
    }
    Ok(format!("order {order}"))
}

const INSERT: &str = "INSERT INTO orders (item) VALUES (?)";

#[tracing::instrument(name = "INSERT orders", skip_all, err, fields(otel.kind = "client", db.system.name = "sqlite", db.query.text = INSERT))] // telemetry
async fn insert(orders: &SqlitePool, item: &str) -> Result<i64, sqlx::Error> {
    let done = sqlx::query(INSERT).bind(item).execute(orders).await?;
    Ok(done.last_insert_rowid())
}

async fn send_receipts(mut work: mpsc::Receiver<Receipt>, mail: String) {
    while let Some(receipt) = work.recv().await {
        if let Err(error) = send_receipt(&receipt, &mail).await {
            warn!(%error, "a receipt was not sent");
        }
    }
}

#[tracing::instrument(parent = &receipt.span, skip_all, err, fields(receipt.order = receipt.order))] // telemetry
async fn send_receipt(receipt: &Receipt, mail: &str) -> Result<(), reqwest::Error> {
    let request = reqwest::Client::new().post(format!("{mail}/receipts/{}", receipt.order));
    telemetry::send(request).await?.error_for_status()?; // telemetry
    info!("the receipt is on its way");
    Ok(())
}

#[derive(Debug)]
enum Refused {
    Stock(Status),
    Database(sqlx::Error),
}

impl From<Status> for Refused {
    fn from(status: Status) -> Self {
        Refused::Stock(status)
    }
}

impl From<sqlx::Error> for Refused {
    fn from(error: sqlx::Error) -> Self {
        Refused::Database(error)
    }
}

impl std::fmt::Display for Refused {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Refused::Stock(status) => f.write_str(status.message()),
            Refused::Database(error) => write!(f, "the database failed: {error}"),
        }
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        let status = match &self {
            Refused::Stock(status) if status.code() == Code::NotFound => StatusCode::CONFLICT,
            _ => StatusCode::BAD_GATEWAY,
        };
        (status, self.to_string()).into_response()
    }
}
