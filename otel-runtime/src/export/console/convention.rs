//! What does a span do, in the words of OpenTelemetry's conventions?
//!
//! `POST /orders → 201`, `GET warehouse:8080/stock/7 → 404`, `grpc Stock/Get → OK`, `SELECT orders → 3 rows`,
//! `nats send orders ×200`. Attributes by older conventions are known, too.

use opentelemetry::trace::SpanKind;
use opentelemetry_sdk::trace::SpanData;

use crate::record::summary::text;

/// Attributes whose keys begin so tell what the label has said, or what only details are for.
const SAID: [&str; 17] = [
    "client.",
    "code.",
    "db.",
    "error.type",
    "exception.",
    "http.",
    "messaging.",
    "net.",
    "network.",
    "otel.",
    "peer.",
    "rpc.",
    "server.",
    "thread.",
    "traced.",
    "url.",
    "user_agent.",
];

/// A span's name with what it did and what came of it; not safe to print yet.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Label {
    pub(super) name: String,
    /// A status: spans with another one are not alike.
    pub(super) status: String,
    /// What only this span has: how many rows came back.
    pub(super) amount: String,
    /// The statement, which is worth a look if there is room.
    pub(super) statement: String,
}

/// Whether the label tells the attribute of this key, or only details do.
pub(super) fn is_said(key: &str) -> bool {
    SAID.iter().any(|said| key.starts_with(said))
}

pub(super) fn label(span: &SpanData) -> Label {
    [http, rpc, database, messaging]
        .into_iter()
        .find_map(|convention| convention(span))
        .unwrap_or_else(|| Label { name: span.name.to_string(), ..Label::default() })
}

fn http(span: &SpanData) -> Option<Label> {
    let method = first(span, ["http.request.method", "http.method"])?;
    let status = first(span, ["http.response.status_code", "http.status_code"]);
    let status = status.unwrap_or_default();
    let name = span.name.as_ref();
    // A name says of the path what may be said; one without is only a method.
    if name != method && name != "HTTP" && name != format!("HTTP {method}") {
        return Some(Label { name: name.to_owned(), status, ..Label::default() });
    }
    let method = first(span, ["http.request.method_original"]).unwrap_or(method);
    let (host, path) = if span.span_kind == SpanKind::Client {
        let full = first(span, ["url.full", "http.url"]).unwrap_or_default();
        let path = first(span, ["url.template"]).unwrap_or_else(|| path_of(&full).to_owned());
        (host(span), path)
    } else {
        let path = first(span, ["http.route", "url.path", "http.target"]).unwrap_or_default();
        (String::new(), path)
    };
    Some(Label { name: joined([method, host + &path]), status, ..Label::default() })
}

/// `warehouse:8080`; of a port that the scheme implies, nothing.
fn host(span: &SpanData) -> String {
    let host = first(span, ["server.address", "net.peer.name"]).unwrap_or_default();
    let port = first(span, ["server.port", "net.peer.port"]).unwrap_or_default();
    // An IPv6 address has colons of its own.
    let host = if host.contains(':') { format!("[{host}]") } else { host };
    if host.is_empty() || matches!(port.as_str(), "" | "80" | "443") {
        host
    } else {
        format!("{host}:{port}")
    }
}

/// The path of a URL, without its query.
fn path_of(url: &str) -> &str {
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = rest.find('/').map_or("", |at| &rest[at..]);
    path.split(['?', '#']).next().unwrap_or_default()
}

fn rpc(span: &SpanData) -> Option<Label> {
    let system = first(span, ["rpc.system.name", "rpc.system"])?;
    let (name, method) = (span.name.as_ref(), text(span, "rpc.method"));
    let full = match text(span, "rpc.service") {
        service if service.is_empty() => method,
        service => format!("{service}/{method}"),
    };
    let status = first(span, ["rpc.response.status_code"])
        .or_else(|| first(span, ["rpc.grpc.status_code"]).map(|code| grpc_code(&code).to_owned()));
    let name = if full.is_empty() || !(name.contains(&*full) || full.contains(name)) {
        name
    } else {
        without_package(&full)
    };
    let name = joined([system, name.to_owned()]);
    Some(Label { name, status: status.unwrap_or_default(), ..Label::default() })
}

/// `warehouse.v1.Stock/Get` is `Stock/Get`.
fn without_package(method: &str) -> &str {
    let service = method.find('/').unwrap_or(method.len());
    method[..service].rfind('.').map_or(method, |dot| &method[dot + 1..])
}

/// The codes of gRPC, which older conventions record as numbers.
fn grpc_code(number: &str) -> &str {
    const NAMES: [&str; 17] = [
        "OK",
        "CANCELLED",
        "UNKNOWN",
        "INVALID_ARGUMENT",
        "DEADLINE_EXCEEDED",
        "NOT_FOUND",
        "ALREADY_EXISTS",
        "PERMISSION_DENIED",
        "RESOURCE_EXHAUSTED",
        "FAILED_PRECONDITION",
        "ABORTED",
        "OUT_OF_RANGE",
        "UNIMPLEMENTED",
        "INTERNAL",
        "UNAVAILABLE",
        "DATA_LOSS",
        "UNAUTHENTICATED",
    ];
    number.parse().ok().and_then(|at: usize| NAMES.get(at).copied()).unwrap_or(number)
}

fn database(span: &SpanData) -> Option<Label> {
    let system = first(span, ["db.system.name", "db.system"])?;
    let name = span.name.as_ref();
    let summary = first(span, ["db.query.summary"]).unwrap_or_else(|| {
        let operation = first(span, ["db.operation.name", "db.operation"]);
        let collection = first(span, ["db.collection.name", "db.sql.table"]);
        joined([operation.unwrap_or_default(), collection.unwrap_or_default()])
    });
    let amount = match text(span, "db.response.returned_rows").as_str() {
        "" => String::new(),
        "1" => "1 row".to_owned(),
        rows => format!("{rows} rows"),
    };
    let statement = first(span, ["db.query.text", "db.statement"]).unwrap_or_default();
    let name = if summary.is_empty() || name.contains(&*summary) {
        name.to_owned()
    } else if name == system || summary.starts_with(name) {
        summary
    } else {
        format!("{name} · {summary}")
    };
    let statement = if name.contains(&*statement) { String::new() } else { statement };
    Some(Label { name, status: text(span, "db.response.status_code"), amount, statement })
}

fn messaging(span: &SpanData) -> Option<Label> {
    let system = first(span, ["messaging.system"])?;
    let batch = match text(span, "messaging.batch.message_count") {
        count if count.is_empty() => count,
        count => format!("×{count}"),
    };
    let name = joined([system, span.name.to_string(), batch]);
    Some(Label { name, ..Label::default() })
}

/// The text of the first of these attributes that is there.
fn first<const N: usize>(span: &SpanData, keys: [&str; N]) -> Option<String> {
    keys.into_iter().map(|key| text(span, key)).find(|text| !text.is_empty())
}

fn joined<const N: usize>(words: [String; N]) -> String {
    let mut words = Vec::from(words);
    words.retain(|word| !word.is_empty());
    words.join(" ")
}
