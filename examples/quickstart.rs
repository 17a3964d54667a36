//! Two services, one trace: a shop asks a warehouse whether an item is in stock.
//!
//! Each runs in a process of its own, since a process has one resource. The program starts itself
//! again as the warehouse, serves the shop, buys three things there over HTTP, and ends.
//!
//! ```text
//! cargo run --example quickstart
//! OTEL_EXPORTER_OTLP_ENDPOINT=http://localhost:4318 cargo run --example quickstart
//! ```

use std::error::Error;

type Failure = Box<dyn Error + Send + Sync>;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    match std::env::args().nth(1).as_deref() {
        Some("warehouse") => warehouse::run().await,
        _ => shop::run().await,
    }
}

/// The service that customers talk to.
mod shop {
    use std::process::Stdio;

    use axum::Router;
    use axum::extract::{Path, State};
    use axum::http::StatusCode;
    use axum::response::{IntoResponse, Response};
    use axum::routing::get;
    use otel_runtime::reqwest::RequestBuilderExt;
    use otel_runtime::tower::ServerLayer;
    use otel_runtime::traced;
    use tokio::io::{AsyncBufReadExt, BufReader};
    use tokio::net::TcpListener;
    use tokio::process::{Child, Command};

    use super::Failure;

    pub(super) async fn run() -> Result<(), Failure> {
        let telemetry = otel_runtime::builder().service_name("shop").init()?;

        let (mut warehouse, warehouse_url) = start_warehouse().await?;
        let shop = Shop { http: reqwest::Client::new(), warehouse: warehouse_url };
        let router = Router::new()
            .route("/checkout/{item}", get(checkout))
            .layer(ServerLayer::new()) // a span for each request, in its caller's trace
            .with_state(shop);
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let url = format!("http://{}", listener.local_addr()?);
        let server = tokio::spawn(async { axum::serve(listener, router).await });

        for item in ["book", "lamp", "unicorn"] {
            let response = reqwest::get(format!("{url}/checkout/{item}")).await?;
            let status = response.status();
            println!("GET /checkout/{item}: {status}, {}", response.text().await?);
        }

        server.abort();
        // The warehouse ends when nobody holds its standard input any more.
        drop(warehouse.stdin.take());
        warehouse.wait().await?;
        telemetry.shutdown()?;
        Ok(())
    }

    /// Starts this program again, and reads from its first line where it listens.
    async fn start_warehouse() -> Result<(Child, String), Failure> {
        let mut child = Command::new(std::env::current_exe()?)
            .arg("warehouse")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .kill_on_drop(true)
            .spawn()?;
        let stdout = child.stdout.take().ok_or("the warehouse has no standard output")?;
        let mut url = String::new();
        BufReader::new(stdout).read_line(&mut url).await?;
        Ok((child, url.trim_end().to_owned()))
    }

    #[derive(Clone)]
    struct Shop {
        http: reqwest::Client,
        warehouse: String,
    }

    #[traced(attrs(item))]
    async fn checkout(
        State(shop): State<Shop>,
        Path(item): Path<String>,
    ) -> Result<String, CheckoutError> {
        let customer = Customer { id: 4815, email: "ada@example.org".to_owned() };
        reserve(&shop, &item).await?;
        // A task of its own, and in this trace: `#[traced]` sees to that.
        let receipt = tokio::spawn(send_receipt(customer, item.clone()));
        let bytes = receipt.await.map_err(|_| CheckoutError::NoReceipt)?;
        Ok(format!("{item} is yours ({bytes} bytes of receipt)"))
    }

    async fn reserve(shop: &Shop, item: &str) -> Result<(), CheckoutError> {
        let url = format!("{}/stock/{item}", shop.warehouse);
        // A span that travels in the headers: the warehouse continues it.
        let response = shop.http.get(url).send_traced().await?;
        if response.status() == StatusCode::CONFLICT {
            return Err(CheckoutError::NoStock);
        }
        response.error_for_status()?;
        Ok(())
    }

    struct Customer {
        id: u64,
        email: String,
    }

    /// `customer.email` is listed, and personal: `skip_pii` keeps it out. The id stays.
    #[traced(skip_pii, attrs(customer.id = customer.id, customer.email, item))]
    async fn send_receipt(customer: Customer, item: String) -> usize {
        let text = format!("To {}: thank you for the {item}.", customer.email);
        tokio::task::yield_now().await;
        text.len()
    }

    #[derive(Debug)]
    enum CheckoutError {
        NoStock,
        NoReceipt,
        Warehouse(reqwest::Error),
    }

    impl From<reqwest::Error> for CheckoutError {
        fn from(error: reqwest::Error) -> Self {
            CheckoutError::Warehouse(error)
        }
    }

    impl std::fmt::Display for CheckoutError {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            match self {
                CheckoutError::NoStock => f.write_str("out of stock"),
                CheckoutError::NoReceipt => f.write_str("the receipt could not be sent"),
                CheckoutError::Warehouse(error) => write!(f, "the warehouse failed: {error}"),
            }
        }
    }

    impl IntoResponse for CheckoutError {
        fn into_response(self) -> Response {
            let status = match self {
                CheckoutError::NoStock => StatusCode::CONFLICT,
                CheckoutError::NoReceipt | CheckoutError::Warehouse(_) => StatusCode::BAD_GATEWAY,
            };
            (status, self.to_string()).into_response()
        }
    }
}

/// The service that the shop talks to.
mod warehouse {
    use std::collections::BTreeMap;

    use axum::Router;
    use axum::extract::Path;
    use axum::http::StatusCode;
    use axum::routing::get;
    use otel_runtime::tower::ServerLayer;
    use otel_runtime::traced;
    use tokio::io::AsyncReadExt;
    use tokio::net::TcpListener;

    use super::Failure;

    pub(super) async fn run() -> Result<(), Failure> {
        let telemetry = otel_runtime::builder().service_name("warehouse").init()?;

        let router = Router::new().route("/stock/{item}", get(stock)).layer(ServerLayer::new());
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

    async fn stock(Path(item): Path<String>) -> (StatusCode, String) {
        match count(&shelves(), &item) {
            0 => (StatusCode::CONFLICT, format!("no {item}")),
            pieces => (StatusCode::OK, format!("{pieces} pieces")),
        }
    }

    #[traced]
    fn shelves() -> Vec<BTreeMap<&'static str, u32>> {
        vec![BTreeMap::from([("book", 3), ("lamp", 1)]), BTreeMap::from([("book", 4)])]
    }

    #[traced(attrs(item, shelves = shelves.len()))]
    fn count(shelves: &[BTreeMap<&'static str, u32>], item: &str) -> u32 {
        shelves.iter().filter_map(|shelf| shelf.get(item)).sum()
    }
}
