//! What is it asked over HTTP?

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Method, StatusCode, Uri};
use axum::routing::{any, get};
use otel_example_stock::Item;
use otel_example_stock::stock_client::StockClient;
use otel_runtime::reqwest::RequestBuilderExt;
use otel_runtime::tonic::TracedClient;
use tonic::transport::Channel;
use tonic::{Code, Request, Status};

use crate::broker::Broker;

type Stock = StockClient<TracedClient<Channel>>;
type Answer = (StatusCode, String);

pub(crate) fn router(
    client: reqwest::Client,
    channel: TracedClient<Channel>,
    broker: Option<Broker>,
) -> Router {
    let stock = Stock::new(channel);
    let ordering = (stock.clone(), Arc::new(broker));
    Router::new()
        .route("/items/{item}", any(item).with_state(client))
        .route("/checkout/{item}", get(checkout).with_state(stock.clone()))
        .route("/watch/{item}", get(watch).with_state(stock))
        .route("/orders/{item}", get(order).with_state(ordering))
}

/// Passes on what the service at the URL in `then` answers. Without one, says which context it was called with.
async fn item(
    State(client): State<reqwest::Client>,
    method: Method,
    uri: Uri,
    headers: HeaderMap,
) -> Answer {
    let Some(then) = parameter(&uri, "then") else {
        let heard = ["traceparent", "tracestate", "baggage"]
            .map(|name| (name, headers.get(name).and_then(|value| value.to_str().ok())));
        let heard: serde_json::Map<_, _> =
            heard.into_iter().map(|(name, value)| (name.to_owned(), value.into())).collect();
        return (StatusCode::OK, serde_json::Value::Object(heard).to_string());
    };
    match client.request(method, then).send_traced().await {
        Ok(response) => (response.status(), response.text().await.unwrap_or_default()),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()),
    }
}

/// How many there are, as the stock says within as many milliseconds as `within` gives it.
async fn checkout(State(mut stock): State<Stock>, Path(name): Path<String>, uri: Uri) -> Answer {
    match stock.count(asked(&uri, name)).await {
        Ok(pieces) => (StatusCode::OK, pieces.into_inner().number.to_string()),
        Err(status) => refused(&status),
    }
}

/// How many there are, each time that the number changes.
async fn watch(State(mut stock): State<Stock>, Path(name): Path<String>, uri: Uri) -> Answer {
    let mut numbers = Vec::new();
    let watched = async {
        let mut pieces = stock.watch(asked(&uri, name)).await?.into_inner();
        while let Some(next) = pieces.message().await? {
            numbers.push(next.number.to_string());
        }
        Ok(())
    };
    match watched.await {
        Ok(()) => (StatusCode::OK, numbers.join(" ")),
        Err(status) => refused(&status),
    }
}

/// Orders one, if there are any: others work on it later.
async fn order(
    State((stock, broker)): State<(Stock, Arc<Option<Broker>>)>,
    path: Path<String>,
    uri: Uri,
) -> Answer {
    let Some(broker) = &*broker else {
        return (StatusCode::NOT_IMPLEMENTED, "there is no broker".to_owned());
    };
    let item = path.0.clone();
    let (status, pieces) = checkout(State(stock), path, uri).await;
    if status != StatusCode::OK {
        return (status, pieces);
    }
    match broker.order(&item).await {
        Ok(()) => (StatusCode::OK, pieces),
        Err(error) => (StatusCode::BAD_GATEWAY, error.to_string()),
    }
}

fn asked(uri: &Uri, name: String) -> Request<Item> {
    let mut request = Request::new(Item { name });
    if let Some(within) = parameter(uri, "within").and_then(|within| within.parse().ok()) {
        request.set_timeout(Duration::from_millis(within));
    }
    request
}

fn refused(status: &Status) -> Answer {
    let answer = match status.code() {
        Code::NotFound => StatusCode::NOT_FOUND,
        // Tonic calls it cancelled when a deadline passes here, and not at the other end.
        Code::DeadlineExceeded | Code::Cancelled => StatusCode::GATEWAY_TIMEOUT,
        _ => StatusCode::BAD_GATEWAY,
    };
    (answer, status.to_string())
}

fn parameter(uri: &Uri, name: &str) -> Option<String> {
    let url = reqwest::Url::parse("http://relay").ok()?.join(&uri.to_string()).ok()?;
    url.query_pairs().find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}
